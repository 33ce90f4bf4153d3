import { useId } from 'react'
import type { ModelList, Train, TrainableBases } from '../../api/client.ts'
import { useSteps } from '../../api/steps.ts'
import { Select } from '../../kit/fields.tsx'
import { formatBytes, formatCount, formatDuration, formatShort } from '../../kit/format.ts'
import { Table } from '../../kit/table.tsx'
import { setSearchParams } from '../../router/use-search-param.ts'

type Base = TrainableBases['bases'][number]

/** Which base learns, with what it would take on this machine, and which tuned model of it is trained on. */
export function BaseChoice({
  choices: { bases, machineBytes },
  models,
  chosen,
  from,
  body,
}: {
  readonly choices: TrainableBases
  readonly models: ModelList | undefined
  readonly chosen: string
  readonly from: string
  readonly body: Train
}) {
  const group = useId()
  const tuned = (models?.models ?? []).filter((model) => model.kind === 'tuned' && model.base === chosen)
  // Another base does not go on with a model of this one.
  const { from: _from, ...others } = body
  const bodyOf = (id: string): Train => (id === chosen ? body : { ...others, base: id })
  return (
    <>
      <Table
        caption="Bases that can be trained"
        rows={bases}
        rowKey={({ id }) => id}
        columns={[
          {
            id: 'base',
            title: 'Base',
            isHeading: true,
            cell: (base) => (
              <label className="base-name">
                <input
                  type="radio"
                  name={group}
                  checked={base.id === chosen}
                  onChange={() => setSearchParams({ base: base.id, from: null }, { push: true })}
                />
                <span>{base.id}</span>
                <small className="muted">{factsOf(base)}</small>
              </label>
            ),
          },
          {
            id: 'time',
            title: 'Time',
            isNumber: true,
            cell: (base) => <Cost base={base} body={bodyOf(base.id)} shown="time" />,
          },
          {
            id: 'memory',
            title: `Memory of ${formatBytes(machineBytes)}`,
            isNumber: true,
            cell: (base) => <Cost base={base} body={bodyOf(base.id)} shown="memory" />,
          },
        ]}
      />
      {(tuned.length > 0 || from !== '') && (
        <Select
          label="Start from"
          value={from}
          options={[
            { value: '', label: `${chosen} as it is` },
            ...tuned.map(({ id }) => ({ value: id, label: `${id}, whose training goes on` })),
            ...(from !== '' && !tuned.some(({ id }) => id === from) ? [{ value: from, label: from }] : []),
          ]}
          onChange={(id) => setSearchParams({ from: id === '' ? null : id }, { push: true })}
        />
      )}
    </>
  )
}

/** `134.5M weights · 8,192 tokens · Apache-2.0`, as far as it is known. */
const factsOf = ({ parameters, contextLength, licence }: Base): string =>
  [
    parameters === null ? '' : `${formatShort(parameters)} weights`,
    contextLength === null ? '' : `${formatCount(contextLength)} tokens`,
    licence ?? '',
  ]
    .filter(Boolean)
    .join(' · ')

/** From the plan for this base; two cells ask once. */
function Cost({
  base,
  body,
  shown,
}: {
  readonly base: Base
  readonly body: Train
  readonly shown: 'time' | 'memory'
}) {
  const { query } = useSteps('planTraining', { body }, { enabled: base.isHere && body.dataset !== '' })
  if (!base.isHere) return shown === 'time' ? <>{formatBytes(base.bytes)} to fetch</> : <>–</>
  if (query.data !== undefined) {
    const { seconds, peakBytes } = query.data
    return <>{shown === 'time' ? `about ${formatDuration(seconds * 1000)}` : formatBytes(peakBytes)}</>
  }
  if (query.error !== null) {
    if (shown === 'time') return <>–</>
    return <>{query.error.code === 'E_MEMORY' ? 'does not fit' : '–'}</>
  }
  return <span className="muted">{query.isFetching ? 'planning …' : '–'}</span>
}
