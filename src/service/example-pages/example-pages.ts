import type { Example } from '../../core/example.ts'
import { HoneError } from '../../core/errors.ts'
import type { Finding } from '../../data/finding.ts'
import { datasetId, findDataset, findDatasetFile, type DatasetVersion } from '../../store/datasets.ts'
import { countLooks, recordLook, sealedFiles } from '../../store/seals.ts'
import { noLabel } from './dataset-labels.ts'
import { openExampleIndex, readRows, type ExampleIndex, type IndexOptions } from './example-index.ts'
import { readLineExample } from './read-line-example.ts'
import { searchRows, type FoundRows } from './search-rows.ts'

export interface ExampleFilter {
  readonly label?: string | undefined
  /** Field that the label is read from. Default: found by itself. */
  readonly labelField?: string | undefined
  /** UTF-16 code units of all messages, both ends included. */
  readonly shortest?: number | undefined
  readonly longest?: number | undefined
  /** Text in a message, whatever its case. */
  readonly search?: string | undefined
  /** Only records at these lines. */
  readonly lines?: ReadonlySet<number> | undefined
  /** Only records that cannot be read, or only those that can. */
  readonly refused?: boolean | undefined
}

export interface ExampleRowView {
  /** Number of the record in its part, from 0. */
  readonly row: number
  /** Its line in the file, 1-based. */
  readonly line: number
  readonly characters: number
  readonly label: string | null
  /** Undefined where it cannot be read; `findings` say why. */
  readonly example: Example | undefined
  /** As it is written, where it cannot be read. */
  readonly text: string | null
  /** Whether a long text is shown in part. */
  readonly isCut: boolean
  readonly findings: readonly Finding[]
}

export interface ExamplePage {
  readonly dataset: string
  readonly part: string
  /** Records of the part, and those that fit the filter. */
  readonly records: number
  readonly found: number
  /** True where there are more that fit than are counted. */
  readonly more: boolean
  readonly labels: { readonly from: string; readonly names: readonly string[] } | null
  readonly rows: readonly ExampleRowView[]
  /** Of a sealed test split: how often it was looked at by now. */
  readonly looks: number | null
}

/** A part of a dataset version as it lies on the disk. */
export interface OpenedPart {
  readonly version: DatasetVersion
  readonly dataset: string
  readonly part: string
  readonly file: string
  readonly sha256: string
  readonly records: number
}

/** Bytes of a record that are read for a page, and for one record alone. */
const mostPageBytes = 256 * 2 ** 10
const mostRecordBytes = 16 * 2 ** 20
const heldIndexes = 4
const heldSearches = 16
const hour = 3_600_000

/** Pages of the examples of dataset versions: what finds them is held, the records themselves are read where they lie. */
export class ExamplePages {
  readonly #home: string
  readonly #now: () => number
  readonly #indexes = new Map<string, Promise<ExampleIndex>>()
  readonly #searches = new Map<string, Promise<FoundRows>>()
  readonly #looked = new Map<string, number>()

  constructor(home: string, now: () => number = Date.now) {
    this.#home = home
    this.#now = now
  }

  /** @throws HoneError `E_NOT_FOUND` */
  async open(reference: string, part?: string): Promise<OpenedPart> {
    const version = await findDataset(this.#home, reference).catch((error: unknown) => {
      if (!HoneError.isInstance(error)) throw error
      throw new HoneError('E_NOT_FOUND', `there is no dataset ${reference}`, {
        hint: 'see them: GET /api/datasets',
        cause: error,
      })
    })
    const found =
      part === undefined
        ? (version.parts.find((each) => each.part === 'records' || each.part === 'train') ?? version.parts[0])
        : version.parts.find((each) => each.part === part)
    if (found === undefined) {
      throw new HoneError('E_NOT_FOUND', `${datasetId(version)} has no part ${part ?? ''}`, {
        hint: `its parts are ${version.parts.map((each) => each.part).join(', ')}`,
      })
    }
    const { file } = await findDatasetFile(this.#home, `${datasetId(version)}/${found.part}`)
    return {
      version,
      dataset: datasetId(version),
      part: found.part,
      file,
      sha256: found.sha256,
      records: found.records,
    }
  }

