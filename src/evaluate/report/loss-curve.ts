import { countText } from '../number-text.ts'
import { html, noHtml, type Html } from './html.ts'

/** One point of a training run; either loss may be missing at a step. Losses are in nats per trained token. */
interface LossPoint {
  readonly step: number
  readonly trainingLoss?: number | null
  readonly validationLoss?: number | null
}

export interface TrainingCurve {
  readonly points: readonly LossPoint[]
  /** The step whose adapter was kept. */
  readonly bestStep?: number
}

interface Point {
  readonly x: number
  readonly y: number
}

const size = { width: 720, height: 240, left: 44, right: 92, top: 14, bottom: 30 }
const mostPoints = 300

/** Training and validation loss over steps, the kept step marked; nothing when there is no finite point. */
export function lossSection({ points, bestStep }: TrainingCurve): Html {
  const training = seriesOf(points, ({ trainingLoss }) => trainingLoss)
  const validation = seriesOf(points, ({ validationLoss }) => validationLoss)
  const all = [...training, ...validation]
  if (all.length === 0) return noHtml
  const group = Math.ceil(training.length / mostPoints)
  const drawn = groupMeans(training, group)
  const lastStep = all.reduce((most, { x }) => Math.max(most, x), 1)
  const top = niceCeiling(all.reduce((most, { y }) => Math.max(most, y), 0))
  const x = (step: number): number => size.left + (step / lastStep) * (size.width - size.left - size.right)
  const y = (loss: number): number =>
    size.height - size.bottom - (loss / top) * (size.height - size.top - size.bottom)
  const path = (series: readonly Point[]): string =>
    series.map((point) => `${x(point.x).toFixed(1)},${y(point.y).toFixed(1)}`).join(' ')
  const best = validation.find((point) => point.x === bestStep)
  const caption = [
    'Loss in nats per trained token.',
    group > 1 ? `Each training point is the mean of ${countText(group)} steps.` : '',
    best === undefined ? '' : `The adapter of step ${countText(best.x)} was kept.`,
  ]
  return html`<h2>Training</h2>
    <figure>
      <div class="scroll" role="region" aria-label="Chart of the loss" tabindex="0">
        <svg
          viewBox="0 0 ${size.width} ${size.height}"
          role="img"
          aria-label="Training and validation loss by step"
        >
          ${ticks(top).map((loss) => html`<line class="grid" x1="${size.left}" x2="${size.width - size.right}" y1="${y(loss).toFixed(1)}" y2="${y(loss).toFixed(1)}" /><text x="${size.left - 6}" y="${(y(loss) + 4).toFixed(1)}" text-anchor="end">${String(Number(loss.toPrecision(3)))}</text>`)}
          <text x="${size.left}" y="${size.height - 8}">step 0</text>
          <text x="${x(lastStep).toFixed(1)}" y="${size.height - 8}" text-anchor="end">
            ${countText(lastStep)}
          </text>
          <polyline class="training" points="${path(drawn)}" />
          <polyline class="validation" points="${path(validation)}" />
          ${validation.length > 60 ? noHtml : validation.map((point) => html`<circle class="dot" cx="${x(point.x).toFixed(1)}" cy="${y(point.y).toFixed(1)}" r="2.5" />`)}
          ${best === undefined ? noHtml : html`<line class="best" x1="${x(best.x).toFixed(1)}" x2="${x(best.x).toFixed(1)}" y1="${size.top}" y2="${size.height - size.bottom}" /><text class="validation-name" x="${x(best.x).toFixed(1)}" y="${size.top - 3}" text-anchor="middle">best</text>`}
          ${seriesNames(drawn.at(-1), validation.at(-1), x, y)}
        </svg>
      </div>
      <figcaption>${caption.filter((text) => text !== '').join(' ')}</figcaption>
    </figure>`
}

/** Name and last value behind the end of each line, moved apart where they would touch. */
function seriesNames(
  training: Point | undefined,
  validation: Point | undefined,
  x: (step: number) => number,
  y: (loss: number) => number,
): Html[] {
  const ends = [
    { name: 'training', point: training },
    { name: 'validation', point: validation },
  ]
    .flatMap(({ name, point }) => (point === undefined ? [] : [{ name, point, at: y(point.y) + 4 }]))
    .toSorted((a, b) => a.at - b.at)
  const [upper, lower] = ends
  const shift = upper !== undefined && lower !== undefined ? Math.max(0, 13 - (lower.at - upper.at)) : 0
  return ends.map(
    ({ name, point, at }, order) =>
      html`<text
        class="${name}-name"
        x="${(x(point.x) + 7).toFixed(1)}"
        y="${(order === 0 ? at - shift : at).toFixed(1)}"
        >${name} ${point.y.toFixed(2)}</text
      >`,
  )
}

function seriesOf(
  points: readonly LossPoint[],
  lossOf: (point: LossPoint) => number | null | undefined,
): Point[] {
  return points
    .flatMap((point) => {
      const loss = lossOf(point)
      const finite = typeof loss === 'number' && Number.isFinite(loss) && Number.isFinite(point.step)
      return finite ? [{ x: point.step, y: Math.max(0, loss) }] : []
    })
    .toSorted((a, b) => a.x - b.x)
}

/** The mean of each group of neighbours, at the group's last step. */
function groupMeans(series: readonly Point[], group: number): Point[] {
  if (group <= 1) return [...series]
  return Array.from({ length: Math.ceil(series.length / group) }, (_, at) => {
    const part = series.slice(at * group, (at + 1) * group)
    return { x: part.at(-1)!.x, y: part.reduce((sum, { y }) => sum + y, 0) / part.length }
  })
}

/** The next of 1, 2, 2.5 or 5 times a power of ten. */
function niceCeiling(value: number): number {
  if (value <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 2.5, 5, 10].map((step) => step * power).find((step) => step >= value) ?? 10 * power
}

/** Four equal parts, or five where the top is 2.5 or 5 times a power of ten: round numbers both. */
function ticks(top: number): number[] {
  const parts = /^[25]/.test(top.toExponential()) && !top.toExponential().startsWith('2e') ? 5 : 4
  return Array.from({ length: parts + 1 }, (_, part) => (part * top) / parts)
}
