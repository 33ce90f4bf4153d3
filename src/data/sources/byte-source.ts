/** Bytes that are read from front to back, once. */
export interface ByteSource extends AsyncDisposable {
  /** The file of this machine that holds them, where there is one. */
  readonly path?: string
  /** Where it is known. */
  readonly totalBytes: number | undefined
  /** A chunk is only good until the next one is asked for. */
  chunks(): AsyncIterable<Buffer>
}
