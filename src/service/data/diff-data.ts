import { contentHash } from '../../data/content-hash.ts'
import { pairNear, RecordMatching, type ChangedRecord } from '../../data/match-records.ts'
import { NearDuplicateSearch } from '../../data/near-duplicates/near-duplicate-search.ts'
import { comparedText, inputOf, type PlacedExample } from '../../data/records/placed-example.ts'
import { hashText } from '../../lib/mix-hash.ts'
import { wordDiff, type DiffRun } from '../../lib/word-diff.ts'
import type { DataOptions } from './data-event.ts'
import { openDataFiles, recordsOf, SoundRecords, type DataFile } from './read-data-files.ts'
import { orEarlierResult, type Reusable } from './reuse-result.ts'

export interface DiffRequest {
  /** Files or dataset versions. */
  readonly before: string
  readonly after: string
  /** Records of each kind that are shown. */
  readonly limit: number
  /** Take nothing of an earlier run. */
  readonly fresh?: boolean | undefined
}

/** A record that only one side has. */
export interface ShownRecord {
  readonly line: number
  /** The conversation without its system prompt. */
  readonly text: string
}

export interface ShownChange {
  readonly beforeLine: number
  readonly afterLine: number
  readonly by: ChangedRecord['by']
  readonly similarity: number | null
  /** The input, where it is the same on both sides. */
  readonly input: string | null
  /** What differs, word by word: of the answer where the input is the same, else of the conversation. */
  readonly runs: readonly DiffRun[]
}

export interface DiffOutcome {
  readonly schema: 1
  readonly before: DiffSide
  readonly after: DiffSide
  readonly counts: {
    readonly unchanged: number
    readonly changed: number
    readonly added: number
    readonly removed: number
  }
  /** The first of each kind. */
  readonly changed: readonly ShownChange[]
  readonly added: readonly ShownRecord[]
  readonly removed: readonly ShownRecord[]
}

export interface DiffSide {
  readonly file: string
  readonly dataset: string | null
  readonly records: number
}

/** Similarity from which a record counts as changed, not as one removed and another added. */
const nearEnough = 0.5

/**
 * What changed from one file or dataset version to another.
 *
 * @throws HoneError `E_DATA` with all records that are wrong, `E_DATA_EMPTY`; `wait.signal.reason`
 */
export async function diffData(
  home: string,
  { fresh, ...request }: DiffRequest,
  wait: DataOptions,
): Promise<Reusable<DiffOutcome>> {
  const files = (await openDataFiles(home, [request.before, request.after], 'data diff', wait)) as [
    DataFile,
    DataFile,
  ]
  const work = { kind: 'diff 1', inputs: files, settings: request, fresh }
  return orEarlierResult(home, work, wait, () => compareFiles(files, request.limit, wait))
}

async function compareFiles(
  [before, after]: readonly [DataFile, DataFile],
  limit: number,
  wait: DataOptions,
): Promise<DiffOutcome> {
  const matching = new RecordMatching()
  const records = { before: 0, after: 0 }
  for (const [side, file] of [['before', before] as const, ['after', after] as const]) {
    const sound = new SoundRecords(file.file)
    for await (const batch of recordsOf(file, 'reading', wait)) {
      for (const record of batch) {
        const example = sound.take(record)
        if (example !== undefined) matching.add(side, contentName(example), inputName(example))
      }
    }
    sound.refuse()
    records[side] = sound.records
  }
  const matched = matching.match()
  const near = await matchNear(before, after, matched, wait)
  const isPaired = {
    before: new Set(near.map((pair) => pair.before)),
    after: new Set(near.map((pair) => pair.after)),
  }
  const removed = [...matched.before].filter((index) => !isPaired.before.has(index))
  const added = [...matched.after].filter((index) => !isPaired.after.has(index))
  const changed = [...matched.changed, ...near].toSorted((a, b) => a.after - b.after)
  const shown = changed.slice(0, limit)
  const older = await examplesOf(
    before,
    [...shown.map((pair) => pair.before), ...removed.slice(0, limit)],
    wait,
  )
  const newer = await examplesOf(after, [...shown.map((pair) => pair.after), ...added.slice(0, limit)], wait)
  return {
    schema: 1,
    before: sideOf(before, records.before),
    after: sideOf(after, records.after),
    counts: {
      unchanged: matched.unchanged,
      changed: changed.length,
      added: added.length,
      removed: removed.length,
    },
    changed: shown.flatMap((pair) => {
      const [one, other] = [older.get(pair.before), newer.get(pair.after)]
      return one === undefined || other === undefined ? [] : [changeOf(pair, one, other)]
    }),
    added: shownRecords(added, newer, limit),
    removed: shownRecords(removed, older, limit),
  }
}

