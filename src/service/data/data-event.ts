import { stat } from 'node:fs/promises'
import type { ExampleStream } from '../../data/records/stream-examples.ts'
import type { ModelEvent } from '../../engine/weights/model-events.ts'

/** How far a file of examples is read. */
interface DataProgress {
  readonly type: 'data-progress'
  /** What is done with it, such as `tokens`, or `comparing claims.jsonl`. */
  readonly step: string
  readonly records: number
  readonly bytes: number
  readonly totalBytes: number
}

/** A sealed test split is read, which was written down. */
interface SealedLook {
  readonly type: 'look'
  /** The file or dataset version, as it was named. */
  readonly file: string
  /** How often the split was looked at, this time included. */
  readonly looks: number
}

/** A base that is needed and not here is fetched, which it tells about. */
export type DataEvent = DataProgress | SealedLook | { readonly type: 'base'; readonly event: ModelEvent }

export interface DataOptions {
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: ((event: DataEvent) => void) | undefined
}

/** Tells how far a stream of examples is. */
export function tellProgress(step: string, stream: ExampleStream, { onEvent }: DataOptions): void {
  if (onEvent === undefined) return
  const { records, bytesRead, totalBytes = bytesRead } = stream.summary()
  onEvent({ type: 'data-progress', step, records, bytes: bytesRead, totalBytes })
}

/** Tells how far a file is read whose content is named by its hash. */
export async function hashProgress(
  file: string,
  { onEvent }: DataOptions,
): Promise<((bytes: number) => void) | undefined> {
  if (onEvent === undefined) return undefined
  const totalBytes = (await stat(file).catch(() => undefined))?.size ?? 0
  return (bytes) => onEvent({ type: 'data-progress', step: 'hash', records: 0, bytes, totalBytes })
}
