import type { DataEvent } from '../data/data-event.ts'
import type { TrainServiceEvent } from '../train/train-service.ts'

export type RunPhase = 'base' | 'check' | 'split' | 'tokens' | 'evaluate' | 'safety' | 'train' | 'report'

export type RunEvent =
  | { readonly type: 'phase'; readonly phase: RunPhase; readonly lines: readonly string[] }
  | {
      readonly type: 'progress'
      readonly phase: RunPhase
      readonly candidate?: string
      readonly done: number
      readonly total: number
    }
  | DataEvent
  | TrainServiceEvent

export interface RunServiceOptions {
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: ((event: RunEvent) => void) | undefined
  /** Do everything anew. */
  readonly force?: boolean | undefined
}