const sideOf = (file: DataFile, records: number): DiffSide => ({
  file: file.file,
  dataset: file.dataset,
  records,
})

async function matchNear(
  before: DataFile,
  after: DataFile,
  left: { readonly before: Uint32Array; readonly after: Uint32Array },
  wait: DataOptions,
): Promise<ChangedRecord[]> {
  if (left.before.length === 0 || left.after.length === 0) return []
  using search = new NearDuplicateSearch({
    threshold: nearEnough,
    capacity: left.before.length + left.after.length,
  })
  const pass = async (take: (text: string, isOlder: boolean) => void): Promise<void> => {
    for (const [file, indices] of [[before, left.before] as const, [after, left.after] as const]) {
      let next = 0
      let index = 0
      const isLeft = membership(indices)
      for await (const batch of recordsOf(file, 'comparing', wait, isLeft)) {
        for (const { example } of batch) {
          if (index++ !== indices[next]) continue
          next++
          take(example === undefined ? '' : comparedText(example, 'conversation'), file === before)
        }
      }
    }
  }
  await pass((text, isOlder) => search.learn(text, isOlder))
  if (!search.sketchKept()) await pass((text) => search.sketch(text))
  search.choose()
  await pass((text) => void search.gather(text))
  return pairNear(search, left.before.length).map((pair) => ({
    before: left.before[pair.before]!,
    after: left.after[pair.after - left.before.length]!,
    by: 'near',
    similarity: pair.similarity,
  }))
}

/** Whether a number is among sorted ones. */
function membership(sorted: Uint32Array): (index: number) => boolean {
  const last = sorted.at(-1) ?? 0
  const bits = new Uint8Array((last >>> 3) + 1)
  for (const index of sorted) bits[index >>> 3]! |= 1 << (index & 7)
  return (index) => index <= last && (bits[index >>> 3]! & (1 << (index & 7))) !== 0
}

async function examplesOf(
  file: DataFile,
  indices: readonly number[],
  wait: DataOptions,
): Promise<Map<number, PlacedExample>> {
  const wanted = new Set(indices)
  const found = new Map<number, PlacedExample>()
  if (wanted.size === 0) return found
  let index = 0
  for await (const batch of recordsOf(file, 'reading', wait, (at) => wanted.has(at))) {
    for (const { example, line } of batch) {
      if (example !== undefined && wanted.has(index)) {
        found.set(index, { ...example, at: { file: file.file, line } })
      }
      index++
    }
    if (found.size === wanted.size) break
  }
  return found
}

function changeOf(pair: ChangedRecord, before: PlacedExample, after: PlacedExample): ShownChange {
  const hasSameInput = pair.by === 'answer'
  const part = hasSameInput ? 'answer' : 'conversation'
  return {
    beforeLine: before.at?.line ?? 0,
    afterLine: after.at?.line ?? 0,
    by: pair.by,
    similarity: pair.similarity === null ? null : Number(pair.similarity.toFixed(4)),
    input: hasSameInput ? comparedText(after, 'input') : null,
    runs: runsOf(before, after, part),
  }
}

/** Word by word; the system prompts too where the rest says the same. */
function runsOf(
  before: PlacedExample,
  after: PlacedExample,
  part: 'answer' | 'conversation',
): ShownChange['runs'] {
  const runs = wordDiff(comparedText(before, part), comparedText(after, part))
  const [one, other] = [systemOf(before), systemOf(after)]
  if (one === other || runs.some(({ kind }) => kind !== 'same')) return runs
  return [...wordDiff(one, other), ...wordDiff('\n', '\n'), ...runs]
}

const systemOf = ({ messages }: PlacedExample): string =>
  messages[0]?.role === 'system' ? messages[0].content : ''

const shownRecords = (
  indices: readonly number[],
  examples: ReadonlyMap<number, PlacedExample>,
  limit: number,
): ShownRecord[] =>
  indices.slice(0, limit).flatMap((index) => {
    const example = examples.get(index)
    return example === undefined
      ? []
      : [{ line: example.at?.line ?? 0, text: comparedText(example, 'conversation') }]
  })

const nameOf = (hash: string): { low: number; high: number } => ({
  low: Number.parseInt(hash.slice(0, 8), 16),
  high: Number.parseInt(hash.slice(8, 16), 16),
})

const contentName = (example: PlacedExample): { low: number; high: number } => nameOf(contentHash(example))

function inputName(example: PlacedExample): { low: number; high: number } {
  const name = { low: 0, high: 0 }
  hashText(JSON.stringify(inputOf(example).map(({ role, content }) => [role, content])), name)
  return name
}
