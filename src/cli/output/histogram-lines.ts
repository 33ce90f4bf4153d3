import type { HistogramBar } from '../../service/data/data-stats.ts'
import { countText } from './number-text.ts'

const width = 40

/**
 * A histogram as lines, `from–to  ████  count`; with a limit the line that it falls into is followed by one that shows
 * where it cuts.
 */
export function histogramLines(bars: readonly HistogramBar[], limit?: number): string[] {
  const most = Math.max(1, ...bars.map(({ count }) => count))
  const names = bars.map(({ from, to }) =>
    from === to ? countText(from) : `${countText(from)}–${countText(to)}`,
  )
  const nameWidth = Math.max(0, ...names.map((name) => name.length))
  let isCutShown = limit === undefined
  const cutLine = `${'-'.repeat(nameWidth)}  ---- cut at ${countText(limit ?? 0)} ----`
  const lines: string[] = []
  for (const [at, { from, to, count }] of bars.entries()) {
    if (!isCutShown && limit !== undefined && from > limit) {
      lines.push(cutLine)
      isCutShown = true
    }
    const filled = Math.ceil((count / most) * width)
    const mark = limit !== undefined && to > limit ? '▒' : '█'
    lines.push(`${(names[at] ?? '').padStart(nameWidth)}  ${mark.repeat(filled)} ${countText(count)}`)
  }
  return lines
}
