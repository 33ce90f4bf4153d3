import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson, type JsonValue } from '../lib/canonical-json.ts'
import { diskError } from '../lib/disk-error.ts'
import { replaceFileWith } from '../lib/replace-file.ts'

/** What a result follows from: the same input with the same settings gives the same result. */
export interface ResultKey {
  /** The command, with a number that is raised when its results change. */
  readonly of: string
  /** SHA-256 of each file that is read. */
  readonly inputs: readonly string[]
  readonly settings: JsonValue
}

export interface ResultCacheLimits {
  readonly entries: number
  readonly bytes: number
}

const defaultLimits: ResultCacheLimits = { entries: 500, bytes: 256 * 2 ** 20 }

/** Results of commands over unchanged files, as plain JSON files in the home; those unused for longest go first. */
export class ResultCache {
  readonly #folder: string
  readonly #limits: ResultCacheLimits

  constructor(home: string, limits: ResultCacheLimits = defaultLimits) {
    this.#folder = join(home, 'cache', 'results')
    this.#limits = limits
  }

  /** An earlier result; undefined where there is none, or it is damaged. */
  async read(key: ResultKey): Promise<unknown> {
    const file = this.#fileOf(key)
    try {
      const entry = JSON.parse(await readFile(file, 'utf8')) as {
        schema?: unknown
        key?: unknown
        value?: unknown
      }
      if (entry.schema !== 1 || entry.key !== keyText(key)) return undefined
      const now = new Date()
      await utimes(file, now, now).catch(() => undefined)
      return entry.value
    } catch {
      return undefined
    }
  }

  /** Keeps a result, unless it is larger than a quarter of the room. @throws HoneError `E_DISK` */
  async write(key: ResultKey, value: JsonValue): Promise<void> {
    const text = JSON.stringify({ schema: 1, kind: 'result', key: keyText(key), value })
    if (text.length > this.#limits.bytes / 4) return
    await mkdir(this.#folder, { recursive: true }).catch(async (error: unknown) => {
      throw await diskError(error, this.#folder)
    })
    await replaceFileWith(this.#fileOf(key), text)
    await this.#trim()
  }

  #fileOf(key: ResultKey): string {
    return join(this.#folder, `${createHash('sha256').update(keyText(key)).digest('hex')}.json`)
  }

  async #trim(): Promise<void> {
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith('.json'))
    const entries = (
      await Promise.all(
        names.map(async (name) => {
          const found = await stat(join(this.#folder, name)).catch(() => undefined)
          return found === undefined ? [] : [{ name, bytes: found.size, used: found.mtimeMs }]
        }),
      )
    )
      .flat()
      .toSorted((a, b) => b.used - a.used || (a.name < b.name ? -1 : 1))
    let bytes = 0
    for (const [at, entry] of entries.entries()) {
      bytes += entry.bytes
      if (at >= this.#limits.entries || bytes > this.#limits.bytes) {
        await rm(join(this.#folder, entry.name), { force: true })
      }
    }
  }
}

const keyText = ({ of, inputs, settings }: ResultKey): string => canonicalJson({ of, inputs, settings })
