import { GrowingUint32 } from '../lib/growing-array.ts'
import { HashIndex } from '../lib/hash-index.ts'
import type { NearDuplicateSearch } from './near-duplicates/near-duplicate-search.ts'

/** A record of the older set and what became of it in the newer one, by their numbers. */
export interface ChangedRecord {
  readonly before: number
  readonly after: number
  /** `answer`: the same input, something else differs. `near`: the whole conversation is similar. */
  readonly by: 'answer' | 'near'
  /** Jaccard similarity of the conversations, for `near`. */
  readonly similarity: number | null
}

/**
 * Matches the records of two sets, older ones first: by content, then by input, each record once. About 30 bytes are kept
 * for each.
 */
export class RecordMatching {
  readonly #contents = new HashIndex()
  readonly #inputs = new HashIndex()
  readonly #contentOf = { before: new GrowingUint32(), after: new GrowingUint32() }
  readonly #inputOf = { before: new GrowingUint32(), after: new GrowingUint32() }

  add(
    side: 'before' | 'after',
    content: { readonly low: number; readonly high: number },
    input: { readonly low: number; readonly high: number },
  ): void {
    this.#contentOf[side].push(this.#contents.add(content.low, content.high))
    this.#inputOf[side].push(this.#inputs.add(input.low, input.high))
  }

  /** What has no equal on the other side, and the pairs of the same input among it. */
  match(): {
    readonly unchanged: number
    readonly changed: readonly ChangedRecord[]
    readonly before: Uint32Array
    readonly after: Uint32Array
  } {
    const equal = rest(this.#contentOf, this.#contents.size)
    const changed: ChangedRecord[] = []
    const byInput = rest(
      {
        before: picked(this.#inputOf.before, equal.before),
        after: picked(this.#inputOf.after, equal.after),
      },
      this.#inputs.size,
      (before, after) =>
        changed.push({
          before: equal.before[before]!,
          after: equal.after[after]!,
          by: 'answer',
          similarity: null,
        }),
    )
    return {
      unchanged: equal.pairs,
      changed,
      before: byInput.before.map((at) => equal.before[at]!),
      after: byInput.after.map((at) => equal.after[at]!),
    }
  }
}

function picked(numbers: GrowingUint32, indices: Uint32Array): GrowingUint32 {
  const chosen = new GrowingUint32(indices.length)
  for (const index of indices) chosen.push(numbers.at(index))
  return chosen
}

/** Pairs records of one key in their order, and returns those that are left over on either side. */
function rest(
  keys: { readonly before: GrowingUint32; readonly after: GrowingUint32 },
  size: number,
  onPair?: (before: number, after: number) => void,
): { readonly pairs: number; readonly before: Uint32Array; readonly after: Uint32Array } {
  const head = new Int32Array(size).fill(-1)
  const next = new Int32Array(keys.before.length)
  for (let at = keys.before.length - 1; at >= 0; at--) {
    const key = keys.before.at(at)
    next[at] = head[key]!
    head[key] = at
  }
  const paired = new Uint8Array(keys.before.length)
  const after = new GrowingUint32()
  let pairs = 0
  for (let at = 0; at < keys.after.length; at++) {
    const partner = head[keys.after.at(at)]!
    if (partner < 0) {
      after.push(at)
      continue
    }
    head[keys.after.at(at)] = next[partner]!
    paired[partner] = 1
    pairs++
    onPair?.(partner, at)
  }
  const before = new GrowingUint32()
  paired.forEach((isPaired, at) => {
    if (isPaired === 0) before.push(at)
  })
  return { pairs, before: before.view().slice(), after: after.view().slice() }
}

/** Pairs of one group that are weighed against each other at most. */
const mostWeighed = 10_000

/**
 * Pairs texts of a finished search, the first `before` of them with the others, the most alike first, each once. Returns the
 * pairs by the texts' numbers.
 */
export function pairNear(
  search: NearDuplicateSearch,
  before: number,
): { readonly before: number; readonly after: number; readonly similarity: number }[] {
  const groups = search.link()
  const members = new Map<number, { older: number[]; newer: number[] }>()
  for (let text = 0; text < search.texts; text++) {
    const root = groups.find(search.idOf(text))
    let group = members.get(root)
    if (group === undefined) members.set(root, (group = { older: [], newer: [] }))
    ;(text < before ? group.older : group.newer).push(text)
  }
  const pairs: { before: number; after: number; similarity: number }[] = []
  for (const { older, newer } of members.values()) {
    const weighed: { before: number; after: number; similarity: number }[] = []
    for (const one of older) {
      for (const other of newer) {
        if (weighed.length >= mostWeighed) break
        const similarity = search.similarity(search.idOf(one), search.idOf(other))
        if (similarity >= search.threshold) weighed.push({ before: one, after: other, similarity })
      }
    }
    const [usedOlder, usedNewer] = [new Set<number>(), new Set<number>()]
    for (const pair of weighed.toSorted((a, b) => b.similarity - a.similarity)) {
      if (usedOlder.has(pair.before) || usedNewer.has(pair.after)) continue
      usedOlder.add(pair.before)
      usedNewer.add(pair.after)
      pairs.push(pair)
    }
  }
  return pairs
}
