import { lazy, Suspense } from 'react'
import type { ChartProps } from './chart-canvas.tsx'
import { Disclosure } from './texts.tsx'
import { Table } from './table.tsx'
import { formatNumber } from './format.ts'

const Canvas = lazy(() => import('./chart-canvas.tsx'))

/** Rows of the text alternative. */
const shownRows = 50

/** Lines over one x, drawn when the chart's code is here; the same numbers stand below as a table. */
export function Chart(props: ChartProps) {
  const { title, xLabel, x, series, formatValue = formatNumber, height = 240 } = props
  const step = Math.max(1, Math.ceil(x.length / shownRows))
  const rows = x.map((_, at) => at).filter((at) => at % step === 0 || at === x.length - 1)
  return (
    <figure className="chart">
      <figcaption>{title}</figcaption>
      <Suspense
        fallback={
          <p className="muted" style={{ height }}>
            Reading the chart …
          </p>
        }
      >
        <Canvas {...props} />
      </Suspense>
      <Disclosure summary={`${title} as a table`}>
        <Table
          caption={step === 1 ? title : `${title}, every ${step}th point`}
          rows={rows}
          rowKey={String}
          columns={[
            {
              id: 'x',
              title: xLabel,
              isNumber: true,
              isHeading: true,
              cell: (at) => formatNumber(x[at] ?? NaN, 6),
            },
            ...series.map(({ label, values }) => ({
              id: label,
              title: label,
              isNumber: true,
              cell: (at: number) => {
                const value = values[at]
                return value === null || value === undefined ? '–' : formatValue(value)
              },
            })),
          ]}
        />
      </Disclosure>
    </figure>
  )
}
