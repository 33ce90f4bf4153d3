import { useState } from 'react'
import type { Imported, Inspection, Upload } from '../../../api/client.ts'
import { useApi } from '../../../api/query.ts'
import { useWork } from '../../../api/steps.ts'
import { Button, ButtonLink } from '../../../kit/button.tsx'
import { Checkbox, Select, TextField } from '../../../kit/fields.tsx'
import { formatCount } from '../../../kit/format.ts'
import { Section } from '../../../kit/page.tsx'
import { PlainLine } from '../../../kit/plain-text.tsx'
import { Working } from '../../../kit/steps.tsx'
import { Table } from '../../../kit/table.tsx'
import { Disclosure, ErrorNote, KeyValues, Loading } from '../../../kit/texts.tsx'
import { navigate } from '../../../router/location.ts'
import { useSearchParam } from '../../../router/use-search-param.ts'
import { Conversation } from '../dataset/conversation.tsx'
import { datasetPath } from '../dataset-path.ts'
import { FindingLine } from '../dataset/finding-line.tsx'
import { forget } from '../upload/uploads.ts'
import { ColumnFields } from './column-fields.tsx'
import { columnMapText, guessColumns, nameFor, type ColumnChoice } from './column-map.ts'

/** What a file seems to be and why, what its columns mean, and the button that reads it. */
export function Inspected({ upload }: { readonly upload: Upload }) {
  const path = { id: upload.id }
  const [from, setFrom] = useSearchParam('from')
  const [sheet, setSheet] = useSearchParam('sheet')
  const [columns, setColumns] = useSearchParam('columns')
  const [others, setOthers] = useSearchParam('others', 'metadata')
  const body = { ...(from === '' ? {} : { from }), ...(sheet === '' ? {} : { sheet }) }
  const plain = useApi('inspectUpload', { path, body }, { keepPrevious: true })
  const formats = useApi('getFormats', {})

  const needsMap = plain.data?.needsMap ?? null
  const all = plain.data?.columns ?? []
  const choice = columns === '' ? (needsMap === null ? {} : guessColumns(all)) : readChoice(columns)
  const rest = others === 'metadata' ? all.filter((column) => !Object.values(choice).includes(column)) : []
  const map = columnMapText(choice, rest)
  const mapped = useApi(
    'inspectUpload',
    { path, body: { ...body, ...(map === undefined ? {} : { map }) } },
    { enabled: map !== undefined, keepPrevious: true },
  )
  const { data: shown, error } = map === undefined ? plain : mapped
  const choose = (next: ColumnChoice): void => setColumns(JSON.stringify(next))
  const isTable = needsMap !== null || /csv|tsv|excel|xlsx|parquet|delimited/i.test(plain.data?.kind ?? '')

  const columnFields = (
    <>
      <FirstRecord columns={all} values={plain.data?.firstValues ?? []} />
      <ColumnFields columns={all} choice={choice} onChange={choose} />
      <Checkbox
        label="Keep the other columns"
        help="as metadata of each record, for instance to split by patient or customer"
        checked={others === 'metadata'}
        onChange={(isKept) => setOthers(isKept ? 'metadata' : 'none')}
      />
    </>
  )
  return (
    <>
      <Section title="What it is">
        {plain.data === undefined && plain.error === null && <Loading what="the first records" />}
        {error !== null && <ErrorNote error={error} />}
        {plain.data !== undefined && <Detected inspection={shown ?? plain.data} />}
        <Disclosure summary="It is something else" open={from !== '' || sheet !== ''}>
          <div className="fields">
            <Select
              label="Form of the records"
              value={from}
              onChange={setFrom}
              options={[
                { value: '', label: 'told by each record' },
                ...(formats.data?.formats ?? []).map(({ id, usedBy }) => ({
                  value: id,
                  label: `${id} (${usedBy.replaceAll('`', '')})`,
                })),
              ]}
            />
            {/xlsx|excel/i.test(plain.data?.kind ?? '') && (
              <TextField
                label="Sheet"
                help="Left out: the first."
                value={sheet}
                onChange={(event) => setSheet(event.target.value)}
              />
            )}
          </div>
        </Disclosure>
      </Section>
      {needsMap !== null ? (
        <Section title="What the columns mean">
          <p>
            Which column is the question, and which the answer? Their names do not tell.
            {columns === '' &&
              Object.keys(choice).length > 0 &&
              ' What is filled in is a guess by their names.'}
          </p>
          {columnFields}
        </Section>
      ) : (
        isTable &&
        all.length > 0 && (
          <Disclosure summary="Say what the columns mean" open={columns !== ''}>
            {columnFields}
            {columns !== '' && (
              <div className="actions">
                <Button onClick={() => setColumns('')}>Read them by their names again</Button>
              </div>
            )}
          </Disclosure>
        )
      )}
      {shown !== undefined && shown.examples.length > 0 && (
        <Section title="How it will be read">
          <div className="samples">
            {shown.examples.slice(0, 3).map(({ line, example }) => (
              <Conversation key={line} example={example} heading={`Line ${formatCount(line)}`} />
            ))}
          </div>
        </Section>
      )}
      {shown !== undefined && (
        <ImportForm
          upload={upload}
          inspection={shown}
          reading={{ ...body, ...(map === undefined ? {} : { map }) }}
          isReady={needsMap === null || map !== undefined}
        />
      )}
    </>
  )
}

