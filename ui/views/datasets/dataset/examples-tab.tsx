import { useCallback, useMemo, useRef, useEffect } from 'react'
import type { ExamplePage, ExampleRow, Finding } from '../../../api/client.ts'
import { useSteps } from '../../../api/steps.ts'
import { useApi } from '../../../api/query.ts'
import { Button } from '../../../kit/button.tsx'
import { formatCount } from '../../../kit/format.ts'
import { PlainLine } from '../../../kit/plain-text.tsx'
import { Badge, EmptyState, ErrorNote, Loading } from '../../../kit/texts.tsx'
import { VirtualTable } from '../../../kit/virtual-table.tsx'
import { setSearchParams, useSearchParam } from '../../../router/use-search-param.ts'
import { useSlowParam } from '../../../router/use-slow-param.ts'
import { checkRequest, findingsByLine } from './check-request.ts'
import { ExamplePanel } from './example-panel.tsx'
import { noFilters, useExampleFilter } from './example-filter.ts'
import { ExampleFilters } from './example-filters.tsx'
import type { ShownPart } from './part.ts'
import { useExamplePages } from './use-example-pages.ts'

/** Above this the check is not made before somebody asks for it. */
const checkedAtOnce = 20_000

/** The records as a table of any length, filtered, and one of them beside it. Fetches `listExamples`, `getExample`, `checkDataset`. */
export function ExamplesTab({ part }: { readonly part: ShownPart }) {
  const [profile] = useSearchParam('for')
  const [offset] = useSearchParam('offset')
  const [at, setAt] = useSlowParam('at', '', 150)
  // Where nothing is said of the place, the chosen example is in view.
  const begin = useRef(Math.max(0, offset === '' ? Number(at) - 5 || 0 : Number(offset) || 0))
  const selected = at === '' ? undefined : Number(at)
  const filter = useExampleFilter()
  const filterKey = JSON.stringify(filter)
  const isFiltered = filterKey !== '{}'

  const pages = useExamplePages(part, filter, begin.current, selected)
  const { about, row, onRange, error, retry } = pages
  const count = about?.found ?? 0

  // The records come first, then what is found at them.
  const isChecked = part.records <= checkedAtOnce || filter.finding !== undefined
  const check = useSteps('checkDataset', checkRequest(part, profile), {
    enabled: isChecked && about !== undefined,
  })
  const byLine = useMemo(() => findingsByLine(check.query.data?.findings ?? []), [check.query.data])

  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const onTop = useCallback((top: number) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setSearchParams({ offset: top === 0 ? null : String(top) }), 400)
  }, [])
  // What is asked anew begins at its first record.
  const shownFilter = useRef(filterKey)
  if (shownFilter.current !== filterKey) {
    shownFilter.current = filterKey
    begin.current = 0
  }
  const profiles = useApi('getFormats', {}).data?.profiles ?? []

  const beside = useRef<HTMLDivElement>(null)
  const close = useCallback(() => {
    setAt('')
    beside.current?.querySelector<HTMLElement>('[role=grid]')?.focus()
  }, [setAt])
  const isOpen = selected !== undefined && Number.isInteger(selected) && selected >= 0
  const found = isOpen ? row(selected) : undefined
  return (
    <>
      <ExampleFilters
        part={part}
        labels={about?.labels ?? null}
        rules={check.query.data?.byRule ?? {}}
        profiles={profiles}
        findingsWait={!isChecked}
      />
      <p className="facts" role="status">
        {about === undefined ? (
          ''
        ) : (
          <span>
            {isFiltered
              ? `${about.more ? 'more than ' : ''}${formatCount(about.found)} of ${formatCount(about.records)} records`
              : `${formatCount(about.records)} records`}
          </span>
        )}
        {about?.labels !== null && about?.labels !== undefined && (
          <span>labels from {about.labels.from}</span>
        )}
        {check.query.isFetching && <span>checking …</span>}
        {about?.looks !== null && about?.looks !== undefined && (
          <span>sealed; looked at {formatCount(about.looks)} times</span>
        )}
      </p>
      {error !== undefined && <ErrorNote error={error} onRetry={retry} />}
      {check.query.error !== null && <ErrorNote error={check.query.error} />}
      {about === undefined && error === undefined && <Loading what="the examples" />}
      {about !== undefined && count === 0 && (
        <EmptyState
          title="No record fits."
          action={<Button onClick={() => setSearchParams(noFilters)}>Show all records</Button>}
        />
      )}
      {about !== undefined && count > 0 && (
        <div className="beside" ref={beside} data-open={isOpen || undefined}>
          <VirtualTable<ExampleRow>
            key={filterKey}
            caption={`Examples of ${part.name}`}
            count={count}
            row={row}
            onRange={onRange}
            onTop={onTop}
            start={begin.current}
            selected={isOpen ? selected : undefined}
            onOpen={(_, index) => setAt(String(index))}
            onActive={(index) => {
              if (isOpen) setAt(String(index))
            }}
            rowHeight={28}
            height="max(20rem, calc(100vh - 22.5rem))"
            minWidth={isOpen ? '24rem' : '38rem'}
            columns={columnsFor(about, isOpen, byLine)}
          />
          {isOpen && (
            <ExamplePanel
              part={part}
              row={found}
              index={selected}
              count={count}
              findings={byLine.get(found?.line ?? 0) ?? []}
              onMove={(next) => setAt(String(next))}
              onClose={close}
            />
          )}
        </div>
      )}
    </>
  )
}

