import { useState } from 'react'
import { toApiError, type ApiError } from '../../../api/api-error.ts'
import { send } from '../../../api/client.ts'
import { useApi } from '../../../api/query.ts'
import { Button } from '../../../kit/button.tsx'
import { Select } from '../../../kit/fields.tsx'
import { formatBytes, formatCount } from '../../../kit/format.ts'
import { ErrorNote, KeyValues } from '../../../kit/texts.tsx'
import { useSearchParam } from '../../../router/use-search-param.ts'
import { saveResponse } from './save-response.ts'
import type { ShownPart } from './part.ts'

const files = ['jsonl', 'jsonl.gz', 'json', 'csv', 'tsv', 'parquet', 'xlsx'] as const

/** The part as a file in any form; what the form cannot hold is said before it is left out. Fetches `exportDataset`, `getFormats`. */
export function ExportTab({ part }: { readonly part: ShownPart }) {
  const [as, setAs] = useSearchParam('as', 'hone')
  const [file, setFile] = useSearchParam('file', 'jsonl')
  const [state, setState] = useState<'idle' | 'writing' | 'done'>('idle')
  const [received, setReceived] = useState(0)
  const [error, setError] = useState<ApiError>()
  const formats = useApi('getFormats', {}).data?.formats ?? []
  const format = formats.find(({ id }) => id === as)
  const isLossy = error?.code === 'E_DATA'
  const save = async (allowLoss: boolean): Promise<void> => {
    setState('writing')
    setReceived(0)
    setError(undefined)
    try {
      const kind = files.find((each) => each === file) ?? 'jsonl'
      const query = { part: part.part, as, file: kind, allowLoss: allowLoss ? 'true' : 'false' } as const
      const response = await send('exportDataset', { path: { id: part.dataset }, query }, '*/*')
      await saveResponse(response, `${part.dataset}-${part.part}.${kind}`, setReceived)
      setState('done')
    } catch (failure) {
      setState('idle')
      if (!(failure instanceof DOMException && failure.name === 'AbortError')) setError(toApiError(failure))
    }
  }
  const change = (set: (value: string) => void) => (value: string) => {
    set(value)
    setError(undefined)
    setState('idle')
  }
  return (
    <>
      <div className="fields">
        <Select
          label="Form of the records"
          value={as}
          onChange={change(setAs)}
          options={(formats.length === 0 ? [{ id: as }] : formats).map(({ id }) => ({
            value: id,
            label: id,
          }))}
        />
        <Select
          label="Kind of file"
          value={file}
          onChange={change(setFile)}
          options={files.map((kind) => ({ value: kind, label: `.${kind}` }))}
        />
      </div>
      {format !== undefined && (
        <KeyValues
          items={[
            ['Used by', format.usedBy.replaceAll('`', '')],
            ['A record', <code key="form">{format.form}</code>],
          ]}
        />
      )}
      <div className="actions">
        <Button
          look="primary"
          onClick={() => void save(false)}
          busy={state === 'writing' ? `Writing … ${received > 0 ? formatBytes(received) : ''}` : undefined}
        >
          Download {formatCount(part.records)} records
        </Button>
        <span className="muted" role="status">
          {state === 'done' ? `Done: ${formatBytes(received)}.` : ''}
        </span>
      </div>
      {error !== undefined && <ErrorNote error={error} />}
      {isLossy && (
        <div className="actions">
          <Button onClick={() => void save(true)}>Download without what is lost</Button>
          <span className="muted">What is said above is left out, and nothing else.</span>
        </div>
      )}
    </>
  )
}
