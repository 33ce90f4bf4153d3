import type { CandidateResult, Evaluation } from './evaluation.ts'

/**
 * The evaluation as JSON in pieces, a row a line: with many rows it is longer than a string should be.
 *
 * @example
 * for (const chunk of evaluationChunks(evaluation)) await writer.write(Buffer.from(chunk))
 */
export function* evaluationChunks(evaluation: Evaluation): Generator<string> {
  yield* objectChunks({ ...evaluation }, (key, value) => {
    if (key === 'examples') return listChunks(evaluation.examples)
    return key === 'candidates' ? nestedChunks(value as readonly CandidateResult[]) : undefined
  })
  yield '\n'
}

function* nestedChunks(candidates: readonly CandidateResult[]): Generator<string> {
  yield '['
  for (const [at, candidate] of candidates.entries()) {
    yield at === 0 ? '\n' : ',\n'
    yield* objectChunks({ ...candidate }, (key) => (key === 'rows' ? listChunks(candidate.rows) : undefined))
  }
  yield ']'
}

/** @param written the members that are written in pieces of their own */
function* objectChunks(
  members: Readonly<Record<string, unknown>>,
  written: (key: string, value: unknown) => Generator<string> | undefined,
): Generator<string> {
  let isFirst = true
  for (const [key, value] of Object.entries(members)) {
    if (value === undefined) continue
    yield `${isFirst ? '{' : ','}\n${JSON.stringify(key)}: `
    isFirst = false
    const chunks = written(key, value)
    if (chunks === undefined) yield JSON.stringify(value)
    else yield* chunks
  }
  yield isFirst ? '{}' : '\n}'
}

/** So many rows are one piece. */
const rowsAtOnce = 500

function* listChunks(rows: readonly object[]): Generator<string> {
  yield '['
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const lines = rows.slice(from, from + rowsAtOnce).map((row) => JSON.stringify(row))
    yield `${from === 0 ? '' : ','}\n${lines.join(',\n')}`
  }
  yield '\n]'
}
