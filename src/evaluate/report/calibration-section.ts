import type { ReliabilityBin } from '../metrics/calibration.ts'
import { countText, plural, scoreText } from '../number-text.ts'
import { defaultConfidence } from '../statistics/interval.ts'
import { wilsonInterval } from '../statistics/wilson-interval.ts'
import { dataTable, fractionText } from './detail-tables.ts'
import { html, noHtml, type Html } from './html.ts'

const side = 280
const margin = { left: 44, bottom: 40, top: 12, right: 14 }

/** How sure the model is of its likeliest label, and how often it is right then: the reliability diagram and its numbers. */
export function calibrationSection(bins: readonly ReliabilityBin[]): Html {
  const filled = bins.filter(
    (bin): bin is FilledBin => bin.rows > 0 && bin.confidence !== null && bin.accuracy !== null,
  )
  const rows = filled.reduce((sum, bin) => sum + bin.rows, 0)
  if (rows === 0) return noHtml
  const error = filled.reduce(
    (sum, bin) => sum + (bin.rows / rows) * Math.abs(bin.confidence - bin.accuracy),
    0,
  )
  return html`<h2>How sure it is <small>calibration error ${scoreText(error, 'fraction')}</small></h2>
    <div class="beside">
      <figure class="square">${diagram(filled, error)}</figure>
      <div>
        ${dataTable(
          'probability of the likeliest label',
          ['probability of the likeliest label', 'rows', 'mean', 'right'],
          filled.map((bin) => [
            `${scoreText(bin.from, 'fraction')} to ${scoreText(bin.to, 'fraction')}`,
            countText(bin.rows),
            fractionText(bin.confidence),
            fractionText(bin.accuracy),
          ]),
        )}
        <p class="note">
          Points on the diagonal are as often right as the model is sure; below it, it is too sure. Vertical
          lines are intervals of the share of right rows.
        </p>
      </div>
    </div>`
}

type FilledBin = ReliabilityBin & { readonly confidence: number; readonly accuracy: number }

function diagram(bins: readonly FilledBin[], error: number): Html {
  const x = (value: number): number => margin.left + value * (side - margin.left - margin.right)
  const y = (value: number): number => side - margin.bottom - value * (side - margin.bottom - margin.top)
  const most = Math.max(...bins.map(({ rows }) => rows))
  const parts = [0, 0.25, 0.5, 0.75, 1]
  const name = `Reliability diagram: calibration error ${scoreText(error, 'fraction')}, ${plural(bins.length, 'bin')}`
  return html`<svg viewBox="0 0 ${side} ${side}" role="img" aria-label="${name}">
    ${parts.map((part) => html`<line class="grid" x1="${x(0).toFixed(1)}" x2="${x(1).toFixed(1)}" y1="${y(part).toFixed(1)}" y2="${y(part).toFixed(1)}" /><text x="${(x(0) - 6).toFixed(1)}" y="${(y(part) + 4).toFixed(1)}" text-anchor="end">${part}</text><text x="${x(part).toFixed(1)}" y="${side - margin.bottom + 16}" text-anchor="middle">${part}</text>`)}
    <line
      class="best"
      x1="${x(0).toFixed(1)}"
      x2="${x(1).toFixed(1)}"
      y1="${y(0).toFixed(1)}"
      y2="${y(1).toFixed(1)}"
    />
    ${bins.map(({ rows, confidence, accuracy }) => {
      const { lower, upper } = wilsonInterval(Math.round(accuracy * rows), rows, defaultConfidence)
      const at = x(confidence).toFixed(1)
      return html`<line
          class="reach"
          x1="${at}"
          x2="${at}"
          y1="${y(lower).toFixed(1)}"
          y2="${y(upper).toFixed(1)}"
        /><circle
          class="dot"
          cx="${at}"
          cy="${y(accuracy).toFixed(1)}"
          r="${(2.5 + 4.5 * Math.sqrt(rows / most)).toFixed(1)}"
        />`
    })}
    <text x="${x(1).toFixed(1)}" y="${side - 6}" text-anchor="end">probability →</text>
    <text x="4" y="${margin.top}">right</text>
  </svg>`
}
