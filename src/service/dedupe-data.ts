import { HoneError } from '../core/errors.ts'
import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import {
  ClusteredRecords,
  duplicateClusters,
  type DuplicateCluster,
  type KeepRule,
} from '../data/near-duplicates/duplicate-clusters.ts'
import { NearDuplicateSearch } from '../data/near-duplicates/near-duplicate-search.ts'
import type { ShingleForm } from '../data/near-duplicates/shingler.ts'
import { answerOf, comparedText, type ComparedPart } from '../data/placed-example.ts'
import { recordLine } from '../data/record-line.ts'
import { canonicalJson, type JsonValue } from '../lib/canonical-json.ts'
import { diskError } from '../lib/disk-error.ts'
import { GrowingUint32 } from '../lib/growing-array.ts'
import { resultCacheFolder } from '../lib/home-layout.ts'
import { LineWriter } from '../lib/line-writer.ts'
import { hashText } from '../lib/mix-hash.ts'
import { packageVersion } from '../lib/package-version.ts'
import { replaceFile } from '../lib/replace-file.ts'
import { createResultCache } from '../store/result-cache.ts'
import { findDatasetFile, refuseName } from '../store/datasets.ts'
import type { DataOptions } from './data-event.ts'
import { checkOutput } from './data-output.ts'
import { keepFile, withDatasetDraft, writtenFile } from './dataset-service.ts'
import { openDataFiles, recordsOf, type DataFile } from './read-data-files.ts'
import { searchDuplicates } from './search-duplicates.ts'

export interface DedupeRequest {
  readonly file: string
  /** Files whose records must not occur in `file`. */
  readonly against: readonly string[]
  /** Jaccard similarity from which records are duplicates, in (0, 1]; 1 finds equal ones only. */
  readonly near: number
  readonly shingles: ShingleForm
  readonly on: ComparedPart
  readonly keep: KeepRule
  /** Where the records that stay are written. Default: nowhere. */
  readonly to?: string | undefined
  /** Where each cluster is written, as a line of JSON. Default: nowhere. */
  readonly clusters?: string | undefined
  /** Name of the dataset that the records that stay become a version of. */
  readonly name?: string | undefined
  readonly force?: boolean | undefined
}

/** A record that is dropped, and the one that stays. */
export interface DuplicateSample {
  readonly line: number
  readonly like: { readonly file: string; readonly line: number }
  readonly similarity: number
  /** What is compared of the dropped record, cut after 200 characters. */
  readonly text: string
}

export interface DedupeOutcome {
  readonly schema: 1
  readonly file: string
  readonly records: number
  readonly against: readonly { readonly file: string; readonly records: number }[]
  readonly compared: {
    readonly on: ComparedPart
    readonly near: number
    readonly shingles: string
    readonly keep: KeepRule
    /** Different texts no longer than one shingle: they are alike only when equal. */
    readonly short: number
    /** True where shingles that most records share were left out of the comparison. */
    readonly template: boolean
  }
  readonly kept: number
  readonly dropped: {
    /** Equal to a record of the file that stays. */
    readonly exact: number
    /** Similar to a record of the file that stays. */
    readonly near: number
    /** Equal or similar to a record of another file. */
    readonly leaked: number
  }
  readonly clusters: {
    readonly count: number
    /** Records of the largest. */
    readonly largest: number
    /** Clusters whose records have different answers. */
    readonly answersDiffer: number
  }
  /** The most alike of the first clusters that are not equal, and some that are. */
  readonly samples: readonly DuplicateSample[]
  readonly to: string | null
  readonly clustersFile: string | null
  /** Id of the dataset version. */
  readonly dataset: string | null
  /** Where a file that is read is a sealed test split: how often that one was looked at by now. */
  readonly looks: readonly { readonly file: string; readonly looks: number }[]
  /** True where the result of an earlier run over the same files was taken. */
  readonly reused: boolean
}

/** What an earlier run found out, without where it was written. */
interface Found {
  readonly outcome: Omit<
    DedupeOutcome,
    'file' | 'against' | 'samples' | 'to' | 'clustersFile' | 'dataset' | 'looks' | 'reused'
  >
  readonly againstRecords: readonly number[]
  readonly samples: readonly {
    readonly line: number
    readonly source: number
    readonly likeLine: number
    readonly similarity: number
    readonly text: string
  }[]
  /** Numbers of the dropped records, each as the distance to the one before. */
  readonly droppedSteps: readonly number[]
}

/** More would make the entry of the cache large; the result is then found anew. */
const mostCached = 2_000_000
const mostSamples = 5

