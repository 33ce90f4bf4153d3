import { HoneError } from '../../core/errors.ts'
import { parseColumnMap } from '../../data/records/column-map.ts'
import type { Finding } from '../../data/finding.ts'
import { streamExamples, type ExampleRow } from '../../data/records/stream-examples.ts'
import { openSource } from '../../data/sources/open-source.ts'
import { parseJson } from '../../lib/parse-json.ts'
import { formatNamed, type SourceRequest } from '../data/data-sources.ts'

/** What a file seems to be, by its first records. */
export interface InspectedFile {
  /** Such as `csv`; `jsonl in gzip`. */
  readonly kind: string
  readonly notes: readonly string[]
  /** Forms of records, with what shows them. */
  readonly formats: readonly { readonly id: string; readonly records: number; readonly evidence: string }[]
  /** Columns of a table, or keys of the first record. */
  readonly columns: readonly string[]
  /** What the first record has in them, as text, long ones cut. */
  readonly firstValues: readonly string[]
  /** What is to be said first where the columns mean nothing. */
  readonly needsMap: { readonly message: string; readonly hint: string | null } | null
  /** Records that were looked at; all of them where `isWhole`. */
  readonly records: number
  readonly isWhole: boolean
  readonly refused: number
  readonly findings: readonly Finding[]
  readonly notRead: readonly { readonly what: string; readonly records: number }[]
  readonly examples: readonly Pick<ExampleRow, 'line' | 'example'>[]
}

const lookedAt = 1_000
const shownExamples = 5
const shownFindings = 100
const mostValueCharacters = 120

/** Looks at the first 1,000 records of a file. @throws HoneError `E_DATA`, `E_USAGE`; `signal.reason` */
export async function inspectFile(
  file: string,
  request: SourceRequest,
  signal?: AbortSignal,
): Promise<InspectedFile> {
  const stream = streamExamples(file, {
    signal,
    sheet: request.sheet,
    format: request.from === undefined ? undefined : formatNamed(request.from),
    map: request.map === undefined ? undefined : parseColumnMap(request.map),
  })
  const first = await firstRecord(file, request.sheet, signal)
  const columns = Object.keys(first)
  const examples: Pick<ExampleRow, 'line' | 'example'>[] = []
  const findings: Finding[] = []
  let [records, refused, isWhole] = [0, 0, true]
  let needsMap: InspectedFile['needsMap'] = null
  try {
    reading: for await (const rows of stream) {
      for (const { line, example, findings: found } of rows) {
        if (records === lookedAt) {
          isWhole = false
          break reading
        }
        records++
        if (example === undefined) refused++
        if (examples.length < shownExamples && example !== undefined) examples.push({ line, example })
        findings.push(...found.slice(0, shownFindings - findings.length))
      }
    }
  } catch (error) {
    // A table whose columns mean nothing is for the user to explain.
    if (!HoneError.isInstance(error) || error.code !== 'E_DATA' || columns.length === 0) throw error
    needsMap = { message: error.message, hint: error.hint ?? null }
  }
  const { kind, wrappers, notes, formats, ignored } = stream.summary()
  return {
    kind: [kind, ...wrappers.toReversed()].join(' in '),
    notes,
    formats: formats.map(({ id, records: count, evidence }) => ({ id, records: count, evidence })),
    columns,
    firstValues: Object.values(first).map(shortText),
    needsMap,
    records,
    isWhole,
    refused,
    findings,
    notRead: ignored.map(({ message, records: count }) => ({ what: message, records: count })),
    examples,
  }
}

/** Its first 1,000 keys; empty for what is no object. */
async function firstRecord(
  file: string,
  sheet: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  await using source = await openSource(file, { signal, sheet })
  for await (const rows of source.rows()) {
    for (const row of rows) {
      if ('record' in row) return firstKeys(row.record)
      if (!('text' in row)) return {}
      if (row.text.trim() === '') continue
      return firstKeys(parsed(row.text))
    }
  }
  return {}
}

const firstKeys = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).slice(0, 1_000))
    : {}

function parsed(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

const shortText = (value: unknown): string =>
  (typeof value === 'string' ? value : JSON.stringify(value ?? null)).slice(0, mostValueCharacters)
