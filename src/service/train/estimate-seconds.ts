import type { TrainingPlan } from '../../core/training-settings.ts'
import { matrixRate } from '../../engine/graph/matrix-rate.ts'

// Beside the products, a step normalises, masks and copies; measured on bases of 0.1 to 1 B weights.
const shareOfProducts = 0.6

/** How long a run will take on this machine, by what it computes and how fast matrices are multiplied here. */
export async function estimateSeconds(
  { operations }: Pick<TrainingPlan, 'operations'>,
  threads: number | undefined,
): Promise<number> {
  return operations / (shareOfProducts * (await matrixRate(threads === undefined ? {} : { threads })))
}
