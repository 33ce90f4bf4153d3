import { GrowingUint32 } from '../../lib/growing-array.ts'
import { HashIndex } from '../../lib/hash-index.ts'
import type { NearDuplicateSearch } from './near-duplicate-search.ts'

/** Which record of a cluster stays. */
export type KeepRule = 'first' | 'last' | 'longest'

/** A record that has a like. */
interface ClusteredRecord {
  /** Number among all records, from 0: those of other files come first. */
  readonly index: number
  /** 1-based line of its file. */
  readonly line: number
}

interface DroppedRecord extends ClusteredRecord {
  /** The record that stays and that this one is like. */
  readonly like: ClusteredRecord
  /** Jaccard similarity to it; 1 for equal texts. */
  readonly similarity: number
  /** Equal but for case, punctuation and white space. */
  readonly exact: boolean
}

export interface DuplicateCluster {
  readonly kept: readonly ClusteredRecord[]
  readonly dropped: readonly DroppedRecord[]
  /** Some records of the cluster have other answers than the rest. */
  readonly answersDiffer: boolean
}

/** What is noted of the records that may be duplicates: 16 bytes each. */
export class ClusteredRecords {
  readonly indices: GrowingUint32 = new GrowingUint32()
  readonly lines: GrowingUint32 = new GrowingUint32()
  readonly lengths: GrowingUint32 = new GrowingUint32()
  readonly answers: GrowingUint32 = new GrowingUint32()

  /** @param answer a hash of the record's answer */
  add(index: number, line: number, length: number, answer: number): void {
    this.indices.push(index)
    this.lines.push(line)
    this.lengths.push(length)
    this.answers.push(answer)
  }
}

/**
 * Decides which records stay. Every record that is dropped is equal to one that stays or similar to it by the threshold:
 * being linked through a third is not enough. Records of anchored texts (those of other files) stay always.
 *
 * @param anchored number of records that come from other files; they have the first numbers
 * @returns the clusters of which a record is dropped, by their first record
 */
export function* duplicateClusters(
  search: NearDuplicateSearch,
  records: ClusteredRecords,
  keep: KeepRule,
  anchored: number,
): Generator<DuplicateCluster> {
  const groups = search.link()
  const { indices } = records
  const nextOf = new Int32Array(indices.length)
  const firstOf = new Int32Array(indices.length).fill(-1)
  // Numbers the groups of these records only, which are few of all.
  const numbers = new HashIndex(indices.length)
  const groupOf = (at: number): number => numbers.add(groups.find(search.idOf(indices.at(at))), 0)
  for (let at = indices.length - 1; at >= 0; at--) {
    const group = groupOf(at)
    nextOf[at] = firstOf[group]!
    firstOf[group] = at
  }
  for (let at = 0; at < indices.length; at++) {
    if (firstOf[groupOf(at)] !== at || nextOf[at]! < 0) continue
    const members: number[] = []
    for (let member = at; member >= 0; member = nextOf[member]!) members.push(member)
    const cluster = decide(search, records, members, keep, anchored)
    if (cluster.dropped.length > 0) yield cluster
  }
}

function decide(
  search: NearDuplicateSearch,
  records: ClusteredRecords,
  members: readonly number[],
  keep: KeepRule,
  anchored: number,
): DuplicateCluster {
  const recordAt = (member: number): ClusteredRecord => ({
    index: records.indices.at(member),
    line: records.lines.at(member),
  })
  const kept: { readonly id: number; readonly record: ClusteredRecord }[] = []
  const dropped: DroppedRecord[] = []
  const keptOfId = new Map<number, ClusteredRecord>()
  for (const member of members.toSorted(preference(records, keep, anchored))) {
    const record = recordAt(member)
    const id = search.idOf(record.index)
    const isAnchored = record.index < anchored
    const equal = keptOfId.get(id)
    if (equal !== undefined) {
      if (!isAnchored) dropped.push({ ...record, like: equal, similarity: 1, exact: true })
      continue
    }
    const near = isAnchored ? undefined : mostAlike(search, id, kept)
    if (near === undefined) {
      kept.push({ id, record })
      keptOfId.set(id, record)
    } else dropped.push({ ...record, ...near, exact: false })
  }
  const [first = 0] = members
  return {
    kept: kept.map(({ record }) => record),
    dropped: dropped.toSorted((a, b) => a.index - b.index),
    answersDiffer: members.some((member) => records.answers.at(member) !== records.answers.at(first)),
  }
}

function mostAlike(
  search: NearDuplicateSearch,
  id: number,
  kept: readonly { readonly id: number; readonly record: ClusteredRecord }[],
): { like: ClusteredRecord; similarity: number } | undefined {
  let found: { like: ClusteredRecord; similarity: number } | undefined
  for (const other of kept) {
    if (!search.mayBeAlike(id, other.id)) continue
    const similarity = search.similarity(id, other.id)
    if (similarity >= search.threshold && similarity > (found?.similarity ?? 0)) {
      found = { like: other.record, similarity }
    }
  }
  return found
}

/** Records of other files first, then as the rule says, ties by their order. */
function preference(
  { indices, lengths }: ClusteredRecords,
  keep: KeepRule,
  anchored: number,
): (a: number, b: number) => number {
  return (a, b) => {
    const foreign = Number(indices.at(b) < anchored) - Number(indices.at(a) < anchored)
    if (foreign !== 0) return foreign
    if (keep === 'last') return b - a
    return keep === 'longest' ? lengths.at(b) - lengths.at(a) || a - b : a - b
  }
}
