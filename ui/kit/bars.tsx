import { useState } from 'react'
import { Button } from './button.tsx'
import { formatCount, formatPercent, formatShort } from './format.ts'
import { PlainLine } from './plain-text.tsx'
import { Table } from './table.tsx'
import { Disclosure } from './texts.tsx'

interface Counted {
  readonly value: string
  readonly count: number
}

/** Counts with their share of the whole, the largest first as they come. */
export function BarList({
  caption,
  heading,
  rows,
  total,
  most = 12,
  onOpen,
}: {
  readonly caption: string
  /** Of the first column. */
  readonly heading: string
  readonly rows: readonly Counted[]
  readonly total: number
  /** Rows that are shown at first. */
  readonly most?: number
  /** Makes each value a button. */
  readonly onOpen?: (value: string) => void
}) {
  const [isWhole, setWhole] = useState(false)
  const largest = Math.max(1, ...rows.map(({ count }) => count))
  const shown = isWhole ? rows : rows.slice(0, most)
  return (
    <>
      <Table
        caption={caption}
        rows={shown}
        rowKey={({ value }, at) => `${at} ${value}`}
        columns={[
          {
            id: 'value',
            title: heading,
            isHeading: true,
            cell: ({ value }) =>
              onOpen === undefined ? (
                <PlainLine text={value} />
              ) : (
                <Button look="quiet" onClick={() => onOpen(value)}>
                  <PlainLine text={value} />
                </Button>
              ),
          },
          { id: 'count', title: 'Records', isNumber: true, cell: ({ count }) => formatCount(count) },
          {
            id: 'share',
            title: 'Share',
            isNumber: true,
            cell: ({ count }) => formatPercent(total === 0 ? NaN : count / total),
          },
          {
            id: 'bar',
            title: <span className="unseen">Bar</span>,
            cell: ({ count }) => (
              <span
                className="bar"
                aria-hidden="true"
                style={{ inlineSize: `${(100 * count) / largest}%` }}
              />
            ),
          },
        ]}
      />
      {rows.length > most && (
        <div className="actions">
          <Button look="quiet" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
            {isWhole ? `Show the first ${most}` : `Show all ${formatCount(rows.length)}`}
          </Button>
        </div>
      )}
    </>
  )
}

interface Bar {
  readonly from: number
  readonly to: number
  readonly count: number
}

/** How often which length occurs, with a line where something is cut, if it is among them. The numbers stand below as a table. */
export function Histogram({
  title,
  unit,
  bars,
  cut,
}: {
  readonly title: string
  /** Of the lower axis: `tokens`. */
  readonly unit: string
  readonly bars: readonly Bar[]
  readonly cut?: { readonly at: number; readonly label: string } | undefined
}) {
  const first = bars[0]
  const last = bars.at(-1)
  if (first === undefined || last === undefined) return null
  const largest = Math.max(1, ...bars.map(({ count }) => count))
  const place = cut === undefined || cut.at > last.to ? undefined : placeOf(cut.at, bars)
  return (
    <figure className="histogram">
      <figcaption>{title}</figcaption>
      <div className="histogram-plot" aria-hidden="true">
        <span className="histogram-most">{formatShort(largest)}</span>
        <div className="histogram-bars">
          {bars.map(({ from, to, count }, at) => (
            <span
              key={from}
              className="histogram-bar"
              data-beyond={(place !== undefined && at >= place * bars.length) || undefined}
              title={`${formatCount(from)} to ${formatCount(to)} ${unit}: ${formatCount(count)} records`}
            >
              <span style={{ blockSize: `${(100 * count) / largest}%` }} data-some={count > 0 || undefined} />
            </span>
          ))}
          {place !== undefined && cut !== undefined && (
            <span
              className="histogram-cut"
              style={{ insetInlineStart: `${100 * place}%` }}
              data-late={place > 0.6 || undefined}
            >
              <span>{cut.label}</span>
            </span>
          )}
        </div>
        <div className="histogram-axis">
          <span>{formatCount(first.from)}</span>
          <span>{unit}</span>
          <span>{formatCount(last.to)}</span>
        </div>
      </div>
      <Disclosure summary={`${title} as a table`}>
        <Table
          caption={title}
          rows={bars}
          rowKey={({ from }) => String(from)}
          columns={[
            {
              id: 'range',
              title: unit,
              isHeading: true,
              cell: ({ from, to }) => `${formatCount(from)} to ${formatCount(to)}`,
            },
            { id: 'count', title: 'records', isNumber: true, cell: ({ count }) => formatCount(count) },
          ]}
        />
      </Disclosure>
    </figure>
  )
}

/** Where a value lies among bars of one width each, from 0 to 1. */
function placeOf(value: number, bars: readonly Bar[]): number {
  const at = bars.findIndex(({ to }) => value <= to)
  const bar = bars[at]
  if (bar === undefined) return 1
  // Both ends belong to a bar.
  return (at + Math.max(0, value - bar.from + 1) / (bar.to - bar.from + 1)) / bars.length
}
