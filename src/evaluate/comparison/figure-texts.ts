import type { MetricTexts } from '../metrics/metric.ts'
import type { FigureTexts } from './row-table.ts'

/** A metric as a figure of a table. */
export const figureTexts = ({ id, title, format, lowerIsBetter = false }: MetricTexts): FigureTexts => ({
  id,
  title,
  format,
  better: lowerIsBetter ? 'lower' : 'higher',
})
