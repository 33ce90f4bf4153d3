import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readLines } from '../../lib/read-lines.ts'
import type { DataOptions } from '../data/data-event.ts'
import type { DataServices } from '../data/data-services.ts'
import type { DedupeOutcome, DedupeRequest } from '../data/dedupe-data.ts'

interface PlacedRecord {
  readonly file: string
  readonly line: number
}

/** Records that are alike, and which of them stays. */
interface DuplicateClusterView {
  readonly kept: readonly PlacedRecord[]
  readonly dropped: readonly (PlacedRecord & {
    readonly like: PlacedRecord
    readonly similarity: number
    readonly exact: boolean
  })[]
  readonly answersDiffer: boolean
}

export interface FoundClusters {
  readonly outcome: DedupeOutcome
  readonly clusters: readonly DuplicateClusterView[]
}

/** Duplicates of a file, with the first clusters. */
export async function findClusters(
  data: Pick<DataServices, 'dedupe'>,
  request: Omit<DedupeRequest, 'clusters' | 'to'>,
  most: number,
  options: DataOptions,
): Promise<FoundClusters> {
  const work = await mkdtemp(join(tmpdir(), 'hone-clusters-'))
  try {
    const clustersFile = join(work, 'clusters.jsonl')
    const outcome = await data.dedupe({ ...request, clusters: clustersFile }, options)
    const clusters: DuplicateClusterView[] = []
    for await (const line of readLines(clustersFile, {})) {
      if (clusters.length === most) break
      if (!('text' in line) || line.text === '') continue
      const { kept, dropped, answersDiffer } = JSON.parse(line.text) as DuplicateClusterView
      clusters.push({ kept, dropped, answersDiffer })
    }
    return { outcome: { ...outcome, clustersFile: null }, clusters }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}
