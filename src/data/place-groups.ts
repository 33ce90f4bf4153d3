import type { Random } from '../lib/random.ts'
import { apportion } from './apportion.ts'

export type SplitName = 'train' | 'validation' | 'test'

/** Examples that must stay together: their indices and labels. */
export type SplitGroup = readonly { readonly index: number; readonly label: string }[]

/** A group on its way to a split; it is counted for the rarest of its labels. */
interface Placement {
  readonly group: SplitGroup
  split: SplitName
  /** One group of each label is kept for training. */
  reserved: boolean
}

/**
 * Chooses a split for each group; the result is by example index. The sizes are met exactly where groups are single
 * examples; else the splits come as near as whole groups allow, never above. Depends on the order of the groups only
 * through `random`.
 */
export function placeGroups(
  groups: readonly SplitGroup[],
  sizes: Readonly<Record<'validation' | 'test', number>>,
  random: Random,
): SplitName[] {
  const strata = stratify(groups, random)
  const placements = strata.flat()
  const weights = strata.map(rows)
  for (const split of ['test', 'validation'] as const) {
    const free = strata.map((stratum) => stratum.filter(isFree))
    const seats = apportion(sizes[split], weights, free.map(rows))
    let missing = sizes[split]
    free.forEach((stratum, at) => (missing -= fill(stratum, seats[at] ?? 0, split)))
    // Groups that were too large for their label's seats leave some over.
    fill(random.fork(`rest ${split}`).shuffle(placements.filter(isFree)), missing, split)
  }
  keepLabelsInTraining(placements)
  const places: SplitName[] = Array.from({ length: groups.flat().length }, () => 'train')
  for (const { group, split } of placements) for (const { index } of group) places[index] = split
  return places
}

const isFree = ({ split, reserved }: Placement): boolean => split === 'train' && !reserved

const rows = (placements: readonly Placement[]): number =>
  placements.reduce((sum, { group }) => sum + group.length, 0)

/** The groups by label, rarest label first, each in random order. */
function stratify(groups: readonly SplitGroup[], random: Random): Placement[][] {
  const counts = new Map<string, number>()
  for (const { label } of groups.flat()) counts.set(label, (counts.get(label) ?? 0) + 1)
  const labels = [...counts.keys()].toSorted(
    (a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0) || (a < b ? -1 : 1),
  )
  const ranks = new Map(labels.map((label, rank) => [label, rank]))
  const strata = labels.map((): Placement[] => [])
  for (const group of groups) {
    const rarest = Math.min(...group.map(({ label }) => ranks.get(label) ?? 0))
    strata[rarest]?.push({ group, split: 'train', reserved: false })
  }
  return strata.map((stratum, rank) => {
    const shuffled = random.fork(`label ${labels[rank]}`).shuffle(stratum)
    const last = shuffled.at(-1)
    if (last !== undefined) last.reserved = true
    return shuffled
  })
}

/** Puts as many rows as there is room for into a split, group by group, and returns their number. */
function fill(placements: readonly Placement[], room: number, split: SplitName): number {
  let taken = 0
  for (const placement of placements) {
    const size = placement.group.length
    if (taken + size > room) continue
    placement.split = split
    taken += size
  }
  return taken
}

/** A label all of whose training rows sit in groups of rarer labels may have lost them: its groups come back. */
function keepLabelsInTraining(placements: readonly Placement[]): void {
  const trained = new Set<string>()
  const keep = (placement: Placement): void => {
    placement.split = 'train'
    for (const { label } of placement.group) trained.add(label)
  }
  for (const placement of placements) if (placement.split === 'train') keep(placement)
  for (const placement of placements) {
    if (placement.group.some(({ label }) => !trained.has(label))) keep(placement)
  }
}
