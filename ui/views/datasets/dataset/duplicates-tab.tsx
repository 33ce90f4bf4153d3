import { useState } from 'react'
import type { Duplicates } from '../../../api/client.ts'
import { useApi } from '../../../api/query.ts'
import { useSteps, useWork } from '../../../api/steps.ts'
import { Button } from '../../../kit/button.tsx'
import { Select } from '../../../kit/fields.tsx'
import { formatCount, formatPercent } from '../../../kit/format.ts'
import { PlainLine } from '../../../kit/plain-text.tsx'
import { Stepped, Working } from '../../../kit/steps.tsx'
import { Badge, EmptyState, ErrorNote } from '../../../kit/texts.tsx'
import { navigate } from '../../../router/location.ts'
import { useSearchParam } from '../../../router/use-search-param.ts'
import { datasetPath } from '../dataset-path.ts'
import type { ShownPart } from './part.ts'

type Cluster = Duplicates['clusters'][number]

const shownAtOnce = 10

/** Records that are alike in clusters, also with another dataset. Fetches `findDuplicates`, `listExamples`; changes by `findDuplicates`. */
export function DuplicatesTab({ part }: { readonly part: ShownPart }) {
  const [near, setNear] = useSearchParam('near', '0.85')
  const [on, setOn] = useSearchParam('on', 'input')
  const [against, setAgainst] = useSearchParam('against')
  const datasets = useApi('listDatasets', {}).data?.datasets ?? []
  const others = datasets.flatMap(({ versions }) =>
    versions.slice(0, 1).flatMap(({ id, parts }) => parts.map(({ part: name }) => `${id}/${name}`)),
  )
  const request = {
    path: { id: part.dataset },
    body: {
      part: part.part,
      near: Number(near),
      on: on as 'input' | 'conversation' | 'answer',
      against: against === '' ? [] : [against],
    },
  } as const
  const steps = useSteps('findDuplicates', request)
  return (
    <>
      <div className="fields">
        <Select
          label="Alike"
          value={near}
          onChange={setNear}
          options={[
            { value: '1', label: 'only equal' },
            { value: '0.95', label: '95 % of the words' },
            { value: '0.85', label: '85 % of the words' },
            { value: '0.7', label: '70 % of the words' },
          ]}
        />
        <Select
          label="By"
          value={on}
          onChange={setOn}
          options={[
            { value: 'input', label: 'the question' },
            { value: 'conversation', label: 'the whole conversation' },
            { value: 'answer', label: 'the answer' },
          ]}
        />
        <Select
          label="Leaks from"
          help="Records that also occur in another dataset, such as a benchmark."
          value={against}
          onChange={setAgainst}
          options={[
            { value: '', label: 'no other dataset' },
            ...others
              .filter((id) => id !== `${part.dataset}/${part.part}`)
              .map((id) => ({ value: id, label: id })),
          ]}
        />
      </div>
      {against.endsWith('/test') && (
        <p className="muted">That part may be sealed: to compare with it is a look, and written down.</p>
      )}
      <Stepped steps={steps} label={`Comparing ${formatCount(part.records)} records`}>
        {(found) => <Found part={part} found={found} request={request} />}
      </Stepped>
    </>
  )
}

interface FoundProps {
  readonly part: ShownPart
  readonly found: Duplicates
  readonly request: { readonly path: { readonly id: string }; readonly body: object }
}

