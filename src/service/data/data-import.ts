import { HoneError } from '../../core/errors.ts'
import { counted } from '../../data/counted.ts'
import { mergeProblems, problemLines } from '../../data/finding.ts'
import { hone } from '../../data/records/formats/hone.ts'
import { writeRecords } from '../../data/records/write-records.ts'
import type { DataOptions } from './data-event.ts'
import { refuseExisting, refuseInput } from './data-output.ts'
import { refuseSource, SourceReader, type ReadSource, type SourceRequest } from './data-sources.ts'

export interface DataImportRequest extends SourceRequest {
  readonly files: readonly string[]
  /** The new file; JSONL, also compressed. */
  readonly to: string
  /** Leave out records that cannot be read, instead of refusing. */
  readonly allowLoss?: boolean | undefined
  readonly force?: boolean | undefined
}

export interface ImportedData {
  readonly schema: 1
  readonly to: string
  /** Records written. */
  readonly records: number
  readonly refused: number
  readonly sources: readonly ReadSource[]
}

/**
 * Reads files of any kind and form, and writes their records as one file in Hone's own form.
 *
 * @throws HoneError `E_DATA` with the places where a record cannot be read, unless that is allowed; `E_DATA_EMPTY`;
 *   `E_EXISTS`; `E_USAGE`; `E_DISK`; `signal.reason`. Nothing is left behind.
 */
export async function dataImport(
  request: DataImportRequest,
  options: DataOptions = {},
): Promise<ImportedData> {
  const { files, to, allowLoss = false } = request
  await refuseImport(request)
  await refuseExisting(to, request.force)
  const sources: ReadSource[] = []
  const records = await writeRecords(
    to,
    async function* () {
      for (const file of files) {
        const reader = new SourceReader(file, request, 'import', options)
        for await (const examples of reader.examples()) {
          yield examples
            .map(({ example }) => hone.write(example, nothingIsLost))
            .filter((record) => record !== undefined)
        }
        sources.push(reader.result())
      }
    },
    () => refuse(sources, to, allowLoss),
  )
  const refused = sources.reduce((sum, source) => sum + source.refused, 0)
  return { schema: 1, to, records, refused, sources }
}

/**
 * Refuses what cannot be meant, before anything is read.
 *
 * @throws HoneError `E_USAGE`
 */
export async function refuseImport({ files, to, ...request }: DataImportRequest): Promise<void> {
  if (!/\.(?:jsonl|ndjson)(?:\.gz)?$/i.test(to)) {
    throw new HoneError('E_USAGE', "Hone's own form is JSONL", {
      at: { file: to },
      hint: 'end the name with .jsonl or .jsonl.gz; hone data export writes other kinds of files',
    })
  }
  refuseSource(request)
  await refuseInput(to, files)
}

function nothingIsLost(what: string, message: string): never {
  throw new HoneError('E_INTERNAL', `Hone's own form lost ${what}: ${message}`)
}

function refuse(sources: readonly ReadSource[], to: string, allowLoss: boolean): void {
  const records = sources.reduce((sum, source) => sum + source.records, 0)
  const refused = sources.reduce((sum, source) => sum + source.refused, 0)
  const problems = mergeProblems(...sources.map((source) => source.problems))
  if (records === 0 || (allowLoss && refused === records)) {
    throw new HoneError(
      'E_DATA_EMPTY',
      records === 0 ? 'there is no record to import' : 'no record can be read',
      {
        at: { file: sources[0]?.file ?? to },
        hint:
          records === 0
            ? 'check that the files are the right ones'
            : 'mend the records; the first error says where',
      },
    )
  }
  if (refused === 0 || allowLoss) return
  const first = problems.findings.find(({ severity }) => severity === 'error')
  const title = `${refused.toLocaleString('en-US')} of ${counted(records, 'record')} cannot be read, and nothing was written`
  throw new HoneError('E_DATA', [title, ...problemLines(problems, 'error')].join('\n  '), {
    at: first?.at ?? { file: to },
    hint: 'mend these records, or leave them out with --allow-loss',
  })
}
