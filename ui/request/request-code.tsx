import { CodeBlock } from '../kit/texts.tsx'
import { Tabs } from '../kit/tabs.tsx'
import { requestSource, type ModelRequest, type SourceKind } from './request-source.ts'

const kinds: readonly { readonly id: SourceKind; readonly label: string }[] = [
  { id: 'curl', label: 'curl' },
  { id: 'openai', label: 'openai' },
  { id: 'anthropic', label: 'anthropic' },
  { id: 'boto3', label: 'boto3' },
]

/** A request as code for each client, to copy. The key is the environment's. */
export function RequestCode({ request }: { readonly request: ModelRequest }) {
  return (
    <>
      <p className="muted">
        The code reads the key from <code>HONE_KEY</code>; Settings makes one.
      </p>
      <Tabs
        label="Clients"
        param="client"
        tabs={kinds.map(({ id, label }) => ({
          id,
          label,
          content: (
            <CodeBlock
              label={`The request with ${label}`}
              code={requestSource(id, request, location.origin)}
            />
          ),
        }))}
      />
    </>
  )
}
