import { Page } from '../../kit/page.tsx'
import { Tabs } from '../../kit/tabs.tsx'
import { AboutServer } from './about-server.tsx'

export default function Settings() {
  return (
    <Page title="Settings">
      <Tabs
        label="Settings"
        tabs={[{ id: 'server', label: 'About this server', content: <AboutServer /> }]}
      />
    </Page>
  )
}
