import type { RoundingEffect } from '../../core/arithmetic.ts'
import type { InferenceModel } from './inference-model.ts'
import { KeyValueCache } from './key-value-cache.ts'
import { likeliest, logProbabilityOf } from './sample-token.ts'

/** More than are rounded, so that a run of so many is computed in fp32. */
const blockRows = 64

/**
 * Compares the next tokens of a model that rounds runs of few rows with those of its own runs of many, which it does not.
 *
 * @param tokens at least 64; of more, as many as are a multiple of that
 * @param roundedRows the most rows of a run that is rounded, below 64
 */
export async function roundingEffect(
  model: InferenceModel,
  tokens: readonly number[],
  roundedRows: number,
): Promise<RoundingEffect> {
  const { vocabularySize } = model.config
  const advance = (rows: readonly number[], cache: KeyValueCache): Promise<Float32Array> =>
    model.advanceEach(rows, model.emptyPrefix, cache)
  const differences: number[] = []
  let same = 0
  for (let start = 0; start + blockRows <= tokens.length; start += blockRows) {
    const block = tokens.slice(start, start + blockRows)
    const all = await advance(block, new KeyValueCache(model.config, 1))
    const cache = new KeyValueCache(model.config, 1)
    for (let first = 0; first < blockRows; first += roundedRows) {
      const rows = block.slice(first, first + roundedRows)
      const some = await advance(rows, cache)
      for (const row of rows.keys()) {
        const exact = all.subarray((first + row) * vocabularySize, (first + row + 1) * vocabularySize)
        const rounded = some.subarray(row * vocabularySize, (row + 1) * vocabularySize)
        const token = likeliest(exact)
        if (likeliest(rounded) === token) same++
        differences.push(Math.abs(logProbabilityOf(token, exact) - logProbabilityOf(token, rounded)))
      }
    }
  }
  const count = differences.length
  if (count === 0) throw new Error(`${tokens.length} tokens are fewer than ${blockRows}`)
  return {
    tokens: count,
    sameToken: same / count,
    meanDifference: differences.reduce((sum, difference) => sum + difference, 0) / count,
    largestDifference: Math.max(...differences),
  }
}
