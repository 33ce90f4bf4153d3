import { HoneError } from '../../core/errors.ts'
import type { RecordTarget } from './record-target.ts'

/** Each kind of file by its endings; loaded when one is written. */
const kinds: readonly { readonly endings: readonly string[]; load(): Promise<RecordTarget> }[] = [
  { endings: ['jsonl', 'ndjson'], load: async () => (await import('./json-targets.ts')).jsonlTarget },
  { endings: ['json'], load: async () => (await import('./json-targets.ts')).jsonTarget },
  { endings: ['csv'], load: async () => (await import('./delimited-targets.ts')).csvTarget },
  { endings: ['tsv'], load: async () => (await import('./delimited-targets.ts')).tsvTarget },
  { endings: ['parquet'], load: async () => (await import('./parquet-target.ts')).parquetTarget },
  { endings: ['xlsx'], load: async () => (await import('./xlsx-target.ts')).xlsxTarget },
]

/** Endings that text files may have after their own. */
const compressible = new Set(['jsonl', 'ndjson', 'json', 'csv', 'tsv'])

export const targetEndings: readonly string[] = kinds.flatMap(({ endings }) => endings)

/**
 * The kind of file that a name means.
 *
 * @throws HoneError `E_USAGE` where it means none
 */
export async function targetFor(file: string): Promise<RecordTarget> {
  const [, ending = '', compression] = /\.([a-z]+)(\.gz)?$/i.exec(file) ?? []
  const kind = kinds.find(({ endings }) => endings.includes(ending.toLowerCase()))
  if (kind === undefined || (compression !== undefined && !compressible.has(ending.toLowerCase()))) {
    throw new HoneError('E_USAGE', 'the name of the new file does not say what kind of file it is', {
      at: { file },
      hint: `end it with one of ${targetEndings.map((each) => `.${each}`).join(', ')}; text also with .gz after it`,
    })
  }
  return kind.load()
}
