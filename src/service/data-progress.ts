/** How far the reading of a file is. */
export interface DataProgressEvent {
  readonly type: 'data-progress'
  /** What is done, such as `comparing claims.jsonl`. */
  readonly what: string
  readonly bytes: number
  readonly totalBytes: number
  /** Records so far. */
  readonly records: number
}

/** How a data command is waited for. */
export interface DataWait {
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: ((event: DataProgressEvent) => void) | undefined
}
