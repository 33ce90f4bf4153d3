import { integer, sample, tuple, type Arbitrary } from 'fast-check'
import { operationErrors, type OperationCase } from './numeric-gradient.ts'

// Single precision has 1.2e-7; sums of a few dozen products stay well within this.
const tolerance = 5e-6

/**
 * Where an operation or its gradient differ from the reference, in words; over random shapes, the same ones in every run.
 *
 * @throws Error when there was nothing to compare
 */
export async function operationMismatches<Parameters>(
  shapes: Arbitrary<Parameters>,
  operation: (parameters: Parameters, seed: number) => OperationCase,
  runs = 12,
): Promise<string[]> {
  const mismatches: string[] = []
  let compared = 0
  const samples = sample(tuple(shapes, integer({ min: 1, max: 1000 })), { seed: 20_210_617, numRuns: runs })
  for (const [parameters, seed] of samples) {
    const { forward, gradients } = await operationErrors(operation(parameters, seed), seed)
    for (const [what, error] of Object.entries({ forward, ...gradients })) {
      compared += 1
      if (!(error < tolerance)) mismatches.push(`${what} ${error} at ${JSON.stringify(parameters)}`)
    }
  }
  if (compared < 2 * runs) throw new Error(`only ${compared} comparisons in ${runs} runs`)
  return mismatches
}

/** A size of a dimension; an empty one where `min` is 0. */
export const size = (min = 1, max = 4): Arbitrary<number> => integer({ min, max })
