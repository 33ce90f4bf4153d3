import type { Random } from '../../lib/random.ts'
import { apportion } from './apportion.ts'

/** The parts of a split; `placeGroups` names them by their places here. */
export const splitNames = ['train', 'validation', 'test'] as const

export type SplitName = (typeof splitNames)[number]

const train = 0
const placeOf = { validation: 1, test: 2 } as const

/** Examples in groups that must stay together, in typed arrays: there may be millions. */
export interface GroupedExamples {
  /** Indices of examples, group after group. */
  readonly members: Uint32Array
  /** Where each group starts in `members`, and the end of the last. */
  readonly starts: Uint32Array
  /** Label of each example, by its index, as a place in `labelNames`. */
  readonly labels: ArrayLike<number>
  readonly labelNames: readonly string[]
}

/**
 * Brings examples of one group together.
 *
 * @param order the examples' indices in an order that does not depend on that of the file
 * @param groupOf any number that the examples of a group share
 */
export function groupExamples(
  order: ArrayLike<number>,
  groupOf: (index: number) => number,
): Pick<GroupedExamples, 'members' | 'starts'> {
  const count = order.length
  let highest = 0
  for (let at = 0; at < count; at++) highest = Math.max(highest, groupOf(at))
  const numbers = new Int32Array(highest + 1).fill(-1)
  const sizes = new Uint32Array(count + 1)
  let groups = 0
  for (let at = 0; at < count; at++) {
    const group = groupOf(order[at]!)
    if (numbers[group]! < 0) numbers[group] = groups++
    sizes[numbers[group]! + 1]!++
  }
  const starts = sizes.slice(0, groups + 1)
  for (let group = 0; group < groups; group++) starts[group + 1]! += starts[group]!
  const filled = starts.slice(0, groups)
  const members = new Uint32Array(count)
  for (let at = 0; at < count; at++) {
    const group = numbers[groupOf(order[at]!)]!
    members[filled[group]!++] = order[at]!
  }
  return { members, starts }
}

/**
 * Chooses a split for each group; the result is by example index, a place in `splitNames`. The sizes are met exactly where
 * groups are single examples; else the splits come as near as whole groups allow, never above. Depends on the order of the
 * groups only through `random`.
 */
export function placeGroups(
  examples: GroupedExamples,
  sizes: Readonly<Record<'validation' | 'test', number>>,
  random: Random,
): Uint8Array {
  return new Placement(examples).place(sizes, random)
}

class Placement {
  readonly #examples: GroupedExamples
  /** Place of each group. */
  readonly #places: Uint8Array
  /** One group of each label is kept for training. */
  readonly #reserved: Uint8Array

  constructor(examples: GroupedExamples) {
    this.#examples = examples
    this.#places = new Uint8Array(examples.starts.length - 1)
    this.#reserved = new Uint8Array(examples.starts.length - 1)
  }

  place(sizes: Readonly<Record<'validation' | 'test', number>>, random: Random): Uint8Array {
    const strata = this.#stratify(random)
    const all = concatenated(strata)
    const weights = strata.map((stratum) => this.#rows(stratum))
    for (const split of ['test', 'validation'] as const) {
      const free = strata.map((stratum) => stratum.filter((group) => this.#isFree(group)))
      const seats = apportion(
        sizes[split],
        weights,
        free.map((stratum) => this.#rows(stratum)),
      )
      let missing = sizes[split]
      free.forEach((stratum, at) => (missing -= this.#fill(stratum, seats[at] ?? 0, placeOf[split])))
      // Groups that were too large for their label's seats leave some over.
      const rest = all.filter((group) => this.#isFree(group))
      this.#fill(shuffled(rest, random.fork(`rest ${split}`)), missing, placeOf[split])
    }
    this.#keepLabelsInTraining(all)
    const { members, starts } = this.#examples
    const places = new Uint8Array(members.length)
    this.#places.forEach((place, group) => {
      for (let at = starts[group]!; at < starts[group + 1]!; at++) places[members[at]!] = place
    })
    return places
  }

  #isFree(group: number): boolean {
    return this.#places[group] === train && this.#reserved[group] === 0
  }

  #size(group: number): number {
    return this.#examples.starts[group + 1]! - this.#examples.starts[group]!
  }

  #rows(groups: Uint32Array): number {
    return groups.reduce((sum, group) => sum + this.#size(group), 0)
  }

  #labelsOf(group: number): Uint32Array {
    const { members, starts, labels } = this.#examples
    return members.subarray(starts[group], starts[group + 1]).map((index) => labels[index]!)
  }

  /** The groups by label, rarest label first, each in random order; a group is counted for the rarest of its labels. */
  #stratify(random: Random): Uint32Array[] {
    const { labels, labelNames, members } = this.#examples
    const counts = new Uint32Array(labelNames.length)
    for (let at = 0; at < members.length; at++) counts[labels[at]!]!++
    const order = [...labelNames.keys()]
      .filter((label) => counts[label]! > 0)
      .toSorted((a, b) => counts[a]! - counts[b]! || (labelNames[a]! < labelNames[b]! ? -1 : 1))
    const ranks = new Uint32Array(labelNames.length)
    order.forEach((label, rank) => (ranks[label] = rank))
    const rankOf = Uint32Array.from(this.#places, (_, group) =>
      this.#labelsOf(group).reduce((least, label) => Math.min(least, ranks[label]!), order.length),
    )
    const rowsOfRank = new Uint32Array(order.length)
    for (const rank of rankOf) rowsOfRank[rank]!++
    const strata = Array.from(rowsOfRank, (count) => new Uint32Array(count))
    rowsOfRank.fill(0)
    rankOf.forEach((rank, group) => (strata[rank]![rowsOfRank[rank]!++] = group))
    return strata.map((stratum, rank) => {
      const mixed = shuffled(stratum, random.fork(`label ${labelNames[order[rank]!]}`))
      const last = mixed.at(-1)
      if (last !== undefined) this.#reserved[last] = 1
      return mixed
    })
  }

  /** Puts as many rows as there is room for into a split, group by group, and returns their number. */
  #fill(groups: Uint32Array, room: number, place: number): number {
    let taken = 0
    for (const group of groups) {
      if (taken === room) break
      const size = this.#size(group)
      if (taken + size > room) continue
      this.#places[group] = place
      taken += size
    }
    return taken
  }

  /** A label all of whose training rows sit in groups of rarer labels may have lost them: its groups come back. */
  #keepLabelsInTraining(groups: Uint32Array): void {
    const trained = new Uint8Array(this.#examples.labelNames.length)
    const keep = (group: number): void => {
      this.#places[group] = train
      for (const label of this.#labelsOf(group)) trained[label] = 1
    }
    for (const group of groups) if (this.#places[group] === train) keep(group)
    for (const group of groups) if (this.#labelsOf(group).some((label) => trained[label] === 0)) keep(group)
  }
}

function concatenated(parts: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let from = 0
  for (const part of parts) {
    all.set(part, from)
    from += part.length
  }
  return all
}

/** `random.shuffle` for numbers that are too many for an array of objects; the same order. */
function shuffled(values: Uint32Array, random: Random): Uint32Array {
  const mixed = values.slice()
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = random.integer(last + 1)
    const value = mixed[last]!
    mixed[last] = mixed[other]!
    mixed[other] = value
  }
  return mixed
}
