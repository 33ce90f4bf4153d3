import { mkdtemp, rmdir, stat, statfs } from 'node:fs/promises'
import { arch, availableParallelism, cpus, freemem, platform, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import type { WaitOptions } from '../../core/chat-model.ts'
import { packageVersion } from '../../lib/package-version.ts'
import { modelFolder } from '../../lib/home-layout.ts'
import { defaultBase } from '../../engine/weights/catalogue.ts'
import { readStoredModel } from '../../store/read-model.ts'
import { checkRuntime, checkWebGpu } from './doctor-runtime.ts'
import { checkSources } from './doctor-sources.ts'

export interface DoctorCheck {
  readonly name: string
  /** `missing` keeps Hone from working. */
  readonly status: 'ok' | 'warn' | 'missing'
  /** What was found. */
  readonly found: string
  /** What to do about it. */
  readonly fix?: string
}

export interface DoctorReport {
  readonly schema: 1
  /** True when nothing is missing. */
  readonly usable: boolean
  readonly hone: string
  readonly home: string
  readonly checks: readonly DoctorCheck[]
}

export interface DoctorOptions extends WaitOptions {
  readonly home: string
  readonly env: NodeJS.ProcessEnv
  readonly threads?: number | undefined
  readonly device?: 'cpu' | 'webgpu' | undefined
  readonly nodeVersion?: string
  /** Longest wait for a source of models. Default 4 s. */
  readonly sourceMilliseconds?: number
  /** Commands that may be Python, each with its first arguments. */
  readonly pythons?: readonly (readonly string[])[]
}

const gigabyte = 1e9
const platforms = ['linux', 'darwin', 'win32']
const architectures = ['x64', 'arm64']
/** `engines` in package.json. */
const oldestNode = [20, 20] as const

/** Looks at what this machine has, what would be used, and what is missing. Changes nothing. */
export async function runDoctor(options: DoctorOptions): Promise<DoctorReport> {
  const { home, env } = options
  const base = await checkBase(home)
  const checks = [
    checkNode(options.nodeVersion ?? process.versions.node),
    checkPlatform(),
    checkProcessor(options.threads),
    checkMemory(),
    ...(await checkRuntime(options)),
    await checkWebGpu(options),
    ...(await checkHome(home)),
    base,
    ...(await checkSources(options, base.status === 'ok')),
    checkVariables(env),
  ]
  options.signal?.throwIfAborted()
  const usable = checks.every(({ status }) => status !== 'missing')
  return { schema: 1, usable, hone: packageVersion(), home, checks }
}

function checkNode(version: string): DoctorCheck {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isOld = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])
  if (!isOld) return { name: 'node', status: 'ok', found: version }
  return {
    name: 'node',
    status: 'missing',
    found: `${version}, older than ${oldestNode.join('.')}`,
    fix: `install Node.js ${oldestNode.join('.')} or newer`,
  }
}

function checkPlatform(): DoctorCheck {
  const found = `${platform()} ${arch()}`
  if (platforms.includes(platform()) && architectures.includes(arch())) {
    return { name: 'platform', status: 'ok', found }
  }
  return {
    name: 'platform',
    status: 'warn',
    found,
    fix: 'known to work: Linux, macOS and Windows on x64 and arm64',
  }
}

function checkProcessor(threads: number | undefined): DoctorCheck {
  const cores = cpus().length
  const usable = availableParallelism()
  const model = cpus()[0]?.model.trim() ?? 'unknown'
  const used = threads ?? Math.max(1, cores)
  const found = `${cores} cores, ${used} threads would be used, ${model}`
  if (used <= usable) return { name: 'processor', status: 'ok', found }
  return {
    name: 'processor',
    status: 'warn',
    found: `${found}; ${usable} may run at once`,
    fix: `train with --threads ${usable}`,
  }
}

function checkMemory(): DoctorCheck {
  const found = `${gigabytes(totalmem())} in all, ${gigabytes(freemem())} free`
  if (freemem() > 2 * gigabyte) return { name: 'memory', status: 'ok', found }
  const fix = 'the default base trains in about 2.5 GB: end other programs, or train with a smaller --batch'
  return { name: 'memory', status: 'warn', found, fix }
}

async function checkHome(home: string): Promise<DoctorCheck[]> {
  const existing = await nearestExisting(home)
  try {
    // In the folder that would hold a new home, so that looking leaves none behind.
    await rmdir(await mkdtemp(join(existing, '.hone-doctor-')))
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    const found = `${home}: cannot be written (${why})`
    return [{ name: 'home', status: 'missing', found, fix: 'name another with --home or HONE_HOME' }]
  }
  const isNew = existing === home ? '' : ', made on first use'
  const checks: DoctorCheck[] = [{ name: 'home', status: 'ok', found: `${home}${isNew}` }]
  const { bavail, bsize } = await statfs(existing)
  const free = bavail * bsize
  const found = `${gigabytes(free)} free in the home`
  const fix = 'the default base takes 0.8 GB, a tuned model 0.1 GB: free some space, or name another --home'
  if (free > 2 * gigabyte) checks.push({ name: 'disk', status: 'ok', found })
  else checks.push({ name: 'disk', status: free > gigabyte / 10 ? 'warn' : 'missing', found, fix })
  return checks
}

/** What exists of a path; nothing can be made in it where it is a file. */
async function nearestExisting(path: string): Promise<string> {
  const exists = (await stat(path).catch(() => undefined)) !== undefined
  const parent = dirname(path)
  return exists || parent === path ? path : nearestExisting(parent)
}

async function checkBase(home: string): Promise<DoctorCheck> {
  const name = 'base'
  const folder = modelFolder(home, defaultBase)
  const model = await readStoredModel(folder, defaultBase)
  if (model.kind === 'base') return { name, status: 'ok', found: `${model.id} from ${model.source}` }
  const isThere = (await stat(folder).catch(() => undefined)) !== undefined
  const found = isThere ? `${defaultBase} cannot be read` : `${defaultBase} is not here yet`
  const fix = isThere
    ? `hone models remove ${defaultBase}, then hone models pull ${defaultBase}`
    : `hone run pulls it by itself; or now: hone models pull ${defaultBase}`
  return { name, status: 'warn', found, fix }
}

/** What Hone and its tools read of the environment. */
const readVariables =
  'HONE_HOME HONE_OFFLINE HF_ENDPOINT HF_TOKEN HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy PIP_INDEX_URL'.split(
    ' ',
  )

/** Names only: a token or an address with a password belongs in no report. */
function checkVariables(env: NodeJS.ProcessEnv): DoctorCheck {
  const present = readVariables.filter((name) => (env[name] ?? '') !== '')
  const found = present.length === 0 ? 'none that Hone reads' : `set: ${present.join(', ')}`
  return { name: 'variables', status: 'ok', found }
}

const gigabytes = (bytes: number): string => `${(bytes / gigabyte).toFixed(1)} GB`
