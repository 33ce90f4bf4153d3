import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface Finished {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly home: string
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** What is sent after how many milliseconds, to the command and all that it started. */
  readonly kill?: { readonly signal: NodeJS.Signals; readonly afterMilliseconds: number }
  /** The signal is sent as soon as it is known. */
  readonly killAt?: Promise<NodeJS.Signals>
  /** Called with all of standard error so far; returning a signal sends it. */
  readonly onStderr?: (text: string) => NodeJS.Signals | undefined
}

/** Runs the built command as a user would, in a process group of its own. */
export async function runHone(args: readonly string[], options: RunOptions): Promise<Finished> {
  const child = spawn(process.execPath, [`${process.cwd()}/dist/main.js`, ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HONE_HOME: options.home, NO_COLOR: '1', ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  })
  let stdout = ''
  let stderr = ''
  const signalGroup = (signal: NodeJS.Signals): void => {
    try {
      process.kill(-(child.pid ?? 0), signal)
    } catch {
      // It has ended by itself.
    }
  }
  child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()))
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString()
    const signal = options.onStderr?.(stderr)
    if (signal !== undefined) signalGroup(signal)
  })
  const { kill } = options
  const timer = kill && setTimeout(() => signalGroup(kill.signal), kill.afterMilliseconds)
  void options.killAt?.then(signalGroup)
  const [status, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  clearTimeout(timer)
  return { status, signal, stdout, stderr }
}
