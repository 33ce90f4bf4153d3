import { DuplicateIndex, RecordHasher } from './duplicate-index.ts'
import { FindingCollector, type DataProblems } from '../finding.ts'
import { LabelTally } from './label-tally.ts'
import { placeOf, type LabelOf, type PlacedExample } from '../records/placed-example.ts'
import type { RecordTurn } from '../records/record-turns.ts'
import type { CheckRow, CheckSettings } from './rule.ts'
import { exampleSetRules } from './set-rules.ts'

export interface CheckContext {
  readonly examples: readonly PlacedExample[]
  /** Given when the task has labels. */
  readonly labelOf?: LabelOf
  /** The labels that the task declares. */
  readonly labels?: readonly string[]
}

/**
 * Applies the rules over whole sets to examples in memory. What is wrong with single records was found while reading:
 * `mergeProblems` joins the two.
 *
 * @example
 * const scanned = await scanExamples('data.jsonl')
 * const problems = mergeProblems(scanned.problems, checkExamples({ examples: scanned.examples, labelOf }))
 */
export function checkExamples({ examples, labelOf, labels }: CheckContext): DataProblems {
  const settings: CheckSettings = {
    labels,
    labelOf: labelOf === undefined ? undefined : ({ key }) => readLabel(examples[key], labelOf),
    nameOf: (key) => examples[key]?.id ?? '',
    placeOf: (key) => placeOf(examples[key]),
  }
  const shared = { duplicates: new DuplicateIndex(), labels: new LabelTally() }
  const checks = exampleSetRules.flatMap((rule) => {
    const check = rule.start(settings, shared)
    return check === undefined ? [] : [{ rule, check }]
  })
  const hasher = new RecordHasher()
  for (const [key, example] of examples.entries()) {
    const row = rowOf(example, key, settings)
    const hash = hasher.hash(row)
    if (hash !== undefined) shared.duplicates.place(key, hash)
    shared.labels.take(settings.labelOf === undefined ? row.answer?.text : row.label, key)
    for (const { check } of checks) check.take?.(row)
  }
  const collector = new FindingCollector()
  const summary = { records: examples.length, file: undefined, languageOf: undefined }
  for (const { rule, check } of checks) {
    for (const finding of check.finish(summary)) {
      collector.add({ id: rule.id, severity: rule.severity, ...finding })
    }
  }
  return collector.problems()
}

const readLabel = (example: PlacedExample | undefined, labelOf: LabelOf): string | undefined =>
  example === undefined ? undefined : labelOf(example)

function rowOf(example: PlacedExample, key: number, { labelOf }: CheckSettings): CheckRow {
  let answered = 0
  const turns = example.messages.map(({ role, content }, at): RecordTurn => {
    const learned = role !== 'assistant' || example.learned?.[answered++] !== false
    return { role, text: content, pointer: `/messages/${at}/content`, learned }
  })
  const rejected: RecordTurn[] =
    example.rejected === undefined
      ? []
      : [{ role: 'rejected', text: example.rejected, pointer: '/rejected', learned: true }]
  const row = { key, bytes: 0, record: {}, turns: [...rejected, ...turns], answer: turns.at(-1) }
  return { ...row, label: labelOf?.(row) }
}
