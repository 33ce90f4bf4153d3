import type { ScheduleKind } from '../../core/training-settings.ts'

export interface Schedule {
  readonly kind: ScheduleKind
  /** Highest learning rate, reached after the warm-up. */
  readonly peak: number
  /** Steps during which the rate rises from 0. */
  readonly warmup: number
  /** Optimizer steps of the whole run. */
  readonly steps: number
}

/** Learning rate of an optimizer step, counted from 0, by the formulas of `transformers.get_scheduler`. */
export function learningRateAt(step: number, { kind, peak, warmup, steps }: Schedule): number {
  if (step < warmup) return (peak * step) / Math.max(1, warmup)
  const progress = (step - warmup) / Math.max(1, steps - warmup)
  if (kind === 'constant') return peak
  return peak * Math.max(0, kind === 'linear' ? 1 - progress : 0.5 * (1 + Math.cos(Math.PI * progress)))
}
