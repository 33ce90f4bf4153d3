import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { formatCount } from './format.ts'
import type { Column } from './table.tsx'

interface VirtualTableProps<Row> {
  readonly caption: string
  readonly columns: readonly (Column<Row> & {
    /** Of CSS's `grid-template-columns`: `6rem`, `minmax(10rem, 2fr)`. */
    readonly width: string
  })[]
  /** How many rows there are, known or not. */
  readonly count: number
  /** A row that is here; undefined for one that is still on its way. */
  readonly row: (index: number) => Row | undefined
  /** Told which rows are seen, so that they can be fetched; both included. */
  readonly onRange?: (first: number, last: number) => void
  /** Enter or a click on a row. */
  readonly onOpen?: (row: Row, index: number) => void
  /** Marked as the one that is shown beside. */
  readonly selected?: number | undefined
  /** Pixels of a row; all have the same, and long texts are cut with an ellipsis. */
  readonly rowHeight?: number
  /** Pixels of the whole. */
  readonly height?: number
}

/** The browser draws nothing below 33 million pixels, so that beyond this many a scrolled pixel stands for several. */
const mostPixels = 15_000_000

/** As `kit.css` has it. */
const headHeight = 32

/** A table of any number of rows, of which only those that are seen are in the document. Arrow keys, Page, Home and End walk in it. */
export function VirtualTable<Row>({
  caption,
  columns,
  count,
  row,
  onRange,
  onOpen,
  selected,
  rowHeight = 32,
  height = 520,
}: VirtualTableProps<Row>) {
  const name = useId()
  const frame = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(selected ?? 0)
  const [offset, setOffset] = useState(0)
  // Where the rows are higher together than a browser draws, a scrolled pixel stands for several.
  const whole = count * rowHeight
  const drawn = Math.min(whole, mostPixels)
  const body = height - headHeight
  const scale = drawn < whole ? (whole - body) / (drawn - body) : 1
  const above = offset * scale
  const top = Math.min(Math.floor(above / rowHeight), Math.max(0, count - 1))
  const seen = Math.max(1, Math.floor(body / rowHeight))
  const first = Math.max(0, top - 8)
  const last = Math.min(count - 1, top + seen + 8)
  const indexes = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at)
  useEffect(() => {
    if (last >= first) onRange?.(first, last)
  }, [first, last, onRange])
  const template = columns.map(({ width }) => width).join(' ')

  const go = (to: number): void => {
    const next = Math.max(0, Math.min(count - 1, to))
    setActive(next)
    const element = frame.current
    if (element === null) return
    const start = next * rowHeight
    const end = start + rowHeight - body
    if (start < above) element.scrollTop = start / scale
    else if (end > above) element.scrollTop = end / scale
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + seen,
      PageUp: active - seen,
      Home: 0,
      End: count - 1,
    }
    const to = moves[event.key]
    if (to !== undefined) {
      event.preventDefault()
      go(to)
    } else if (event.key === 'Enter') {
      const opened = row(active)
      if (opened !== undefined) onOpen?.(opened, active)
    }
  }
  const cellOf = (column: Column<Row>, found: Row | undefined, index: number): ReactNode =>
    found === undefined ? <span className="waiting">…</span> : column.cell(found, index)

  return (
    <div
      className="virtual"
      role="grid"
      aria-label={`${caption}, ${formatCount(count)} rows`}
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
      aria-activedescendant={active >= first && active <= last ? `${name}-${active}` : undefined}
      ref={frame}
      style={{ height }}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onScroll={({ currentTarget }) => setOffset(currentTarget.scrollTop)}
    >
      <div className="virtual-head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
        {columns.map(({ id, title, isNumber }) => (
          <div key={id} role="columnheader" className={isNumber === true ? 'number' : undefined}>
            {title}
          </div>
        ))}
      </div>
      <div className="virtual-body" role="presentation" style={{ height: drawn }}>
        {indexes.map((index) => {
          const found = row(index)
          const place = offset + index * rowHeight - above
          return (
            <div
              key={index}
              id={`${name}-${index}`}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={index === (selected ?? active)}
              data-active={index === active || undefined}
              className={onOpen === undefined ? 'virtual-row' : 'virtual-row opens'}
              style={{
                gridTemplateColumns: template,
                height: rowHeight,
                transform: `translateY(${place}px)`,
              }}
              onClick={() => {
                setActive(index)
                if (found !== undefined) onOpen?.(found, index)
              }}
            >
              {columns.map((column) => (
                <div
                  key={column.id}
                  role="gridcell"
                  className={column.isNumber === true ? 'number' : undefined}
                >
                  {cellOf(column, found, index)}
                </div>
              ))}
            </div>
          )
        })}
      </div>
    </div>
  )
}
