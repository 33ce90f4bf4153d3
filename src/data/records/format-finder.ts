import type { JsonObject } from '../../core/example.ts'
import { columnFormat } from './column-map.ts'
import { recognizeColumns } from './recognize-columns.ts'
import type { RecordFormat } from './record-format.ts'
import { detectFormat } from './record-formats.ts'

/** Tells which form a record has: a known one, or that of columns whose names say what they are. */
export class FormatFinder {
  readonly #tables = new Map<string, RecordFormat | undefined>()

  find(record: JsonObject): RecordFormat | undefined {
    const known = detectFormat(record)
    if (known !== undefined) return known
    const columns = Object.keys(record)
    if (columns.length > 1_000) return undefined
    const key = JSON.stringify(columns)
    if (!this.#tables.has(key)) {
      // Records whose keys are data would otherwise fill the memory with one entry each.
      if (this.#tables.size >= 100) this.#tables.clear()
      const map = recognizeColumns(columns)
      this.#tables.set(key, map && columnFormat(map))
    }
    return this.#tables.get(key)
  }
}
