import type { SourceRow } from './source-row.ts'

/** What a reader of one kind of file is given. */
interface SourceInput {
  /** As the user named it, for errors. */
  readonly location: string
  /** The first bytes, 64 KiB where there are as many. */
  readonly head: Buffer
  /** All bytes in order, uncompressed, text as UTF-8. A chunk is only good until the next one is asked for. */
  readonly chunks: () => AsyncIterable<Buffer>
  /** A file on this machine with these bytes: for kinds that do not read from front to back. */
  readonly file: () => Promise<string>
  /** Says something about the file as a whole. */
  readonly note: (message: string) => void
  readonly sheet: string | undefined
  readonly signal: AbortSignal | undefined
}

/** One kind of file. A new kind is one file in `sources/` and a line in `source-kinds.ts`. */
export interface SourceKind {
  readonly id: string
  /** What it is, for docs and messages. */
  readonly name: string
  /** Endings of file names, lower case, without the dot. */
  readonly endings: readonly string[]
  /** Whether bytes are text, so that UTF-16 is decoded and other encodings are refused. */
  readonly isText: boolean
  /** Whether its rows are cells under column names. */
  readonly isTable: boolean
  /** Whether a file of this content is of this kind; the ending decides where the content cannot. */
  fits(head: Buffer, ending: string): boolean
  /** Batches of rows, so that a row costs no wait. Numbers are lines of the file, or rows of the table. */
  rows(input: SourceInput): AsyncIterable<readonly SourceRow[]>
}