type Columns = Parameters<typeof VirtualTable<ExampleRow>>[0]['columns']

function columnsFor(
  { records, labels }: ExamplePage,
  isNarrow: boolean,
  byLine: ReadonlyMap<number, readonly Finding[]>,
): Columns {
  const all: Columns = [
    {
      id: 'line',
      title: 'Line',
      width: `${0.6 * Math.max(5, formatCount(records).length)}rem`,
      isNumber: true,
      cell: ({ line }) => formatCount(line),
    },
    {
      id: 'question',
      title: 'Question',
      width: 'minmax(8rem, 3fr)',
      cell: (row) => <PlainLine text={textOf(row, 'user')} />,
    },
    {
      id: 'answer',
      title: 'Answer',
      width: isNarrow ? 'minmax(5rem, 1fr)' : 'minmax(6rem, 2fr)',
      cell: (row) => <PlainLine text={textOf(row, 'assistant')} />,
    },
    {
      id: 'label',
      title: 'Label',
      width: 'minmax(5rem, 1fr)',
      cell: ({ label }) => (label === null ? '' : <PlainLine text={label} />),
    },
    {
      id: 'characters',
      title: 'Characters',
      width: '6rem',
      isNumber: true,
      cell: ({ characters }) => formatCount(characters),
    },
    {
      id: 'findings',
      title: 'Findings',
      width: '6.5rem',
      cell: ({ line, example, isCut }) => (
        <FindingCount findings={byLine.get(line) ?? []} isRead={example !== null || isCut} />
      ),
    },
  ]
  const left = new Set(isNarrow ? ['label', 'characters'] : labels === null ? ['label'] : [])
  return all.filter(({ id }) => !left.has(id))
}

function FindingCount({
  findings,
  isRead,
}: {
  readonly findings: readonly Finding[]
  readonly isRead: boolean
}) {
  const worst = (['error', 'warning', 'note'] as const).find((severity) =>
    findings.some((finding) => finding.severity === severity),
  )
  if (worst === undefined) return isRead ? null : <Badge tone="wrong">not read</Badge>
  const tone = worst === 'error' ? 'wrong' : worst === 'warning' ? 'warning' : 'plain'
  return <Badge tone={tone}>{findings.length === 1 ? worst : `${worst} +${findings.length - 1}`}</Badge>
}

/** The last question, the last answer; of what cannot be read its text as it is written. */
function textOf({ example, text }: ExampleRow, role: 'user' | 'assistant'): string {
  if (example === null) return role === 'user' ? (text ?? '') : ''
  return example.messages.findLast((message) => message.role === role)?.content ?? ''
}
