import { useEffect, useRef } from 'react'
import type { ExampleRow, Finding } from '../../../api/client.ts'
import { useApi } from '../../../api/query.ts'
import { Button } from '../../../kit/button.tsx'
import { Fetched } from '../../../kit/fetched.tsx'
import { Select } from '../../../kit/fields.tsx'
import { formatCount } from '../../../kit/format.ts'
import { PlainText } from '../../../kit/plain-text.tsx'
import { Loading } from '../../../kit/texts.tsx'
import { useSearchParam } from '../../../router/use-search-param.ts'
import { Conversation } from './conversation.tsx'
import { FindingLine } from './finding-line.tsx'
import type { ShownPart } from './part.ts'
import { TokensView } from './tokens-view.tsx'

interface ExamplePanelProps {
  readonly part: ShownPart
  /** Undefined while it is on its way. */
  readonly row: ExampleRow | undefined
  /** Its place among those that fit the filter. */
  readonly index: number
  readonly count: number
  readonly findings: readonly Finding[]
  readonly onMove: (index: number) => void
  readonly onClose: () => void
}

/** One example: what was found at it, the conversation, and what training sees of it. Fetches `getExample`, `getTrainable`. */
export function ExamplePanel({ part, row, index, count, findings, onMove, onClose }: ExamplePanelProps) {
  const panel = useRef<HTMLElement>(null)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onClose()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [onClose])
  // Where the panel stands below the table, it comes into view.
  useEffect(() => {
    const { top = 0 } = panel.current?.getBoundingClientRect() ?? {}
    if (top > window.innerHeight * 0.7) panel.current?.scrollIntoView({ block: 'start' })
  }, [])
  return (
    <section className="panel" ref={panel} aria-label="The chosen example" tabIndex={0}>
      <header className="page-head">
        <h2>{row === undefined ? 'Example' : `Line ${formatCount(row.line)}`}</h2>
        <div className="actions">
          <Button look="quiet" disabled={index === 0} onClick={() => onMove(index - 1)}>
            Previous
          </Button>
          <Button look="quiet" disabled={index >= count - 1} onClick={() => onMove(index + 1)}>
            Next
          </Button>
          <Button look="quiet" onClick={onClose}>
            Close
          </Button>
        </div>
      </header>
      {row === undefined ? (
        <Loading what="the example" />
      ) : (
        <Whole key={row.row} part={part} row={row} findings={findings} />
      )}
    </section>
  )
}

function Whole({
  part,
  row,
  findings,
}: Pick<ExamplePanelProps, 'part' | 'findings'> & { readonly row: ExampleRow }) {
  const [base, setBase] = useSearchParam('base')
  const bases = useApi('getTrainable', {}).data?.bases.filter(({ isHere }) => isHere) ?? []
  const path = { id: part.dataset, row: String(row.row) }
  const whole = useApi('getExample', { path, query: { part: part.part } }, { enabled: row.isCut })
  const mask = useApi(
    'getExample',
    { path, query: { part: part.part, base } },
    { enabled: base !== '', keepPrevious: false },
  )
  const shown = whole.data?.row ?? row
  // Findings of the check come first; what reading itself found is among them.
  const found = findings.length > 0 ? findings : shown.findings
  return (
    <>
      {found.length > 0 && (
        <ul className="findings">
          {found.map((finding, at) => (
            <FindingLine key={at} finding={finding} />
          ))}
        </ul>
      )}
      {row.isCut && whole.data === undefined && <Loading what="the whole record" />}
      {shown.example === null ? (
        <PlainText text={shown.text ?? ''} />
      ) : (
        <Conversation example={shown.example} />
      )}
      {shown.example !== null && (
        <>
          <div className="fields">
            <Select
              label="As training sees it"
              help="Which tokens are learned, which are only read, and which are cut."
              value={base}
              onChange={setBase}
              options={[
                { value: '', label: bases.length === 0 ? 'no base is here yet' : 'choose a base' },
                ...bases.map(({ id }) => ({ value: id, label: id })),
              ]}
            />
          </div>
          {base !== '' && (
            <Fetched query={mask} what="its tokens">
              {({ mask: view }) => (view === null ? null : <TokensView mask={view} />)}
            </Fetched>
          )}
        </>
      )}
    </>
  )
}
