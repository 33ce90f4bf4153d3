import type { PlacedExample } from '../../data/records/placed-example.ts'
import type { EvaluatedExample } from '../../evaluate/evaluation.ts'
import { evaluatedExample } from '../run/run-candidates.ts'

/** A row as the evaluation holds it, with what it belongs to. */
export const evaluatedRow = (example: PlacedExample): Omit<EvaluatedExample, 'read'> => ({
  ...evaluatedExample(example),
  ...(example.group === undefined ? {} : { group: example.group }),
})
