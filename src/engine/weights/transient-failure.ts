/** A failure after which the same request may succeed. */
export class TransientFailure extends Error {
  override readonly name = 'TransientFailure'
  /** What the server asked to wait, in milliseconds. */
  readonly waitMilliseconds: number | undefined

  constructor(message: string, waitMilliseconds?: number) {
    super(message)
    this.waitMilliseconds = waitMilliseconds
  }
}
