import { commonPrefixLength } from '../../lib/common-prefix.ts'
import type { ModelConfig } from '../arch/architecture.ts'
import { isLongSequence } from '../arch/position-inputs.ts'
import { usedRows } from './batch.ts'
import type { EncodedSequence } from './encoded-example.ts'

/**
 * Rows of one run. More rows take more memory, about 2 GB for a thousand of them on a base of 135 M weights, and compute
 * none faster: the matrix products are at their full speed by then. But each run computes the shared prefix again.
 */
export const rowsPerRun = 1280

// A longer prefix than the whole dataset's is used in whole steps of this, so that few shapes occur.
const prefixStep = 16

/** How many tokens of these sequences are computed once for all of them. */
export function sharedPrefix(sequences: readonly EncodedSequence[], datasetPrefix: number): number {
  // Every sequence keeps at least one token of its own.
  const limit = Math.min(...sequences.map(({ tokens }) => tokens.length)) - 1
  const common = commonPrefixLength(sequences.map(({ tokens }) => tokens))
  const stepped = Math.floor(common / prefixStep) * prefixStep
  return Math.max(0, Math.min(limit, Math.max(stepped, Math.min(common, datasetPrefix))))
}

/**
 * Cuts a batch so that no run has more than `rowsPerRun` rows, unless a single unit has (an example, or the two sequences of
 * a pair), nor sequences that are rotated differently.
 */
export function partsOf<Unit extends readonly EncodedSequence[]>(
  config: ModelConfig,
  units: readonly Unit[],
  prefixLength: number,
): Unit[][] {
  const isLong = (unit: Unit): boolean => unit.some(({ tokens }) => isLongSequence(config, tokens.length))
  const parts: Unit[][] = []
  let part: Unit[] = []
  for (const unit of units) {
    const [first] = part
    const isFull = usedRows([...part, unit].flat(), prefixLength) > rowsPerRun
    if (first !== undefined && (isFull || isLong(first) !== isLong(unit))) {
      parts.push(part)
      part = []
    }
    part.push(unit)
  }
  return part.length > 0 ? [...parts, part] : parts
}