export async function dedupeData(
  home: string,
  request: DedupeRequest,
  wait: DataOptions,
): Promise<DedupeOutcome> {
  const { file, against, near, shingles, on, keep, to, clusters, name, force = false } = request
  if (name !== undefined) refuseName(name)
  const outputs = [to, clusters].filter((path) => path !== undefined)
  const inputFiles: string[] = []
  for (const input of [file, ...against]) inputFiles.push((await findDatasetFile(home, input)).file)
  for (const output of outputs) await checkOutput(output, inputFiles, force)
  if (to !== undefined && to === clusters) {
    throw new HoneError('E_USAGE', 'the records and the clusters would be written to one file')
  }
  const files = await openDataFiles(home, [file, ...against], 'data dedupe', wait)
  const cache = createResultCache(resultCacheFolder(home))
  const compared = { near, shingles: { ...shingles }, on, keep }
  const inputs = files.map(({ sha256 }) => sha256)
  const parts = canonicalJson({ kind: 'dedupe 1', version: packageVersion(), inputs, settings: compared })
  const key = createHash('sha256').update(parts).digest('hex')
  // The clusters themselves are not kept: they can be as large as the file. What the key names was written by this version.
  const earlier = clusters === undefined ? ((await cache.get(key)) as Found | undefined) : undefined
  const found = earlier ?? (await find(files, request, wait))
  if (earlier === undefined && found.droppedSteps.length <= mostCached) await cache.put(key, found)
  const dataset = await writeAndKeep(home, files, found, request, compared, wait)
  return {
    ...found.outcome,
    file,
    against: against.map((other, at) => ({ file: other, records: found.againstRecords[at] ?? 0 })),
    samples: found.samples.map(({ line, source, likeLine, similarity, text }) => ({
      line,
      like: { file: [file, ...against][source] ?? file, line: likeLine },
      similarity,
      text,
    })),
    to: to ?? null,
    clustersFile: clusters ?? null,
    dataset,
    looks: files.flatMap((each) => (each.looks === null ? [] : [{ file: each.file, looks: each.looks }])),
    reused: earlier !== undefined,
  }
}

/** Writes the records that stay to where they are wanted; returns the id of the dataset version. */
async function writeAndKeep(
  home: string,
  files: readonly DataFile[],
  found: Found,
  { to, name }: DedupeRequest,
  settings: Readonly<Record<string, JsonValue>>,
  wait: DataOptions,
): Promise<string | null> {
  const make = async (target: string): Promise<string | null> => {
    await writeKept(target, files[0]!, found, wait)
    if (name === undefined) return null
    const made = { step: 'dedupe', settings, inputs: files, records: found.outcome.kept }
    return (await keepFile(home, name, await writtenFile(target, wait), made, wait)).id
  }
  if (to !== undefined) return make(to)
  return name === undefined ? null : withDatasetDraft(home, make)
}

async function find(files: readonly DataFile[], request: DedupeRequest, wait: DataOptions): Promise<Found> {
  const { near, shingles, on, keep, clusters } = request
  const [own, ...others] = files as readonly [DataFile, ...DataFile[]]
  using search = new NearDuplicateSearch({
    threshold: near,
    shingles,
    capacity: files.reduce((sum, { lines }) => sum + lines, 0),
  })
  const records = new ClusteredRecords()
  const name = { low: 0, high: 0 }
  // Other files come first, so that their records have the first numbers.
  const sources = [...others, own]
  const { starts, counts } = await searchDuplicates(search, sources, own, on, wait, {
    onClustered(example, text, index, line) {
      hashText(answerOf(example), name)
      records.add(index, line, text.length, name.low)
    },
  })
  const anchored = starts.at(-1) ?? 0
  const tally = new Tally(anchored)
  const placeOf = ({ index, line }: { index: number; line: number }): { file: string; line: number } => {
    let source = starts.length - 1
    while (source > 0 && starts[source]! > index) source--
    return { file: sources[source]!.file, line }
  }
  const all = duplicateClusters(search, records, keep, anchored)
  if (clusters === undefined) for (const cluster of all) tally.take(cluster)
  else {
    await inFolder(clusters)
    await replaceFile(clusters, async (writer) => {
      const lines = new LineWriter(writer)
      for (const cluster of all) {
        tally.take(cluster)
        await lines.write(clusterLine(tally.clusters, cluster, placeOf))
      }
      await lines.flush()
    })
  }
  const dropped = tally.dropped.view().toSorted()
  const texts = await textsOf(
    own,
    anchored,
    tally.samples.map(({ index }) => index),
    on,
    wait,
  )
  const total = counts.at(-1) ?? 0
  return {
    outcome: {
      schema: 1,
      records: total,
      compared: {
        on,
        near,
        shingles: `${shingles.of}:${shingles.size}`,
        keep,
        short: search.counts.short,
        template: search.templateShingles > 0,
      },
      kept: total - dropped.length,
      dropped: tally.counts,
      clusters: { count: tally.clusters, largest: tally.largest, answersDiffer: tally.answersDiffer },
    },
    againstRecords: counts.slice(0, -1),
    samples: tally.samples.map(({ index, line, like, similarity }) => ({
      line,
      source:
        placeOf(like).file === own.file
          ? 0
          : 1 + others.findIndex((other) => other.file === placeOf(like).file),
      likeLine: like.line,
      similarity,
      text: texts.get(index) ?? '',
    })),
    droppedSteps: Array.from(dropped, (index, at) => index - (at === 0 ? anchored : dropped[at - 1]!)),
  }
}

