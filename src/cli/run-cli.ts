import { CommanderError } from 'commander'
import { exitStatus } from '../core/error-codes.ts'
import { HoneError } from '../core/errors.ts'
import { packageVersion } from '../lib/package-version.ts'
import { CommandContext, type GlobalOptions } from './command-context.ts'
import { createProgram, wantedCommand } from './create-program.ts'
import type { CliHost } from './host.ts'
import { Interrupt } from './interrupt.ts'
import { errorLines } from './output/error-lines.ts'
import { Output } from './output/output.ts'
import { createPaint } from './output/paint.ts'

/** Runs one command to its end. Returns the status with which the process should end; never throws. */
export async function runCli(host: CliHost): Promise<number> {
  using out = new Output(host.stdout)
  using err = new Output(host.stderr)
  let readGlobals: (() => GlobalOptions) | undefined
  // Known before the arguments are parsed, because parsing may be what fails.
  const isJson = beforeSeparator(host.argv).includes('--json')
  let context: CommandContext | undefined
  using interrupt = new Interrupt(host, () => {
    context?.sayInterrupted()
  })
  const current = new CommandContext({
    host,
    out,
    err,
    signal: interrupt.signal,
    globals: () => readGlobals?.() ?? {},
  })
  context = current
  try {
    const program = await createProgram(
      () => current,
      {
        version: packageVersion(),
        write: (text) => out.write(text),
        writeError: (text) => {
          if (!isJson) err.write(text)
        },
        columns: out.columns,
      },
      wantedCommand(host.argv),
    )
    readGlobals = () => program.opts<GlobalOptions>()
    await program.parseAsync(host.argv, { from: 'user' })
    current.endProgress()
    return current.exitStatus
  } catch (thrown) {
    current.endProgress()
    if (out.closed.aborted && thrown === out.closed.reason) return exitStatus.ok
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return exitStatus.ok
    return showError(thrown, { host, out, err, isJson, interrupted: interrupt.signal.aborted })
  } finally {
    await out.flush()
    await err.flush()
  }
}

interface ErrorScene {
  readonly host: CliHost
  readonly out: Output
  readonly err: Output
  readonly isJson: boolean
  readonly interrupted: boolean
}

function showError(thrown: unknown, { host, out, err, isJson, interrupted }: ErrorScene): number {
  const error = toHoneError(thrown, interrupted)
  if (host.env['HONE_DEBUG'] === '1') err.lines([stackOf(thrown)])
  if (isJson) out.write(`${JSON.stringify({ error: error.toJSON() })}\n`)
  else err.lines(errorLines(error, createPaint(err.isTerminal, host.env)))
  return error.exitStatus
}

function toHoneError(thrown: unknown, interrupted: boolean): HoneError {
  if (HoneError.isInstance(thrown)) return thrown
  if (interrupted) return new HoneError('E_INTERRUPTED', 'stopped', { cause: thrown })
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new HoneError('E_INTERNAL', `a defect of Hone: ${message.split('\n')[0] ?? ''}`, {
    hint: 'HONE_DEBUG=1 shows where; please report it with that',
    cause: thrown,
  })
}

/** The stack, and those of its causes. */
function stackOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const cause = thrown.cause === undefined ? '' : `\ncaused by ${stackOf(thrown.cause)}`
  return `${thrown.stack ?? thrown.message}${cause}`
}

function beforeSeparator(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--')
  return end < 0 ? argv : argv.slice(0, end)
}