function Found({ part, found, request }: FoundProps) {
  const { dropped, kept, records, clusters, count, answersDiffer } = found
  const [most, setMost] = useState(shownAtOnce)
  const save = useWork('findDuplicates', ['listDatasets', 'getDataset'])
  const keep = (): void =>
    save.mutate(
      { ...request, body: { ...request.body, name: part.name } },
      { onSuccess: ({ made }) => made !== null && navigate(datasetPath(made)) },
    )
  if (count === 0) {
    return (
      <EmptyState title="No two records are alike.">
        {formatCount(records)} records were compared with each other.
      </EmptyState>
    )
  }
  return (
    <>
      <p className="facts">
        <span>{formatCount(count)} clusters</span>
        <span>{formatCount(dropped.exact)} equal</span>
        <span>{formatCount(dropped.near)} alike</span>
        <span>{formatCount(dropped.leaked)} leaked from the other dataset</span>
        <span>{formatCount(answersDiffer)} clusters answer differently</span>
      </p>
      <div className="actions">
        <Button look="primary" onClick={keep} busy={save.isPending ? 'Keeping it …' : undefined}>
          Keep one of each as a new version
        </Button>
        <span className="muted">
          {formatCount(kept)} of {formatCount(records)} records would stay.
        </span>
      </div>
      {save.isPending && <Working label="Writing what stays" progress={save.progress} onStop={save.stop} />}
      {save.error !== null && <ErrorNote error={save.error} />}
      <ul className="clusters">
        {clusters.slice(0, most).map((cluster, at) => (
          <ClusterView key={at} cluster={cluster} own={`${part.dataset}/${part.part}`} />
        ))}
      </ul>
      {most < clusters.length && (
        <div className="actions">
          <Button onClick={() => setMost(most + 20)}>Show more of {formatCount(clusters.length)}</Button>
        </div>
      )}
      {clusters.length < count && (
        <p className="muted">
          The first {formatCount(clusters.length)} of {formatCount(count)} clusters are here.
        </p>
      )}
    </>
  )
}

const shownMembers = 8

function ClusterView({ cluster, own }: { readonly cluster: Cluster; readonly own: string }) {
  const members = [
    ...cluster.kept.map((place) => ({
      ...place,
      what: 'stays',
      similarity: undefined as number | undefined,
    })),
    ...cluster.dropped.map(({ file, line, similarity, exact }) => ({
      file,
      line,
      what: exact ? 'equal' : `${formatPercent(similarity, 0)} alike`,
      similarity,
    })),
  ]
  const shown = members.slice(0, shownMembers)
  const texts = useTexts(
    own,
    shown.filter(({ file }) => file === own).map(({ line }) => line),
  )
  return (
    <li className="cluster">
      {cluster.answersDiffer && (
        <p>
          <Badge tone="warning">answers differ</Badge>
        </p>
      )}
      <ul>
        {shown.map(({ file, line, what }) => {
          const text = file === own ? texts.get(line) : undefined
          return (
            <li key={`${file} ${line}`} className="member">
              <span className="muted number">
                {file === own ? `line ${formatCount(line)}` : `${file}, line ${formatCount(line)}`}
              </span>
              <span className="muted">{what}</span>
              <span className="member-text">
                {text === undefined ? (
                  ''
                ) : (
                  <>
                    <PlainLine text={text.question} /> <span className="muted">→</span>{' '}
                    <PlainLine text={text.answer} />
                  </>
                )}
              </span>
            </li>
          )
        })}
      </ul>
      {members.length > shown.length && (
        <p className="muted">and {formatCount(members.length - shown.length)} more</p>
      )}
    </li>
  )
}

interface Texts {
  readonly question: string
  readonly answer: string
}

/** What the records at some lines say. */
function useTexts(place: string, lines: readonly number[]): ReadonlyMap<number, Texts> {
  const [id = '', part = ''] = place.split('/')
  const query = { part: part as ShownPart['part'], lines: lines.join(','), limit: shownMembers }
  const { data } = useApi('listExamples', { path: { id }, query }, { enabled: lines.length > 0 })
  return new Map(
    (data?.rows ?? []).map(({ line, example, text }) => [
      line,
      {
        question: example?.messages.findLast(({ role }) => role === 'user')?.content ?? text ?? '',
        answer: example?.messages.findLast(({ role }) => role === 'assistant')?.content ?? '',
      },
    ]),
  )
}
