import type { EventEmitter } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import type { Services, ServicesOptions } from '../service/services.ts'

/** A stream that may be a terminal. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number }
export type InputStream = Readable & { readonly isTTY?: boolean }

/** Everything that the command line needs of the process it runs in. */
export interface CliHost {
  /** Without the program's own name. */
  readonly argv: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly stdin: InputStream
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  /** Emits `SIGINT` and `SIGTERM`. */
  readonly signals: Pick<EventEmitter, 'on' | 'off'>
  /** Ends the process at once, whatever is under way. */
  readonly exitNow: (status: number) => void
  /** Milliseconds from any fixed moment. */
  readonly now: () => number
  readonly openServices: (options: ServicesOptions) => Promise<Services>
}
