import { useEffect, useRef } from 'react'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { formatNumber } from './format.ts'

export interface ChartSeries {
  readonly label: string
  /** One for each x; null where there is none. */
  readonly values: readonly (number | null)[]
  /** `strong` the line that matters, `faint` what it was smoothed from, `second` and on to compare, `dots` for single points. */
  readonly look?: keyof typeof colours
}

export interface ChartProps {
  readonly title: string
  readonly xLabel: string
  readonly x: readonly number[]
  readonly series: readonly ChartSeries[]
  /** Vertical lines with a word: the best checkpoint, an early stop. */
  readonly markers?: readonly { readonly x: number; readonly label: string }[]
  readonly formatValue?: (value: number) => string
  /** Charts of the same key share their cursor. */
  readonly syncKey?: string
  readonly isLogarithmic?: boolean
  readonly height?: number
}

const colours = {
  strong: '--accent',
  faint: '--line-strong',
  second: '--second',
  third: '--third',
  dots: '--second',
  'strong-dashed': '--accent',
  'second-dashed': '--second',
  'third-dashed': '--third',
} as const

const powers = [1, 10, 100, 1e3, 1e4, 1e5, 1e6]

/** Drawn on a canvas, in the colours of the theme; what it shows is told by `Chart`. */
export default function ChartCanvas(props: ChartProps) {
  const frame = useRef<HTMLDivElement>(null)
  const plot = useRef<UPlot>(undefined)
  const { x, series, markers = [], height = 240, isLogarithmic = false } = props
  // What a plot cannot change once it is there.
  const shape = JSON.stringify([
    series.map(({ label, look }) => [label, look]),
    markers,
    height,
    isLogarithmic,
  ])
  const latest = useRef(props)
  useEffect(() => {
    latest.current = props
  })

  useEffect(() => {
    const element = frame.current
    if (element === null) return undefined
    const draw = (): void => {
      plot.current?.destroy()
      plot.current = new UPlot(optionsOf(latest.current, element), dataOf(latest.current), element)
    }
    draw()
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }))
    resized.observe(element)
    // A canvas does not follow the theme by itself.
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    scheme.addEventListener('change', draw)
    const themed = new MutationObserver(draw)
    themed.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => {
      resized.disconnect()
      themed.disconnect()
      scheme.removeEventListener('change', draw)
      plot.current?.destroy()
    }
  }, [shape, height])

  useEffect(() => {
    plot.current?.setData(dataOf({ x, series }))
  }, [x, series])

  return <div ref={frame} className="chart-canvas" style={{ minHeight: height }} aria-hidden="true" />
}

const dataOf = ({ x, series }: Pick<ChartProps, 'x' | 'series'>): UPlot.AlignedData =>
  [x, ...series.map(({ values }) => values)] as unknown as UPlot.AlignedData

/** No line goes through one point: after a first step nothing else would be seen. */
const isSinglePoint = (plot: UPlot, series: number): boolean =>
  Array.from(plot.data[series] ?? []).filter((value) => value !== null && value !== undefined).length === 1

function optionsOf(props: ChartProps, element: HTMLElement): UPlot.Options {
  const { series, xLabel, height = 240, formatValue = formatNumber, markers = [], syncKey } = props
  const style = getComputedStyle(element)
  const colour = (name: string): string => {
    // A custom property holds both themes; only a real property is computed.
    element.style.outlineColor = `var(${name})`
    const computed = style.outlineColor
    element.style.outlineColor = ''
    return computed
  }
  const font = `12px ${style.fontFamily}`
  const axis = {
    stroke: colour('--muted'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    font,
  }
  return {
    width: element.clientWidth,
    height,
    scales: { x: { time: false }, y: props.isLogarithmic === true ? { distr: 3 } : {} },
    axes: [
      // Steps are whole.
      { ...axis, size: 28, incrs: [1, 2, 5, 10].flatMap((by) => powers.map((power) => by * power)) },
      {
        ...axis,
        size: 64,
        values: (_, values) => values.map((value) => (value === null ? '' : formatValue(value))),
      },
    ],
    ...(syncKey === undefined ? {} : { cursor: { sync: { key: syncKey } } }),
    // As the line is drawn: two lines of one colour differ in it.
    legend: {
      markers: { dash: (plot, at) => ((plot.series[at]?.dash?.length ?? 0) > 0 ? 'dashed' : 'solid') },
    },
    series: [
      { label: xLabel, value: (_, value: number | null) => (value === null ? '–' : formatNumber(value, 6)) },
      ...series.map(({ label, look = 'strong' }) => ({
        label,
        stroke: colour(colours[look]),
        width: look === 'faint' ? 1 : 2,
        spanGaps: true,
        ...(look.endsWith('-dashed') ? { dash: [6, 4] } : {}),
        value: (_: UPlot, value: number | null) => (value === null ? '–' : formatValue(value)),
        points:
          look === 'dots'
            ? { show: true, size: 6, fill: colour('--second') }
            : { show: isSinglePoint, size: 6, fill: colour(colours[look]) },
      })),
    ],
    hooks: {
      draw: [
        (plot) => {
          const { ctx, bbox } = plot
          ctx.save()
          ctx.strokeStyle = ctx.fillStyle = colour('--muted')
          ctx.font = `${12 * devicePixelRatio}px ${style.fontFamily}`
          ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio])
          for (const marker of markers) {
            const left = plot.valToPos(marker.x, 'x', true)
            ctx.beginPath()
            ctx.moveTo(left, bbox.top)
            ctx.lineTo(left, bbox.top + bbox.height)
            ctx.stroke()
            ctx.textAlign = left > bbox.left + bbox.width / 2 ? 'right' : 'left'
            const aside = ctx.textAlign === 'left' ? 4 : -4
            ctx.fillText(marker.label, left + aside * devicePixelRatio, bbox.top + 12 * devicePixelRatio)
          }
          ctx.restore()
        },
      ],
    },
  }
}
