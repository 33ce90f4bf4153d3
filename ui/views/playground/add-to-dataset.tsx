import { useState } from 'react'
import type { Message } from '../../api/client.ts'
import { useApi, useChange } from '../../api/query.ts'
import { Button } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Select, TextArea, TextField } from '../../kit/fields.tsx'
import { formatCount } from '../../kit/format.ts'
import { ErrorNote } from '../../kit/texts.tsx'
import { Link } from '../../router/link.tsx'

const begin = ' '

/** Keeps a conversation with the answer as it should be, as a new version of a dataset. Changes by `addExample`. */
export function AddToDataset({
  messages,
  answer,
  onClose,
}: {
  readonly messages: readonly Message[]
  readonly answer: string
  readonly onClose: () => void
}) {
  const [text, setText] = useState(answer)
  const datasets = useApi('listDatasets', {})
  const names = datasets.data?.datasets ?? []
  const [chosen, choose] = useState<string>()
  const [name, setName] = useState('')
  const add = useChange('addExample', ['listDatasets', 'getDataset', 'listExamples'])
  // A version with parts is a split, whose test part stays as it is sealed.
  const plain = names.filter(
    ({ versions }) => versions[0]?.parts.every(({ part }) => part === 'records') === true,
  )
  const dataset = chosen ?? plain[0]?.name ?? begin
  const id = dataset === begin ? name.trim() : dataset
  const made = add.data
  return (
    <Dialog
      open
      onClose={onClose}
      title="Add to a dataset"
      wide
      closeLabel={made === undefined ? 'Cancel' : 'Close'}
      actions={
        made === undefined && (
          <Button
            look="primary"
            disabled={id === '' || text.trim() === ''}
            busy={add.isPending ? 'Adding …' : undefined}
            onClick={() =>
              add.mutate({
                path: { id },
                body: { messages: [...messages, { role: 'assistant', content: text }] },
              })
            }
          >
            Add the example
          </Button>
        )
      }
    >
      {made !== undefined ? (
        <p role="status">
          Added: <Link href={`/datasets/${encodeURIComponent(made.id)}`}>{made.id}</Link> has{' '}
          {formatCount(made.parts.reduce((sum, { records }) => sum + records, 0))} records. The version before
          it stays as it was.
        </p>
      ) : (
        <>
          <ol className="turns">
            {messages.map(({ role, content }, at) => (
              <li key={at}>
                <span className="muted">{role}</span>
                <p className="plain-text" dir="auto">
                  {content}
                </p>
              </li>
            ))}
          </ol>
          <TextArea
            label="The answer as it should be"
            rows={6}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
          <Select
            label="Dataset"
            value={dataset}
            options={[
              ...plain.map(({ name: each }) => ({ value: each, label: each })),
              { value: begin, label: 'a new one' },
            ]}
            help="The example makes a new version; splits are made again from it."
            onChange={choose}
          />
          {dataset === begin && (
            <TextField
              label="Its name"
              value={name}
              placeholder="corrections"
              onChange={({ target }) => setName(target.value)}
            />
          )}
          {add.error !== null && <ErrorNote error={add.error} />}
        </>
      )}
    </Dialog>
  )
}
