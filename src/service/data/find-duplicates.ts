import { ClusterTally } from '../../data/near-duplicates/cluster-tally.ts'
import {
  ClusteredRecords,
  duplicateClusters,
  type DuplicateCluster,
} from '../../data/near-duplicates/duplicate-clusters.ts'
import { NearDuplicateSearch } from '../../data/near-duplicates/near-duplicate-search.ts'
import { answerOf, comparedText, type ComparedPart } from '../../data/records/placed-example.ts'
import { LineWriter } from '../../lib/line-writer.ts'
import { hashText } from '../../lib/mix-hash.ts'
import { replaceFile } from '../../lib/replace-file.ts'
import type { DataOptions } from './data-event.ts'
import { makeFolderOf } from './data-output.ts'
import type { DedupeOutcome, DedupeRequest } from './dedupe-data.ts'
import { recordsOf, type DataFile } from './read-data-files.ts'
import { searchDuplicates } from './search-duplicates.ts'

/** What is found in files of some content, without where it was written. */
export interface FoundDuplicates {
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

/**
 * Finds the records of the first file that are like one before them, or like one of the other files.
 *
 * @throws HoneError `E_DATA` where a file cannot be read or changes meanwhile, `E_DISK`; `wait.signal.reason`
 */
export async function findDuplicates(
  files: readonly DataFile[],
  request: DedupeRequest,
  wait: DataOptions,
): Promise<FoundDuplicates> {
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
  const tally = new ClusterTally(anchored)
  const placeOf = ({ index, line }: { index: number; line: number }): { file: string; line: number } => {
    let source = starts.length - 1
    while (source > 0 && starts[source]! > index) source--
    return { file: sources[source]!.file, line }
  }
  const all = duplicateClusters(search, records, keep, anchored)
  if (clusters === undefined) for (const cluster of all) tally.take(cluster)
  else {
    await makeFolderOf(clusters)
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
