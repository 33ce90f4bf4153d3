import type { HoneConfig } from '../../config/hone-config.ts'
import { HoneError } from '../../core/errors.ts'
import { checkExamples } from '../../data/check/check-examples.ts'
import { checkSplit } from '../../data/split/check-split.ts'
import { datasetHash } from '../../data/content-hash.ts'
import { mergeProblems, problemLines, refuseErrors, type DataProblems } from '../../data/finding.ts'
import { answerOf, type LabelOf, type PlacedExample } from '../../data/records/placed-example.ts'
import { readExamples } from '../../data/records/read-examples.ts'
import { splitExamples, type Split } from '../../data/split/split-examples.ts'
import { splitPart } from '../../data/split/split-manifest.ts'
import type { EvaluationTask } from '../../evaluate/evaluation-task.ts'
import type { Metric } from '../../evaluate/metrics/metric.ts'
import { labelAsWritten } from '../../evaluate/read-label.ts'
import { readTask } from './read-task.ts'

export interface RunData {
  readonly split: Split
  readonly task: EvaluationTask
  /** Metrics that are made for this task. */
  readonly metrics: readonly Metric[]
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
      ...(config.task.group === undefined ? {} : { group: config.task.group }),
    })
  // Before the data are read: a metric that cannot be loaded would be found out late.
  const loaded = await readTask(config.task, signal)
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
    ...(config.task.group === undefined ? {} : { groupKey: config.task.group }),
  })
  const split = withOwnFiles(drawn, validation?.examples, test?.examples, labelOf)
  const between = checkSplit(
    { train: split.train, validation: split.validation, test: split.test },
    labelOf === undefined ? {} : { labelOf },
  )
  const parts = [main.problems, validation?.problems, test?.problems, checked, between]
  const problems = mergeProblems(...parts.filter((part) => part !== undefined))
  refuseErrors(problems, config.data.train)
  const warnings = [...problemLines(problems, 'warning'), ...groupWarnings(config, split)]
  const all = [...split.train, ...split.validation, ...split.test]
  return {
    split,
    labelOf,
    warnings,
    task: taskOf(loaded.task, split.train, labelOf),
    metrics: loaded.metrics,
    checkLine: `${all.length} records, 0 errors, ${warnings.length === 1 ? '1 warning' : `${warnings.length} warnings`}`,
    withoutSystem: all.filter(({ messages }) => messages[0]?.role !== 'system').length,
  }
}

/** @throws HoneError `E_CONFIG` where no record says what it belongs to */
function groupWarnings({ task, data }: HoneConfig, { train, validation, test }: Split): string[] {
  const { group: key } = task
  if (key === undefined) return []
  const all = [...train, ...validation, ...test]
  const without = all.filter(({ group }) => group === undefined).length
  if (without === all.length) {
    throw new HoneError('E_CONFIG', `none of ${all.length} records has the key "${key}" of task.group`, {
      at: { file: data.train },
      hint: 'name a key of the records, or of their metadata',
    })
  }
  const trained = new Set(train.map(({ group }) => group))
  const shared = new Set(
    [...validation, ...test].flatMap(({ group }) =>
      group !== undefined && trained.has(group) ? [group] : [],
    ),
  )
  return [
    ...(without === 0
      ? []
      : [`${without} of ${all.length} records have no "${key}", and count as a group each`]),
    ...(shared.size === 0
      ? []
      : [
          `${shared.size} groups of "${key}" are trained and also measured: their rows are easier than those of new groups`,
        ]),
  ]
}

/** The label as the record writes it: reading it leniently here would hide that it is written in two ways. */
function labelReader({ task }: HoneConfig): LabelOf | undefined {
  if (task.kind !== 'labels') return undefined
  return (example) => labelAsWritten(answerOf(example), task.field)
}

/** Labels that the configuration does not list are those of the training data. */
function taskOf(
  task: EvaluationTask,
  training: readonly PlacedExample[],
  labelOf: LabelOf | undefined,
): EvaluationTask {
  if (task.kind !== 'labels') return task
  const seen = training.map((example) => labelOf?.(example)).filter((label) => label !== undefined)
  // One label, whichever way its characters are put together: answers are read so too.
  const byForm = new Map(seen.toSorted().map((label) => [label.normalize('NFC'), label]))
  const labels = task.labels.length > 0 ? task.labels : [...byForm.values()]
  if (task.abstain === undefined || labels.includes(task.abstain)) return { ...task, labels }
  throw new HoneError('E_CONFIG', `task.abstain is "${task.abstain}", which is none of the labels`, {
    hint: `the labels are ${labels.slice(0, 20).join(', ')}`,
  })
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