/** Counts what the clusters say. */
class Tally {
  readonly #anchored: number
  readonly dropped = new GrowingUint32()
  readonly counts = { exact: 0, near: 0, leaked: 0 }
  readonly samples: DuplicateCluster['dropped'][number][] = []
  clusters = 0
  largest = 0
  answersDiffer = 0

  constructor(anchored: number) {
    this.#anchored = anchored
  }

  take({ kept, dropped, answersDiffer }: DuplicateCluster): void {
    this.clusters++
    this.largest = Math.max(this.largest, kept.length + dropped.length)
    if (answersDiffer) this.answersDiffer++
    for (const record of dropped) {
      this.dropped.push(record.index)
      const kind = record.like.index < this.#anchored ? 'leaked' : record.exact ? 'exact' : 'near'
      this.counts[kind]++
    }
    // What is nearly the same is worth a look; what is the same is not.
    const sample = dropped.find(({ exact }) => !exact) ?? dropped[0]
    if (sample === undefined) return
    const replaced = this.samples.findIndex(({ exact }) => exact)
    if (this.samples.length < mostSamples) this.samples.push(sample)
    else if (!sample.exact && replaced >= 0) this.samples[replaced] = sample
  }
}

function clusterLine(
  number: number,
  { kept, dropped, answersDiffer }: DuplicateCluster,
  placeOf: (record: { index: number; line: number }) => { file: string; line: number },
): string {
  return JSON.stringify({
    cluster: number,
    kept: kept.map(placeOf),
    dropped: dropped.map((record) => ({
      ...placeOf(record),
      like: placeOf(record.like),
      similarity: Number(record.similarity.toFixed(4)),
      exact: record.exact,
    })),
    answersDiffer,
  })
}

async function textsOf(
  file: DataFile,
  anchored: number,
  indices: readonly number[],
  on: ComparedPart,
  wait: DataOptions,
): Promise<Map<number, string>> {
  const texts = new Map<number, string>()
  const wanted = new Set(indices)
  if (wanted.size === 0) return texts
  let index = anchored
  const isWanted = (number: number): boolean => wanted.has(anchored + number)
  for await (const batch of recordsOf(file, 'reading', wait, isWanted)) {
    for (const { example } of batch) {
      if (wanted.has(index))
        texts.set(index, example === undefined ? '' : comparedText(example, on).slice(0, 200))
      index++
    }
    if (texts.size === wanted.size) break
  }
  return texts
}

async function writeKept(
  to: string,
  file: DataFile,
  { droppedSteps, outcome }: Found,
  wait: DataOptions,
): Promise<void> {
  await inFolder(to)
  await replaceFile(
    to,
    async (writer) => {
      const lines = new LineWriter(writer)
      let index = 0
      let at = 0
      let next = droppedSteps[0] ?? -1
      for await (const batch of recordsOf(file, 'writing', wait, () => false)) {
        for (const row of batch) {
          if (index++ === next) {
            at++
            next = at < droppedSteps.length ? next + droppedSteps[at]! : -1
            continue
          }
          const line = recordLine(row)
          if (line !== undefined) await lines.write(line)
        }
      }
      await lines.flush()
      if (lines.lines !== outcome.kept) {
        throw new HoneError('E_DATA', 'the file changed while it was read', { at: { file: file.file } })
      }
    },
    { expectedBytes: file.bytes },
  )
}

async function inFolder(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true }).catch(async (error: unknown) => {
    throw await diskError(error, path)
  })
}
