import type { HoneConfig } from '../config/hone-config.ts'
import { checkExamples } from '../data/check-examples.ts'
import { checkSplit } from '../data/check-split.ts'
import { datasetHash } from '../data/content-hash.ts'
import { mergeProblems, problemLines, refuseErrors, type DataProblems } from '../data/finding.ts'
import { answerOf, type LabelOf, type PlacedExample } from '../data/placed-example.ts'
import { readExamples } from '../data/read-examples.ts'
import { splitExamples, type Split } from '../data/split-examples.ts'
import { splitPart } from '../data/split-manifest.ts'
import type { EvaluationTask } from '../evaluate/evaluation-task.ts'
import { labelAsWritten } from '../evaluate/read-label.ts'

export interface RunData {
  readonly split: Split
  readonly task: EvaluationTask
  /** Labels only. */
  readonly labelOf: LabelOf | undefined
  readonly warnings: readonly string[]
  readonly checkLine: string
  /** Records of all splits that carry no system message. */
  readonly withoutSystem: number
}

/**
 * Reads, checks and splits the data of a run.
 *
 * @throws HoneError `E_DATA`, `E_DATA_EMPTY`, `E_DATA_TOO_FEW`, `E_LABEL_UNSEEN`
 */
export async function readRunData(config: HoneConfig, signal: AbortSignal | undefined): Promise<RunData> {
  const read = async (
    file: string,
    minimum?: number,
  ): Promise<{ examples: readonly PlacedExample[]; problems: DataProblems }> =>
    readExamples(file, {
      ...(minimum === undefined ? {} : { minimum }),
      ...(signal === undefined ? {} : { signal }),
      ...(config.system === undefined ? {} : { system: config.system }),
    })
  const main = await read(config.data.train)
  const validation = config.data.validation === undefined ? undefined : await read(config.data.validation, 1)
  const test = config.data.test === undefined ? undefined : await read(config.data.test, 1)

  const labelOf = labelReader(config)
  const { task: taskConfig } = config
  const declared = taskConfig.kind === 'labels' ? taskConfig.labels : undefined
  const checked = checkExamples({
    examples: main.examples,
    ...(labelOf === undefined ? {} : { labelOf }),
    ...(declared === undefined ? {} : { labels: declared }),
  })
  const drawn = splitExamples(main.examples, {
    ...config.split,
    ...(labelOf === undefined ? {} : { labelOf }),
  })
  const split = withOwnFiles(drawn, validation?.examples, test?.examples, labelOf)
  const between = checkSplit(
    { train: split.train, validation: split.validation, test: split.test },
    labelOf === undefined ? {} : { labelOf },
  )
  const parts = [main.problems, validation?.problems, test?.problems, checked, between]
  const problems = mergeProblems(...parts.filter((part) => part !== undefined))
  refuseErrors(problems, config.data.train)
  const warnings = problemLines(problems, 'warning')
  const all = [...split.train, ...split.validation, ...split.test]
  return {
    split,
    labelOf,
    warnings,
    task: taskOf(config, split.train, labelOf),
    checkLine: `${all.length} records, 0 errors, ${warnings.length === 1 ? '1 warning' : `${warnings.length} warnings`}`,
    withoutSystem: all.filter(({ messages }) => messages[0]?.role !== 'system').length,
  }
}

/** The label as the record writes it: reading it leniently here would hide that it is written in two ways. */
function labelReader({ task }: HoneConfig): LabelOf | undefined {
  if (task.kind !== 'labels') return undefined
  return (example) => labelAsWritten(answerOf(example), task.field)
}

function taskOf(
  { task }: HoneConfig,
  training: readonly PlacedExample[],
  labelOf: LabelOf | undefined,
): EvaluationTask {
  if (task.kind !== 'labels') return { kind: task.kind }
  const seen = training.map((example) => labelOf?.(example)).filter((label) => label !== undefined)
  const labels = task.labels ?? [...new Set(seen)].toSorted()
  return { kind: 'labels', labels, ...(task.field === undefined ? {} : { field: task.field }) }
}

function withOwnFiles(
  drawn: Split,
  validation: readonly PlacedExample[] | undefined,
  test: readonly PlacedExample[] | undefined,
  labelOf: LabelOf | undefined,
): Split {
  if (validation === undefined && test === undefined) return drawn
  const parts = { train: drawn.train, validation: validation ?? drawn.validation, test: test ?? drawn.test }
  const manifest = {
    ...drawn.manifest,
    dataset: datasetHash([...parts.train, ...parts.validation, ...parts.test]),
    splits: {
      train: splitPart(parts.train, labelOf),
      validation: splitPart(parts.validation, labelOf),
      test: splitPart(parts.test, labelOf),
    },
  }
  return { ...parts, manifest }
}
