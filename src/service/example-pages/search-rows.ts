import { readLineBatches } from '../../lib/read-line-batches.ts'
import type { ExampleIndex } from './example-index.ts'

/** More rows are not listed. */
const mostFound = 100_000

export interface FoundRows {
  readonly rows: Uint32Array
  /** There are more than are listed. */
  readonly more: boolean
}

/**
 * The rows of which a text holds what is searched for, whatever its case. Only texts count, not the keys of records or the names of
 * roles.
 */
export async function searchRows(
  file: string,
  index: ExampleIndex,
  search: string,
  signal?: AbortSignal,
): Promise<FoundRows> {
  const wanted = search.toLowerCase()
  const needles = writtenForms(wanted)
  const rows: number[] = []
  let row = 0
  for await (const batch of readLineBatches(file, { signal })) {
    const isHit = batch.tooLong === undefined && holdsAny(batch.bytes.toString('utf8').toLowerCase(), needles)
    for (let at = 0; at < batch.count; at++) {
      const line = batch.firstLine + at
      while (row < index.records && (index.lines[row] ?? 0) < line) row++
      if (row >= index.records) return { rows: Uint32Array.from(rows), more: false }
      if (!isHit || index.lines[row] !== line) continue
      const text = batch.bytes.toString('utf8', batch.starts[at], batch.ends[at])
      if (!holdsAny(text.toLowerCase(), needles) || !holdsText(text, wanted)) continue
      if (rows.length === mostFound) return { rows: Uint32Array.from(rows), more: true }
      rows.push(row)
    }
  }
  return { rows: Uint32Array.from(rows), more: false }
}

/** How a text stands in JSON: as it is, or with all that is not ASCII escaped. */
function writtenForms(wanted: string): string[] {
  const plain = JSON.stringify(wanted).slice(1, -1)
  const escaped = plain.replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  const upper = JSON.stringify(wanted.toUpperCase())
    .slice(1, -1)
    .replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .toLowerCase()
  return [...new Set([plain, escaped, upper])]
}

const holdsAny = (text: string, needles: readonly string[]): boolean =>
  needles.some((needle) => text.includes(needle))

const roleKeys = new Set(['role', 'from', 'type'])

/** Whether a text of the record holds it; a line that is no record is a text. */
function holdsText(line: string, wanted: string): boolean {
  let record: unknown
  try {
    record = JSON.parse(line)
  } catch {
    return true
  }
  const holds = (value: unknown): boolean => {
    if (typeof value === 'string') return value.toLowerCase().includes(wanted)
    if (typeof value !== 'object' || value === null) return false
    if (Array.isArray(value)) return value.some(holds)
    return Object.entries(value).some(([key, inner]) => !roleKeys.has(key) && holds(inner))
  }
  return holds(record)
}
