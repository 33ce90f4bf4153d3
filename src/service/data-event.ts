import type { ModelEvent } from '../engine/weights/model-events.ts'

/** How far a file of examples is read. */
interface DataProgress {
  readonly type: 'data-progress'
  /** What is done with it, in one word, such as `tokens`. */
  readonly step: string
  readonly records: number
  readonly bytes: number
  readonly totalBytes: number
}

/** A base that is needed and not here is fetched, which it tells about. */
export type DataEvent = DataProgress | { readonly type: 'base'; readonly event: ModelEvent }

export interface DataOptions {
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: ((event: DataEvent) => void) | undefined
}
