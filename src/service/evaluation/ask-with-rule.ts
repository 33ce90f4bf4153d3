import { HoneError } from '../../core/errors.ts'
import { correctedRule, likeliestRule, type LabelRule } from '../../evaluate/label-rule.ts'
import { metricsOf } from '../../evaluate/metrics/task-metrics.ts'
import { readExpected } from '../../evaluate/read-candidate.ts'
import { labelsOf, labelsToDecide } from '../run/labels-to-score.ts'
import { evaluatedExample, runCandidates, type RunCandidate } from '../run/run-candidates.ts'
import { askCandidate, type AskedCandidate, type AskOptions } from './ask-candidate.ts'
import { rowsOf, type MeasuredSplit } from './evaluate-answers.ts'
import type { AskedModel, OpenedTask } from './open-task.ts'

/**
 * Asks a candidate its rows. Where the probabilities of the labels decide and are corrected for rare labels, the candidate is
 * asked the validation split too, and the correction is chosen on that: never on rows of the test split.
 *
 * @throws HoneError `E_CONFIG` where labels cannot decide; what `askCandidate` throws
 */
export async function askWithRule(
  task: OpenedTask,
  candidate: RunCandidate,
  model: AskedModel,
  split: MeasuredSplit,
  options: Omit<AskOptions, 'labels'>,
): Promise<AskedCandidate> {
  const { data } = task
  const { decide = 'answer' } = candidate
  const labels =
    decide === 'answer'
      ? labelsOf(data.task, metricsOf(data.task, data.metrics))
      : labelsToDecide(data.task, decide)
  const asked = await askCandidate(candidate, model, { ...options, labels })
  if (decide === 'answer') return asked
  if (decide === 'likeliest') return { ...asked, labelRule: likeliestRule }
  const labelRule = await correctionOf(task, candidate, async (questions) =>
    split === 'validation'
      ? asked
      : askCandidate({ ...candidate, questions, title: `${candidate.title}, validation split` }, model, {
          ...options,
          labels,
        }),
  )
  options.onEvent?.({
    type: 'phase',
    phase: options.phase ?? 'evaluate',
    lines: [correctionLine(candidate.title, labelRule)],
  })
  if (split === 'validation') {
    options.onEvent?.({
      type: 'warning',
      message: `${candidate.title}: the correction was chosen on the validation split, whose scores flatter it`,
    })
  }
  return { ...asked, labelRule }
}

async function correctionOf(
  task: OpenedTask,
  { id }: RunCandidate,
  ask: (questions: RunCandidate['questions']) => Promise<AskedCandidate>,
): Promise<LabelRule> {
  const { config, data } = task
  const rows = rowsOf(task, 'validation')
  const same = runCandidates(config, data.split.train, rows, data.labelOf).find((each) => each.id === id)
  if (rows.length === 0 || same === undefined) {
    throw new HoneError(
      'E_CONFIG',
      'the correction of rare labels needs a validation split to be chosen on',
      {
        at: { file: config.file, pointer: '/task/decide' },
        hint: 'give it some: split.validation, or a file as data.validation; or let task.decide be likeliest',
      },
    )
  }
  const { answers } = await ask(same.questions)
  const expected = readExpected(data.task, rows.map(evaluatedExample))
  const scored = answers.flatMap(({ labelScores, failed }, at) =>
    labelScores === undefined || failed !== undefined
      ? []
      : [{ expected: expected[at]!.read, scores: labelScores }],
  )
  const trained = readExpected(data.task, data.split.train.map(evaluatedExample)).map(({ read }) => read)
  return correctedRule(trained, { split: 'validation', rows: scored })
}

function correctionLine(title: string, { tau, chosenOn }: LabelRule): string {
  const { rows = 0, macroF1 = 0 } = chosenOn ?? {}
  return `${title}: rare labels are made up for with τ = ${tau}, chosen on ${rows} validation rows (macro-F1 ${macroF1.toFixed(3)} there)`
}
