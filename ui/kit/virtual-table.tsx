import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { formatCount } from './format.ts'
import { reusedRows, rowWindow } from './row-window.ts'
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
  /** Told which rows are drawn, so that they can be fetched; both included. */
  readonly onRange?: (first: number, last: number) => void
  /** Told which row is the first that is seen, so that it can be kept in the address. */
  readonly onTop?: (index: number) => void
  /** Enter or a click on a row. */
  readonly onOpen?: (row: Row, index: number) => void
  /** Told which row the keyboard went to. */
  readonly onActive?: (index: number) => void
  /** Marked as the one that is shown beside. */
  readonly selected?: number | undefined
  /** The row that is the first to be seen when the table appears. */
  readonly start?: number
  /** Pixels of a row; all have the same, and long texts are cut with an ellipsis. */
  readonly rowHeight?: number
  /** Of the whole, as CSS has it: pixels, or `calc(100vh - 20rem)`. */
  readonly height?: number | string
  /** Of a row, where the place is narrower: the table then scrolls sideways by itself. */
  readonly minWidth?: string
}

/** Pixels of the row of titles, as `kit.css` has it. */
const headHeight = 32

/** A table of any number of rows, of which only those that are seen are in the document. Arrow keys, Page, Home and End walk in it. */
export function VirtualTable<Row>({
  caption,
  columns,
  count,
  row,
  onRange,
  onTop,
  onOpen,
  onActive,
  selected,
  start = 0,
  rowHeight = 32,
  height = 520,
  minWidth,
}: VirtualTableProps<Row>) {
  const frame = useRef<HTMLDivElement>(null)
  const id = useId()
  const [active, setActive] = useState(selected ?? start)
  const [inner, setInner] = useState(typeof height === 'number' ? height - headHeight : 488)
  // The rows above the first one that is to be seen are not asked for.
  const [scrolled, setScrolled] = useState(() =>
    rowWindow(count, rowHeight, { height: inner, scrolled: 0 }).scrollFor(Math.min(start, count - 1)),
  )
  const shown = rowWindow(count, rowHeight, { height: inner, scrolled })
  const { first, last, top, whole, place, scrollFor } = shown
  const indexes = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at)
  const reused = useRef({ first, last, shift: 0 })
  reused.current = reusedRows(reused.current, { first, last })
  const { shift } = reused.current
  useEffect(() => {
    if (last >= first) onRange?.(first, last)
  }, [first, last, onRange])
  useEffect(() => onTop?.(top), [top, onTop])
  useEffect(() => {
    const element = frame.current
    if (element === null) return undefined
    const measured = new ResizeObserver(() => setInner(Math.max(0, element.clientHeight - headHeight)))
    measured.observe(element)
    return () => measured.disconnect()
  }, [])
  // Once, when the rows are first known: afterwards the place is the visitor's.
  const isPlaced = useRef(false)
  useEffect(() => {
    if (isPlaced.current || count === 0 || frame.current === null) return
    isPlaced.current = true
    if (start > 0) frame.current.scrollTop = scrollFor(Math.min(start, count - 1))
  }, [count, start, scrollFor])
  const template = columns.map(({ width }) => width).join(' ')
  const rowStyle = { gridTemplateColumns: template, minWidth }

  const go = (to: number): void => {
    const next = Math.max(0, Math.min(count - 1, to))
    setActive(next)
    onActive?.(next)
    const element = frame.current
    if (element === null) return
    const above = place(next) - element.scrollTop
    if (above < 0) element.scrollTop = scrollFor(next)
    else if (above + rowHeight > inner) element.scrollTop = Math.ceil(scrollFor(next - whole + 1))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + whole,
      PageUp: active - whole,
      Home: 0,
      End: count - 1,
    }
    const to = moves[event.key]
    if (to !== undefined && event.target === event.currentTarget) {
      event.preventDefault()
      go(to)
    } else if (event.key === 'Enter' && event.target === event.currentTarget) {
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
      aria-activedescendant={active >= first && active <= last ? `${id}-${active}` : undefined}
      ref={frame}
      style={{ height }}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onScroll={({ currentTarget }) => setScrolled(currentTarget.scrollTop)}
    >
      <div className="virtual-head" role="row" aria-rowindex={1} style={rowStyle}>
        {columns.map(({ id: name, title, isNumber }) => (
          <div key={name} role="columnheader" className={isNumber === true ? 'number' : undefined}>
            {title}
          </div>
        ))}
      </div>
      <div className="virtual-body" role="presentation" style={{ height: shown.bodyHeight, minWidth }}>
        {indexes.map((index) => {
          const found = row(index)
          return (
            <div
              key={index - shift}
              id={`${id}-${index}`}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={index === selected}
              data-active={index === active || undefined}
              className={onOpen === undefined ? 'virtual-row' : 'virtual-row opens'}
              style={{ ...rowStyle, height: rowHeight, transform: `translateY(${place(index)}px)` }}
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
