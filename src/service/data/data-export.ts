import type { Example, JsonObject } from '../../core/example.ts'
import { HoneError } from '../../core/errors.ts'
import { counted } from '../../data/counted.ts'
import { problemLines } from '../../data/finding.ts'
import { withoutLosses } from '../../data/records/losses.ts'
import { features, type Feature, type RecordFormat } from '../../data/records/record-format.ts'
import { writeRecords } from '../../data/records/write-records.ts'
import type { DataOptions } from './data-event.ts'
import { targetFor } from '../../data/targets/record-targets.ts'
import { refuseExisting, refuseInput } from './data-output.ts'
import { lossText } from './loss-text.ts'
import {
  formatNamed,
  refuseSource,
  SourceReader,
  type ReadSource,
  type SourceRequest,
} from './data-sources.ts'
import { orEarlierResult, type Reusable } from './reuse-result.ts'

export interface DataExportRequest extends SourceRequest {
  readonly file: string
  /** Id of the form to write. */
  readonly as: string
  /** The new file; its name says the kind. */
  readonly to: string
  /** Leave out what the form cannot hold, and records that cannot be read, instead of refusing. */
  readonly allowLoss?: boolean | undefined
  readonly force?: boolean | undefined
  /** Take nothing of an earlier run. */
  readonly fresh?: boolean | undefined
}

/** What a record loses in the new form. */
interface LostOfRecord {
  readonly line: number
  readonly what: readonly Feature[]
  /** Nothing sensible is left, so the record is not written. */
  readonly leftOut: boolean
  /** What exactly, for the first thing. */
  readonly message: string
}

export interface ExportedData {
  readonly schema: 1
  readonly to: string
  readonly format: string
  readonly records: number
  readonly source: ReadSource
  readonly losses: DataLosses
}

export interface DataLosses {
  /** Records that lose something. */
  readonly records: number
  /** Of those, records that are left out. */
  readonly leftOut: number
  /** Number of records by what they lose. */
  readonly byFeature: Readonly<Partial<Record<Feature, number>>>
  /** The first of them. */
  readonly places: readonly LostOfRecord[]
}

const mostPlaces = 1_000
const shownPlaces = 20

/**
 * Writes the records of a file in another form and kind of file.
 *
 * @throws HoneError `E_DATA` with the records that would lose something or cannot be read, unless that is allowed;
 *   `E_DATA_EMPTY`; `E_EXISTS`; `E_USAGE`; `E_DISK`; `signal.reason`. Nothing is left behind.
 */
export async function dataExport(
  home: string,
  { force, fresh, ...request }: DataExportRequest,
  options: DataOptions = {},
): Promise<Reusable<ExportedData>> {
  const { file, to } = request
  formatNamed(request.as)
  refuseSource(request)
  await targetFor(to)
  await refuseInput(to, [file])
  const work = { kind: 'export 1', inputs: [{ file }], settings: request, outputs: [to], fresh }
  return orEarlierResult(home, work, options, async () => {
    await refuseExisting(to, force)
    return writeExport(request, options)
  })
}

async function writeExport(
  request: Omit<DataExportRequest, 'force' | 'fresh'>,
  options: DataOptions,
): Promise<ExportedData> {
  const { file, as, to, allowLoss = false } = request
  const format = formatNamed(as)
  let losses = new LossCounter()
  let source: ReadSource | undefined
  const records = await writeRecords(
    to,
    async function* () {
      losses = new LossCounter()
      const reader = new SourceReader(file, request, 'export', options)
      for await (const examples of reader.examples()) {
        yield examples
          .map(({ line, example }) => losses.write(example, line, format))
          .filter((record) => record !== undefined)
      }
      source = reader.result()
    },
    () => {
      if (source !== undefined) refuse(source, losses.result(), format, allowLoss)
    },
  )
  if (source === undefined) throw new HoneError('E_INTERNAL', 'nothing was read')
  return { schema: 1, to, format: format.id, records, source, losses: losses.result() }
}

/** Writes examples one after another, and notes what each loses. */
class LossCounter {
  #records = 0
  #leftOut = 0
  readonly #byFeature = new Map<Feature, number>()
  readonly #places: LostOfRecord[] = []

  write(example: Example, line: number, format: RecordFormat): JsonObject | undefined {
    const lost = new Map<Feature, string>()
    const lose = (what: Feature, message: string): void => {
      if (!lost.has(what)) lost.set(what, message)
    }
    const held = withoutLosses(example, format.holds, lose)
    const record = held && format.write(held, lose)
    if (lost.size === 0) return record
    this.#records++
    if (record === undefined) this.#leftOut++
    for (const feature of lost.keys()) this.#byFeature.set(feature, (this.#byFeature.get(feature) ?? 0) + 1)
    if (this.#places.length < mostPlaces) {
      const what = [...lost.keys()]
      this.#places.push({ line, what, leftOut: record === undefined, message: [...lost.values()][0] ?? '' })
    }
    return record
  }

  result(): DataLosses {
    return {
      records: this.#records,
      leftOut: this.#leftOut,
      byFeature: Object.fromEntries(this.#byFeature),
      places: this.#places,
    }
  }
}

function refuse(source: ReadSource, losses: DataLosses, format: RecordFormat, allowLoss: boolean): void {
  const { file, records, refused, problems } = source
  if (records === 0 || records - refused - losses.leftOut === 0) {
    const lost = losses.leftOut > 0 ? `: ${lossText(losses)}` : ''
    throw new HoneError(
      'E_DATA_EMPTY',
      records === 0 ? 'there is no record to export' : `no record can be written as ${format.id}${lost}`,
      { at: { file }, hint: records === 0 ? 'check the file' : 'choose another form with --as' },
    )
  }
  if (allowLoss || (refused === 0 && losses.records === 0)) return
  const lines = losses.places.slice(0, shownPlaces).map(({ line, what, leftOut, message }) => {
    const names = what.map((each) => features[each]).join(', ')
    return `${file}:${line}  ${leftOut ? 'cannot be written' : 'loses'}: ${names} (${message})`
  })
  const rest = losses.records - lines.length
  const title =
    losses.records > 0
      ? `${losses.records.toLocaleString('en-US')} of ${counted(records, 'record')} would lose something as ${format.id}: ${lossText(losses)}`
      : `${refused.toLocaleString('en-US')} of ${counted(records, 'record')} cannot be read, and nothing was written`
  throw new HoneError(
    'E_DATA',
    [
      title,
      ...lines,
      ...(rest > 0 ? [`… and ${rest.toLocaleString('en-US')} more`] : []),
      ...problemLines(problems, 'error'),
    ].join('\n  '),
    {
      at: { file },
      hint: 'choose a form that holds it (docs/formats.md), or go on without it: --allow-loss',
    },
  )
}
