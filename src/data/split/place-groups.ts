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
 * @param groupOf of each example any number that those of its group share; changed in place
 */
export function groupExamples(
  order: Uint32Array,
  groupOf: Uint32Array,
): Pick<GroupedExamples, 'members' | 'starts'> {
  const groups = numberInOrder(order, groupOf)
  const starts = new Uint32Array(groups + 1)
  for (const group of groupOf) starts[group]!++
  let end = 0
  for (let group = 0; group <= groups; group++) starts[group] = end += starts[group]!
  // From the last to the first, so that each group's end moves to its start.
  const members = new Uint32Array(order.length)
  for (let at = order.length - 1; at >= 0; at--) members[--starts[groupOf[order[at]!]!]!] = order[at]!
  return { members, starts }
}

/** Numbers the groups from 0, in the order of their first examples. Returns how many there are. */
function numberInOrder(order: Uint32Array, groupOf: Uint32Array): number {
  const highest = groupOf.reduce((most, group) => Math.max(most, group), 0)
  const numbers = new Int32Array(highest + 1).fill(-1)
  let groups = 0
  for (const index of order) {
    const group = groupOf[index]!
    if (numbers[group]! < 0) numbers[group] = groups++
    groupOf[index] = numbers[group]!
  }
  return groups
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
    const { all, strata } = this.#stratify(random)
    const weights = strata.map((stratum) => this.#rows(stratum, () => true))
    for (const split of ['test', 'validation'] as const) {
      const free = strata.map((stratum) => this.#rows(stratum, (group) => this.#isFree(group)))
      const seats = apportion(sizes[split], weights, free)
      let missing = sizes[split]
      strata.forEach((stratum, at) => (missing -= this.#fill(stratum, seats[at] ?? 0, placeOf[split])))
      if (missing === 0) continue
      // Groups that were too large for their label's seats leave some over.
      const rest = all.filter((group) => this.#isFree(group))
      shuffle(rest, random.fork(`rest ${split}`))
      this.#fill(rest, missing, placeOf[split])
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

  #rows(groups: Uint32Array, isCounted: (group: number) => boolean): number {
    return groups.reduce((sum, group) => sum + (isCounted(group) ? this.#size(group) : 0), 0)
  }

  /** Visits the label of each example of a group. */
  #labelsOf(group: number, visit: (label: number) => void): void {
    const { members, starts, labels } = this.#examples
    for (let at = starts[group]!; at < starts[group + 1]!; at++) visit(labels[members[at]!]!)
  }

  /**
   * The groups by label, rarest label first, each in random order; a group is counted for the rarest of its labels.
   *
   * @returns `all` groups, and `strata`, the parts of it
   */
  #stratify(random: Random): { readonly all: Uint32Array; readonly strata: readonly Uint32Array[] } {
    const { labels, labelNames, members } = this.#examples
    const counts = new Uint32Array(labelNames.length)
    for (let at = 0; at < members.length; at++) counts[labels[at]!]!++
    const order = [...labelNames.keys()]
      .filter((label) => counts[label]! > 0)
      .toSorted((a, b) => counts[a]! - counts[b]! || (labelNames[a]! < labelNames[b]! ? -1 : 1))
    const ranks = new Uint32Array(labelNames.length)
    order.forEach((label, rank) => (ranks[label] = rank))
    const rankOf = (group: number): number => {
      let least = order.length
      this.#labelsOf(group, (label) => (least = Math.min(least, ranks[label]!)))
      return least
    }
    const all = new Uint32Array(this.#places.length)
    const starts = new Uint32Array(order.length + 1)
    for (let group = 0; group < all.length; group++) starts[rankOf(group) + 1]!++
    for (let rank = 0; rank < order.length; rank++) starts[rank + 1]! += starts[rank]!
    const next = starts.slice()
    for (let group = 0; group < all.length; group++) all[next[rankOf(group)]!++] = group
    const strata = order.map((label, rank) => {
      const stratum = all.subarray(starts[rank], starts[rank + 1])
      shuffle(stratum, random.fork(`label ${labelNames[label]}`))
      const last = stratum.at(-1)
      if (last !== undefined) this.#reserved[last] = 1
      return stratum
    })
    return { all, strata }
  }

  /** Puts as many rows as there is room for into a split, group by group, and returns their number. */
  #fill(groups: Uint32Array, room: number, place: number): number {
    let taken = 0
    for (const group of groups) {
      if (taken === room) break
      if (!this.#isFree(group)) continue
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
      this.#labelsOf(group, (label) => (trained[label] = 1))
    }
    for (const group of groups) if (this.#places[group] === train) keep(group)
    for (const group of groups) {
      let isLost = false
      this.#labelsOf(group, (label) => (isLost ||= trained[label] === 0))
      if (isLost) keep(group)
    }
  }
}

/** `random.shuffle` in place, for numbers that are too many for an array of objects; the same order. */
function shuffle(values: Uint32Array, random: Random): void {
  for (let last = values.length - 1; last > 0; last--) {
    const other = random.integer(last + 1)
    const value = values[last]!
    values[last] = values[other]!
    values[other] = value
  }
}
