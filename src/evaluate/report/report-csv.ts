import type { CandidateRow, Evaluation } from '../evaluation.ts'

/** Columns of a candidate behind its id. */
const columns: readonly (readonly [string, (row: CandidateRow) => string | number | undefined])[] = [
  ['answer', ({ answer }) => answer],
  ['right', ({ correct }) => (correct ? 1 : 0)],
  ['problem', ({ unreadable, failed }) => failed?.message ?? unreadable],
  // 0 stands for an answer whose tokens nobody counted.
  ['prompt tokens', ({ promptTokens }) => promptTokens || undefined],
  [
    'completion tokens',
    ({ promptTokens, completionTokens }) => (promptTokens === 0 ? undefined : completionTokens),
  ],
  ['latency ms', ({ latencyMs }) => latencyMs?.toFixed(1)],
]

/**
 * The rows as CSV (RFC 4180) in pieces: one line a row, with what each candidate answered. A text that a spreadsheet would
 * take for a formula gets an apostrophe before it.
 */
export function* reportCsv({ examples, candidates }: Evaluation): Generator<string> {
  const heads = candidates.flatMap(({ id }) => columns.map(([name]) => `${id} ${name}`))
  yield line(['id', 'input', 'expected', ...heads])
  for (const [at, { id, input, expected }] of examples.entries()) {
    const cells = candidates.flatMap(({ rows }) => columns.map(([, of]) => of(rows[at]!) ?? ''))
    yield line([id, input, expected, ...cells])
  }
}

const line = (cells: readonly (string | number)[]): string => `${cells.map(cell).join(',')}\r\n`

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const text = /^[=+\-@\t\r]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
