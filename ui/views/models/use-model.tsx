import type { ModelDetails } from '../../api/client.ts'
import { Table } from '../../kit/table.tsx'
import { RequestCode } from '../../request/request-code.tsx'

const apis = { hone: 'Hone', bedrock: 'Bedrock', openai: 'OpenAI', anthropic: 'Anthropic' } as const

/** What it is called in each API, with code that asks it. */
export function UseModel({ details }: { readonly details: ModelDetails }) {
  const { uses, model } = details
  const bedrock = uses.find(({ api, id }) => api === 'bedrock' && id !== null)?.id ?? undefined
  if (uses.length === 0) return <p className="muted">It can be asked when its training has come to an end.</p>
  return (
    <>
      <Table
        caption="Names in each API"
        rows={uses}
        rowKey={({ api, id }) => `${api} ${id}`}
        columns={[
          { id: 'api', title: 'API', isHeading: true, cell: ({ api }) => apis[api] },
          { id: 'id', title: 'Called', cell: ({ id }) => (id === null ? '–' : <code>{id}</code>) },
          { id: 'note', title: 'Note', cell: ({ note }) => note ?? '' },
        ]}
      />
      <RequestCode
        request={{
          model: model.id,
          bedrockId: bedrock,
          messages: [{ role: 'user', content: 'Hello' }],
          maxTokens: 64,
          temperature: 0,
        }}
      />
    </>
  )
}
