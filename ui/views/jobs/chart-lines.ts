import type { JobMetrics } from '../../api/contract.ts'

/** Lines of one chart: their common x, and for each line a value or null at each x. */
export interface Lines {
  readonly x: readonly number[]
  readonly values: readonly (readonly (number | null)[])[]
}

/** Lines whose points stand at different x, on all of them. */
export function onOneAxis(
  lines: readonly { readonly x: readonly number[]; readonly y: readonly (number | null)[] }[],
): Lines {
  const x = [...new Set(lines.flatMap((line) => line.x))].toSorted((one, other) => one - other)
  return {
    x,
    values: lines.map((line) => {
      const at = new Map(line.x.map((step, index) => [step, line.y[index] ?? null]))
      return x.map((step) => at.get(step) ?? null)
    }),
  }
}

/** Raw and smoothed loss, and that of validation, over the steps. */
export const lossLines = ({ steps, validations }: Pick<JobMetrics, 'steps' | 'validations'>): Lines =>
  onOneAxis([
    { x: steps.step, y: steps.loss },
    { x: steps.step, y: steps.smoothedLoss },
    { x: validations.step, y: validations.loss },
  ])

/** Vertical lines of the loss: what is kept, and what happened to the run. */
export function markersOf({
  best,
  earlyStop,
  resumes,
}: Pick<JobMetrics, 'best' | 'earlyStop' | 'resumes'>): readonly {
  readonly x: number
  readonly label: string
}[] {
  return [
    ...(best === null ? [] : [{ x: best.step, label: 'best' }]),
    ...(earlyStop === null ? [] : [{ x: earlyStop.step, label: 'stopped early' }]),
    ...resumes.filter((step) => step > 0).map((x) => ({ x, label: 'resumed' })),
  ]
}
