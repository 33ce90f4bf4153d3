import type { Services, ServicesOptions } from '../service/services.ts'
import type { RunEvent } from '../service/run/run-event.ts'
import type { CliHost } from './host.ts'
import { createPaint, type Paint } from './output/paint.ts'
import type { Output } from './output/output.ts'
import { createReporter, type Reporter } from './progress/reporter.ts'

/** Flags that every command takes. */
export interface GlobalOptions {
  readonly home?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

/** What a command works with. */
export class CommandContext {
  readonly host: CliHost
  readonly out: Output
  readonly err: Output
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  /** Colours of standard output. */
  readonly paint: Paint
  /** With which the process ends when nothing fails. */
  exitStatus = 0
  /** What Ctrl-C says first. */
  interruptNotice = 'stopping …'
  readonly #globals: () => GlobalOptions
  #reporter: Reporter | undefined

  constructor(parts: {
    readonly host: CliHost
    readonly out: Output
    readonly err: Output
    readonly signal: AbortSignal
    readonly globals: () => GlobalOptions
  }) {
    this.host = parts.host
    this.out = parts.out
    this.err = parts.err
    this.signal = parts.signal
    this.#globals = parts.globals
    this.paint = createPaint(parts.out.isTerminal, parts.host.env)
  }

  get json(): boolean {
    return this.#globals().json === true
  }

  get quiet(): boolean {
    return this.#globals().quiet === true
  }

  services(options: Pick<ServicesOptions, 'threads' | 'device'> = {}): Promise<Services> {
    const { env } = this.host
    return this.host.openServices({ ...options, env, home: this.#globals().home })
  }

  /** The result: one JSON object with `--json`, else lines. */
  result(object: object, lines: readonly string[]): void {
    if (this.json) this.out.write(`${JSON.stringify(object)}\n`)
    else this.out.lines(lines)
  }

  /** Lines beside the result, on standard error; none with `--quiet`. */
  note(lines: readonly string[]): void {
    if (this.quiet) return
    this.#reporter?.pause()
    this.err.lines(lines)
  }

  /** Shows events as progress on standard error. */
  report(event: RunEvent): void {
    if (this.quiet) return
    this.#reporter ??= createReporter({
      output: this.err,
      isLive: this.err.isTerminal && this.host.env['TERM'] !== 'dumb',
      paint: createPaint(this.err.isTerminal, this.host.env),
      now: this.host.now,
    })
    this.#reporter.show(event)
  }

  /** Said even with `--quiet`: somebody is waiting for an answer to Ctrl-C. */
  sayInterrupted(): void {
    this.#reporter?.pause()
    this.err.lines([`${this.interruptNotice} (again to end at once)`])
  }

  /** Clears the line of progress and says how the last phase ended. */
  endProgress(): void {
    this.#reporter?.end()
    this.#reporter = undefined
  }
}
