import type { Redaction } from '../../../api/client.ts'
import { useWork } from '../../../api/steps.ts'
import { Button } from '../../../kit/button.tsx'
import { Select, TextField } from '../../../kit/fields.tsx'
import { formatCount } from '../../../kit/format.ts'
import { Working } from '../../../kit/steps.tsx'
import { Table } from '../../../kit/table.tsx'
import { Disclosure, ErrorNote } from '../../../kit/texts.tsx'
import { WordDiff } from '../../../kit/word-diff.tsx'
import { navigate } from '../../../router/location.ts'
import { useSearchParam } from '../../../router/use-search-param.ts'
import { datasetPath } from '../dataset-path.ts'
import type { ShownPart } from './part.ts'

/** What would be taken out of the records: personal data and secrets. Changes by `redactDataset`. */
export function RedactionTab({ part }: { readonly part: ShownPart }) {
  const [policy, setPolicy] = useSearchParam('policy', 'default')
  const [country, setCountry] = useSearchParam('country')
  const [names, setNames] = useSearchParam('pseudonyms')
  const preview = useWork('redactDataset')
  const save = useWork('redactDataset', ['listDatasets', 'getDataset'])
  const request = (isSaved: boolean) => ({
    path: { id: part.dataset },
    body: {
      part: part.part,
      policy: policy as 'default' | 'hipaa-like' | 'secrets-only',
      save: isSaved,
      ...(/^[a-z]{2}$/i.test(country) ? { country: country.toUpperCase() } : {}),
      ...(names === '' ? {} : { pseudonyms: names as 'conversation' | 'file' }),
    },
  })
  const keep = (): void =>
    save.mutate(request(true), {
      onSuccess: ({ dataset }) => dataset !== null && navigate(datasetPath(dataset)),
    })
  const change = (set: (value: string) => void) => (value: string) => {
    set(value)
    preview.reset()
  }
  return (
    <>
      <p className="muted">
        Names, addresses, numbers and keys are looked for on this machine. You see each change first; this
        version stays as it is.
      </p>
      <div className="fields">
        <Select
          label="What is taken out"
          value={policy}
          onChange={change(setPolicy)}
          options={[
            { value: 'default', label: 'personal data and secrets' },
            { value: 'hipaa-like', label: 'all that HIPAA’s safe harbour names, as far as it is told' },
            { value: 'secrets-only', label: 'only secrets: keys and passwords' },
          ]}
        />
        <TextField
          label="Country"
          help="Two letters, for telephone numbers."
          maxLength={2}
          value={country}
          onChange={(event) => change(setCountry)(event.target.value)}
        />
        <Select
          label="In its place"
          value={names}
          onChange={change(setNames)}
          options={[
            { value: '', label: 'the kind: [EMAIL]' },
            { value: 'conversation', label: 'a stand-in, the same within a record' },
            { value: 'file', label: 'a stand-in, the same in all records' },
          ]}
        />
      </div>
      <div className="actions">
        <Button
          look={preview.data === undefined ? 'primary' : 'plain'}
          onClick={() => preview.mutate(request(false))}
          busy={preview.isPending ? 'Looking …' : undefined}
        >
          See what would be taken out
        </Button>
        {preview.data !== undefined && preview.data.changed > 0 && (
          <Button look="primary" onClick={keep} busy={save.isPending ? 'Keeping it …' : undefined}>
            Keep it as a new version
          </Button>
        )}
      </div>
      {preview.isPending && (
        <Working
          label={`Looking through ${formatCount(part.records)} records`}
          progress={preview.progress}
          onStop={preview.stop}
        />
      )}
      {save.isPending && <Working label="Writing the new version" progress={save.progress} />}
      {preview.error !== null && <ErrorNote error={preview.error} />}
      {save.error !== null && <ErrorNote error={save.error} />}
      {preview.data !== undefined && <Found redaction={preview.data} />}
    </>
  )
}

function Found({ redaction }: { readonly redaction: Redaction }) {
  const { kinds, changes, changed, records, limits, kept, dropped } = redaction
  const found = kinds.filter((kind) => kind.found > 0)
  const others = kinds.filter((kind) => kind.found === 0)
  return (
    <>
      <p className="facts">
        <span>
          {formatCount(changed)} of {formatCount(records)} records would change
        </span>
        {dropped > 0 && <span>{formatCount(dropped)} would be dropped</span>}
      </p>
      {found.length > 0 && (
        <Table
          caption="What was found"
          rows={found}
          rowKey={({ kind }) => kind}
          columns={[
            { id: 'kind', title: 'Kind', isHeading: true, cell: ({ title }) => title },
            { id: 'found', title: 'Found', isNumber: true, cell: (kind) => formatCount(kind.found) },
            { id: 'records', title: 'Records', isNumber: true, cell: (kind) => formatCount(kind.records) },
            { id: 'action', title: 'What happens', cell: ({ action }) => action },
            {
              id: 'misses',
              title: 'What it misses',
              cell: ({ misses }) => <p className="misses">{misses}</p>,
            },
          ]}
        />
      )}
      {changes.length > 0 && (
        <ol className="changes">
          {changes.map(({ line, runs }) => (
            <li key={line}>
              <p className="muted">line {formatCount(line)}</p>
              <WordDiff runs={runs} />
            </li>
          ))}
        </ol>
      )}
      {changed > changes.length && changes.length > 0 && (
        <p className="muted">
          The first {formatCount(changes.length)} of {formatCount(changed)} records are shown.
        </p>
      )}
      <Disclosure summary="What this cannot promise">
        <ul>
          {[...limits, ...kept].map((limit) => (
            <li key={limit}>{limit}</li>
          ))}
        </ul>
        {others.length > 0 && (
          <p className="muted">Looked for and not found: {others.map(({ title }) => title).join(', ')}.</p>
        )}
      </Disclosure>
    </>
  )
}
