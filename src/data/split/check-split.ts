import { counted } from '../counted.ts'
import { excerpt } from '../excerpt.ts'
import { FindingCollector, type DataProblems } from '../finding.ts'
import { groupBy } from '../group-by.ts'
import { nearDuplicateGroups } from '../near-duplicates/near-duplicate-groups.ts'
import { conversationText, placeOf, type LabelOf, type PlacedExample } from '../records/placed-example.ts'
import type { SplitName } from './place-groups.ts'

/**
 * Rules between the parts of a split, for parts that come from files of their own: `label/unseen` (error, code
 * `E_LABEL_UNSEEN`) for a label that is validated or tested but never trained, and `split/leak` (warning) for an
 * evaluated record whose question also is a training record's, near-duplicates included.
 */
export function checkSplit(
  parts: Readonly<Record<SplitName, readonly PlacedExample[]>>,
  options: { readonly labelOf?: LabelOf; readonly nearDuplicateThreshold?: number } = {},
): DataProblems {
  const collector = new FindingCollector()
  for (const name of ['validation', 'test'] as const) {
    if (options.labelOf !== undefined) reportUnseen(name, parts, options.labelOf, collector)
  }
  const placed = (['train', 'validation', 'test'] as const).flatMap((name) =>
    parts[name].map((example) => ({ name, example })),
  )
  const threshold = options.nearDuplicateThreshold
  const groups = nearDuplicateGroups(
    placed.map(({ example }) => conversationText(example)),
    threshold === undefined ? {} : { threshold },
  )
  for (const group of groups) {
    const members = group.flatMap((at) => placed[at] ?? [])
    const trained = members.find(({ name }) => name === 'train')
    if (trained === undefined) continue
    for (const { name, example } of members) {
      if (name === 'train') continue
      collector.add({
        id: 'split/leak',
        severity: 'warning',
        at: placeOf(example),
        message: `this ${name} record asks (nearly) the same as ${trained.example.id}, which is trained`,
        hint: 'remove it from the training data, or let Hone split one file',
      })
    }
  }
  return collector.problems()
}

function reportUnseen(
  name: 'validation' | 'test',
  parts: Readonly<Record<SplitName, readonly PlacedExample[]>>,
  labelOf: LabelOf,
  collector: FindingCollector,
): void {
  const trained = new Set(parts.train.map(labelOf))
  for (const [label, examples] of groupBy(parts[name], labelOf)) {
    if (trained.has(label)) continue
    collector.add({
      id: 'label/unseen',
      severity: 'error',
      code: 'E_LABEL_UNSEEN',
      at: placeOf(examples[0]),
      message: `label ${excerpt(label)} occurs in ${counted(examples.length, `${name} record`)}, but never in training`,
      hint: 'add training records with this label, or remove these',
    })
  }
}