  /** The index of a part, made where there is none yet. */
  async index(part: OpenedPart, options: IndexOptions = {}): Promise<ExampleIndex> {
    const key = `${part.dataset}/${part.part} ${options.labelField ?? ''}`
    const held = this.#indexes.get(key)
    if (held !== undefined) {
      this.#indexes.delete(key)
      this.#indexes.set(key, held)
      return held
    }
    const { signal: _, ...rest } = options
    // Whoever asks first may go; others wait for the same.
    const opened = openExampleIndex(part.file, part.sha256, rest)
    hold(this.#indexes, key, opened, heldIndexes)
    return opened
  }

  /** So many records from an offset among those that fit. */
  async page(
    reference: string,
    partName: string | undefined,
    filter: ExampleFilter,
    { offset, limit }: { readonly offset: number; readonly limit: number },
    options: IndexOptions = {},
  ): Promise<ExamplePage> {
    const part = await this.open(reference, partName)
    const looks = await this.#look(part)
    const index = await this.index(part, { ...options, labelField: filter.labelField })
    const { rows, found, more } = await this.#rows(part, index, filter, offset, limit, options.signal)
    return {
      dataset: part.dataset,
      part: part.part,
      records: index.records,
      found,
      more,
      labels: index.labelsFrom === null ? null : { from: index.labelsFrom, names: index.labelNames },
      rows: await viewRows(part.file, index, rows, mostPageBytes),
      looks,
    }
  }

  /** One whole record. @throws HoneError `E_NOT_FOUND` */
  async one(
    reference: string,
    partName: string | undefined,
    row: number,
  ): Promise<ExampleRowView & { /** As it stands in the file. */ readonly raw: string }> {
    const part = await this.open(reference, partName)
    await this.#look(part)
    const index = await this.index(part)
    if (row >= index.records) {
      throw new HoneError(
        'E_NOT_FOUND',
        `${part.dataset}/${part.part} has ${index.records} records, not ${row + 1}`,
      )
    }
    const [view] = await viewRows(part.file, index, [row], mostRecordBytes)
    const [raw] = await readRows(part.file, index, [row], mostRecordBytes)
    if (view === undefined || raw === undefined) throw new Error('a row has no view')
    return { ...view, raw: raw.text }
  }

  async #rows(
    part: OpenedPart,
    index: ExampleIndex,
    filter: ExampleFilter,
    offset: number,
    limit: number,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly rows: readonly number[]; readonly found: number; readonly more: boolean }> {
    const { search } = filter
    const fits = fitting(index, filter)
    const searched =
      search === undefined || search === '' ? undefined : await this.#search(part, index, search, signal)
    const rows: number[] = []
    let found = 0
    const take = (row: number): void => {
      if (!fits(row)) return
      if (found >= offset && rows.length < limit) rows.push(row)
      found++
    }
    if (searched === undefined) for (let row = 0; row < index.records; row++) take(row)
    else searched.rows.forEach(take)
    return { rows, found, more: searched?.more ?? false }
  }

  async #search(
    part: OpenedPart,
    index: ExampleIndex,
    search: string,
    signal: AbortSignal | undefined,
  ): Promise<FoundRows> {
    const key = `${part.dataset}/${part.part} ${search}`
    const held = this.#searches.get(key)
    if (held !== undefined) return held
    // One that is given up half-way is not held for others.
    const found = searchRows(part.file, index, search, signal)
    hold(this.#searches, key, found, heldSearches)
    return found
  }

  /** Writes down that a sealed test split is read: once an hour, however many pages of it are. */
  async #look({ sha256, dataset, part }: OpenedPart): Promise<number | null> {
    const examples = (await sealedFiles(this.#home)).get(sha256)
    if (examples === undefined) return null
    const now = this.#now()
    if (now - (this.#looked.get(sha256) ?? -Infinity) < hour) return countLooks(this.#home, examples)
    this.#looked.set(sha256, now)
    return recordLook(this.#home, examples, { command: 'api examples', purpose: `read ${dataset}/${part}` })
  }
}

function hold<Value>(
  held: Map<string, Promise<Value>>,
  key: string,
  value: Promise<Value>,
  most: number,
): void {
  held.set(key, value)
  value.catch(() => held.delete(key))
  for (const old of [...held.keys()].slice(0, Math.max(0, held.size - most))) held.delete(old)
}

function fitting(index: ExampleIndex, filter: ExampleFilter): (row: number) => boolean {
  const { label, shortest = 0, longest = Infinity, lines, refused } = filter
  const number = label === undefined ? undefined : index.labelNames.indexOf(label)
  return (row) => {
    if (number !== undefined && index.labels[row] !== number) return false
    const characters = index.characters[row] ?? 0
    if (characters < shortest || characters > longest) return false
    if (lines !== undefined && !lines.has(index.lines[row] ?? 0)) return false
    return refused === undefined || (index.refused[row] === 1) === refused
  }
}

async function viewRows(
  file: string,
  index: ExampleIndex,
  rows: readonly number[],
  most: number,
): Promise<ExampleRowView[]> {
  const read = await readRows(file, index, rows, most)
  return read.map(({ row, text, isCut }): ExampleRowView => {
    const line = index.lines[row] ?? 0
    const label = index.labels[row] ?? noLabel
    const known = {
      row,
      line,
      characters: index.characters[row] ?? 0,
      label: label === noLabel ? null : (index.labelNames[label] ?? null),
    }
    if (isCut) return { ...known, example: undefined, text, isCut, findings: [] }
    const { example, findings } = readLineExample(text, line)
    return { ...known, example, text: example === undefined ? text : null, isCut, findings }
  })
}