/** What stands in the columns, for whoever does not know the file by heart. */
function FirstRecord({
  columns,
  values,
}: {
  readonly columns: readonly string[]
  readonly values: readonly string[]
}) {
  return (
    <Table
      caption="The columns and what the first record has in them"
      rows={columns.slice(0, 30)}
      rowKey={(column) => column}
      columns={[
        { id: 'column', title: 'Column', isHeading: true, cell: (column) => <PlainLine text={column} /> },
        {
          id: 'value',
          title: 'In the first record',
          cell: (_, at) => <PlainLine text={values[at] ?? ''} />,
        },
      ]}
    />
  )
}

function readChoice(text: string): ColumnChoice {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

function Detected({ inspection }: { readonly inspection: Inspection }) {
  const { kind, formats, records, isWhole, refused, findings, notRead, notes, columns, needsMap } = inspection
  return (
    <>
      <KeyValues
        items={[
          ['File', kind],
          [
            'Records',
            formats.length === 0
              ? 'in no form that Hone knows: you say below what the columns mean'
              : formats.map(({ id, records: count, evidence }) => (
                  <p key={id}>
                    <strong>{id}</strong>, because of {evidence}
                    {formats.length > 1 ? ` (${formatCount(count)})` : ''}
                  </p>
                )),
          ],
          ...(columns.length === 0 || needsMap !== null
            ? []
            : [['Columns', columns.slice(0, 30).join(', ')] as const]),
          ...(records === 0
            ? []
            : [
                [
                  'Looked at',
                  `${isWhole ? 'all' : 'the first'} ${formatCount(records)} records; ${refused === 0 ? 'all can be read' : `${formatCount(refused)} cannot be read`}`,
                ] as const,
              ]),
          ...notes.map((note) => ['Note', note] as const),
          ...notRead.map(
            ({ what, records: count }) => ['Not read', `${what} (${formatCount(count)} records)`] as const,
          ),
        ]}
      />
      {findings.length > 0 && (
        <Disclosure summary={`${formatCount(findings.length)} findings in them`} open={refused > 0}>
          <ul className="findings">
            {findings.slice(0, 20).map((finding, at) => (
              <FindingLine key={at} finding={finding} withPlace />
            ))}
          </ul>
        </Disclosure>
      )}
    </>
  )
}

interface ImportFormProps {
  readonly upload: Upload
  readonly inspection: Inspection
  readonly reading: { readonly from?: string; readonly map?: string; readonly sheet?: string }
  readonly isReady: boolean
}

function ImportForm({ upload, inspection, reading, isReady }: ImportFormProps) {
  const [name, setName] = useState(() => nameFor(upload.name))
  const [allowLoss, setAllowLoss] = useState(false)
  const datasets = useApi('listDatasets', {})
  const work = useWork('importUpload', ['listDatasets', 'listUploads', 'getState'])
  const isTaken = datasets.data?.datasets.some((dataset) => dataset.name === name.trim()) === true
  const mayLose = inspection.refused > 0 || inspection.notRead.length > 0 || work.error !== null
  const start = (): void => {
    const body = { ...reading, name: name.trim(), allowLoss }
    const onSuccess = ({ dataset, refused }: Imported): void => {
      forget(upload.id)
      if (refused === 0) navigate(datasetPath(dataset, { tab: 'check' }))
    }
    work.mutate({ path: { id: upload.id }, body }, { onSuccess })
  }
  if (work.data !== undefined) {
    const { dataset, records, refused } = work.data
    return (
      <Section title="Read">
        <p>
          {formatCount(records)} records are in {dataset}; {formatCount(refused)} could not be read and were
          left out.
        </p>
        <div className="actions">
          <ButtonLink look="primary" href={datasetPath(dataset, { tab: 'check' })}>
            Check it
          </ButtonLink>
        </div>
      </Section>
    )
  }
  return (
    <Section title="Import">
      <div className="fields">
        <TextField
          label="Name of the dataset"
          value={name}
          onChange={(event) => setName(event.target.value)}
          help={
            isTaken ? 'There is one of this name: the file becomes its newest version.' : 'A new dataset.'
          }
        />
      </div>
      {mayLose && (
        <Checkbox
          label="Leave out what cannot be read"
          help="Otherwise nothing is imported, and every place is told."
          checked={allowLoss}
          onChange={setAllowLoss}
        />
      )}
      {work.error !== null && <ErrorNote error={work.error} />}
      {work.isPending && (
        <Working label={`Reading ${upload.name}`} progress={work.progress} onStop={work.stop} />
      )}
      <div className="actions">
        <Button
          look="primary"
          onClick={start}
          disabled={!isReady || name.trim() === ''}
          busy={work.isPending ? 'Importing …' : undefined}
        >
          Import
        </Button>
        {!isReady && <span className="muted">Say first which columns hold the question and the answer.</span>}
      </div>
    </Section>
  )
}
