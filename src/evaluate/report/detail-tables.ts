import type { CandidateResult } from '../evaluation.ts'
import type { CodeRelations } from '../metrics/codes.ts'
import type { SectionResult } from '../metrics/section-form.ts'
import type { SpanResult } from '../metrics/span-overlap.ts'
import { countText, scoreText } from '../number-text.ts'
import { clipped } from '../shortened.ts'
import { html, noHtml, type Html } from './html.ts'
import { scrollBox } from './scroll-box.ts'

/**
 * What spans, codes and sections the challenger finds; nothing for other kinds of task.
 *
 * @param other the strongest other candidate
 */
export function recordSections(
  { spans, codes, sections }: CandidateResult,
  other: CandidateResult | undefined,
): Html {
  if (spans !== undefined) return spanSection(spans)
  if (sections !== undefined) {
    const { heads, lines } = sectionTable(sections, other)
    return table('By section', heads, lines)
  }
  return codes === undefined ? noHtml : codeSection(codes)
}

/** A dash for what cannot be measured. */
export const fractionText = (value: number | null): string =>
  value === null ? '–' : scoreText(value, 'fraction')

/** A line for each section of the task, beside those of another candidate. */
export function sectionTable(
  sections: readonly SectionResult[],
  other: CandidateResult | undefined,
): { readonly heads: readonly string[]; readonly lines: readonly (readonly string[])[] } {
  const others = new Map(other?.sections?.map((each) => [each.section, each]))
  return {
    heads: [
      'section',
      'answers with it',
      'empty',
      'twice',
      'same words',
      'token F1',
      ...(other === undefined ? [] : [`token F1 of ${clipped(other.title, 30)}`]),
    ],
    lines: sections.map(({ section, rows, found, empty, repeated, expected, same, tokenF1 }) => [
      clipped(section, 80),
      `${countText(found)} of ${countText(rows)}`,
      countText(empty),
      countText(repeated),
      `${countText(same)} of ${countText(expected)}`,
      fractionText(tokenF1),
      ...(other === undefined ? [] : [fractionText(others.get(section)?.tokenF1 ?? null)]),
    ]),
  }
}

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

const table = (title: string, heads: readonly string[], lines: readonly (readonly string[])[]): Html =>
  html`<h2>${title}</h2>
    ${dataTable(title, heads, lines)}`

/** A table of texts, or of numbers as texts; the first column names the lines. */
export function dataTable(
  name: string,
  heads: readonly string[],
  lines: readonly (readonly string[])[],
  { isText = false }: { readonly isText?: boolean } = {},
): Html {
  const kind = isText ? 'text' : 'number'
  return scrollBox(
    name,
    html`<table>
      <thead>
        <tr>
          ${heads.map((head, at) => (at === 0 ? html`<th scope="col">${head}</th>` : html`<th scope="col" class="${kind}">${head}</th>`))}
        </tr>
      </thead>
      <tbody>
        ${lines.map(
          ([first = '', ...cells]) =>
            html`<tr>
              <th scope="row">${first}</th>
              ${cells.map((cell) => (isText ? html`<td class="text" dir="auto">${cell}</td>` : html`<td class="number">${cell}</td>`))}
            </tr>`,
        )}
      </tbody>
    </table>`,
  )
}
