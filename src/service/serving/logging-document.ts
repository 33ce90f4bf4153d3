import type { JsonObject } from '../../core/example.ts'

/** Where records of invocations go, and what of them; one for each region. */
export interface LoggingDocument {
  readonly bucket: string
  /** Without a slash at its end; may be empty. */
  readonly prefix: string
  /** Bodies of text are part of the records. */
  readonly text: boolean
  /** Bodies with images, documents or videos are. */
  readonly media: boolean
  /** The configuration as the client wrote it, answered again. */
  readonly given: JsonObject
}
