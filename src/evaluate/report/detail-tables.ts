import type { CandidateResult } from '../evaluation.ts'
import type { ReliabilityBin } from '../metrics/calibration.ts'
import type { CodeRelations } from '../metrics/codes.ts'
import type { SpanResult } from '../metrics/span-overlap.ts'
import { countText, scoreText } from '../number-text.ts'
import { clipped } from '../shortened.ts'
import { html, noHtml, type Html } from './html.ts'

/** What spans and codes the challenger finds; nothing for other kinds of task. */
export function recordSections({ spans, codes }: CandidateResult): Html {
  if (spans !== undefined) return spanSection(spans)
  return codes === undefined ? noHtml : codeSection(codes)
}

/** How sure the model is of its likeliest label, and how often it is right then. */
export function reliabilitySection(bins: readonly ReliabilityBin[]): Html {
  return table(
    'How sure it is',
    ['probability of the likeliest label', 'rows', 'mean', 'right'],
    bins
      .filter(({ rows }) => rows > 0)
      .map(({ from, to, rows, confidence, accuracy }) => [
        `${scoreText(from, 'fraction')} to ${scoreText(to, 'fraction')}`,
        countText(rows),
        fractionText(confidence),
        fractionText(accuracy),
      ]),
  )
}

/** A dash for what cannot be measured. */
export const fractionText = (value: number | null): string =>
  value === null ? '–' : scoreText(value, 'fraction')

function spanSection(spans: readonly SpanResult[]): Html {
  return table(
    'By label',
    ['label', 'expected', 'answered', 'precision', 'recall', 'F1'],
    spans.map(({ label, expected, answered, precision, recall, f1 }) => [
      clipped(label, 80),
      countText(expected),
      countText(answered),
      fractionText(precision),
      fractionText(recall),
      fractionText(f1),
    ]),
  )
}

function codeSection({ relations, missing, extra }: CodeRelations): Html {
  const counts = [...Object.entries(relations), ['missing', missing], ['not expected', extra]] as const
  return table(
    'How the codes relate to the expected ones',
    ['answered code', 'codes'],
    counts.map(([name, count]) => [name, countText(count)]),
  )
}

function table(title: string, heads: readonly string[], lines: readonly (readonly string[])[]): Html {
  return html`<h2>${title}</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            ${heads.map((head, at) => (at === 0 ? html`<th>${head}</th>` : html`<th class="number">${head}</th>`))}
          </tr>
        </thead>
        <tbody>
          ${lines.map(
            ([name = '', ...cells]) =>
              html`<tr>
                <th scope="row">${name}</th>
                ${cells.map((cell) => html`<td class="number">${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`
}
