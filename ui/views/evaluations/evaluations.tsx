import { EmptyState } from '../../kit/texts.tsx'
import { Page } from '../../kit/page.tsx'

export default function Evaluations() {
  return (
    <Page title="Evaluations">
      <EmptyState title="This view is not built yet.">
        The command line does what it will do: hone --help
      </EmptyState>
    </Page>
  )
}
