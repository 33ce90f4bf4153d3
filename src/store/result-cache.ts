import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { HoneError } from '../core/errors.ts'
import { readJsonFile } from '../lib/read-json-file.ts'
import { replaceFileWith } from '../lib/replace-file.ts'

/** Results that can be computed again, by a key of all that they depend on. */
export interface ResultCache {
  /** `undefined` when there is none, or when what is there cannot be read. */
  get(key: string): Promise<unknown>
  /** Keeps the result and drops the ones that were not used for longest, beyond `keep`. */
  put(key: string, result: object): Promise<void>
}

/**
 * A folder of JSON files. A cache is no place to fail: where the disk is full or may not be written, nothing is kept.
 *
 * @param key hexadecimal digits, such as a SHA-256
 */
export function createResultCache(folder: string, keep = 200): ResultCache {
  const fileOf = (key: string): string => join(folder, `${key}.json`)
  return {
    async get(key) {
      try {
        const result = await readJsonFile(fileOf(key), 'E_INTERNAL')
        // The order of use is the order of the files' times.
        if (result !== undefined) await utimes(fileOf(key), new Date(), new Date())
        return result
      } catch {
        return undefined
      }
    },
    async put(key, result) {
      try {
        await mkdir(folder, { recursive: true })
        await replaceFileWith(fileOf(key), `${JSON.stringify(result)}\n`)
        await prune(folder, keep)
      } catch (error) {
        if (!HoneError.isInstance(error) && !(error instanceof Error && 'code' in error)) throw error
      }
    },
  }
}

async function prune(folder: string, keep: number): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'))
  if (names.length <= keep) return
  const files = await Promise.all(
    names.map(async (name) => ({ name, usedAt: (await stat(join(folder, name))).mtimeMs })),
  )
  const oldest = files.toSorted((one, other) => one.usedAt - other.usedAt).slice(0, files.length - keep)
  for (const { name } of oldest) await rm(join(folder, name), { force: true })
}
