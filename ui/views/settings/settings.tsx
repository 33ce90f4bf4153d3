import { Page } from '../../kit/page.tsx'
import { Tabs } from '../../kit/tabs.tsx'
import { AboutServer } from './about-server.tsx'
import { AuditLog } from './audit-log.tsx'
import { Keys } from './keys.tsx'

export default function Settings() {
  return (
    <Page title="Settings">
      <Tabs
        label="Settings"
        tabs={[
          { id: 'server', label: 'About this server', content: <AboutServer /> },
          { id: 'keys', label: 'Keys', content: <Keys /> },
          { id: 'audit', label: 'Audit log', content: <AuditLog /> },
        ]}
      />
    </Page>
  )
}
