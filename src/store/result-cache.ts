import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { HoneError } from '../core/errors.ts'
import { readJsonFile } from '../lib/read-json-file.ts'
import { replaceFileWith } from '../lib/replace-file.ts'

/** Results that can be computed again, by a key of all that they depend on. */
export interface ResultCache {
  /** `undefined` when there is none, or when what is there cannot be read. */
  get(key: string): Promise<unknown>
  /** Keeps the result, and drops the ones that were not used for longest where there is no more room. */
  put(key: string, result: object): Promise<void>
}

export interface ResultCacheLimits {
  readonly entries: number
  /** A result of more than a quarter of them is not kept. */
  readonly bytes: number
}

/**
 * A folder of JSON files. A cache is no place to fail: where the disk is full or may not be written, nothing is kept.
 *
 * @param key hexadecimal digits, such as a SHA-256
 */
export function createResultCache(
  folder: string,
  limits: ResultCacheLimits = { entries: 200, bytes: 256 * 2 ** 20 },
): ResultCache {
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
      const text = `${JSON.stringify(result)}\n`
      if (text.length > limits.bytes / 4) return
      try {
        await mkdir(folder, { recursive: true })
        await replaceFileWith(fileOf(key), text)
        await prune(folder, limits)
      } catch (error) {
        if (!HoneError.isInstance(error) && !(error instanceof Error && 'code' in error)) throw error
      }
    },
  }
}

async function prune(folder: string, { entries, bytes }: ResultCacheLimits): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'))
  const files = await Promise.all(
    names.map(async (name) => {
      // Another process may have dropped it by now.
      const found = await stat(join(folder, name)).catch(() => undefined)
      return { name, size: found?.size ?? 0, usedAt: found?.mtimeMs ?? 0 }
    }),
  )
  let kept = 0
  for (const [at, { name, size }] of files.toSorted((one, other) => other.usedAt - one.usedAt).entries()) {
    kept += size
    if (at >= entries || kept > bytes) await rm(join(folder, name), { force: true })
  }
}
