import { idOfCandidate } from '../../config/candidate-schema.ts'
import type { PlacedExample } from '../../data/records/placed-example.ts'
import type { Split } from '../../data/split/split-examples.ts'
import { createEvaluation } from '../../evaluate/create-evaluation.ts'
import type { Evaluation } from '../../evaluate/evaluation.ts'
import { metricsOf } from '../../evaluate/metrics/task-metrics.ts'
import type { CandidateAnswers } from '../../evaluate/read-candidate.ts'
import { countLooks, recordLook, sealTestSplit } from '../../store/seals.ts'
import type { RunCandidate } from '../run/run-candidates.ts'
import type { RunServiceOptions } from '../run/run-event.ts'
import { evaluatedRow } from './evaluated-row.ts'
import { judgeAnswers } from './judge-answers.ts'
import { readImported } from './imported-answers.ts'
import type { OpenedTask } from './open-task.ts'

/** The splits that can be measured; the training rows are in the prompts and in the weights. */
export type MeasuredSplit = 'validation' | 'test'

/** The rows of a split that are asked. */
export function rowsOf(
  { config, data }: Pick<OpenedTask, 'config' | 'data'>,
  split: MeasuredSplit,
): readonly PlacedExample[] {
  const rows = data.split[split]
  const { limit } = config.evaluation
  return limit === undefined ? rows : rows.slice(0, limit)
}

interface Answered {
  readonly split: MeasuredSplit
  readonly candidates: readonly Pick<RunCandidate, 'id' | 'model'>[]
  readonly answers: readonly CandidateAnswers[]
  readonly looks: number | undefined
}

/**
 * Scores the answers of candidates to the rows of a split, and those that were imported for it. The tuned candidate is compared
 * with the others, where there is one.
 */
export async function evaluateAnswers(
  { config, data, prices, judge }: Pick<OpenedTask, 'config' | 'data' | 'prices' | 'judge'>,
  { split, candidates, answers, looks }: Answered,
  onEvent: RunServiceOptions['onEvent'],
): Promise<Evaluation> {
  const rows = rowsOf({ config, data }, split)
  const examples = rows.map(evaluatedRow)
  const imported = await readImported(
    config,
    split,
    examples,
    new Set(config.evaluation.candidates.map(idOfCandidate)),
    metricsOf(data.task, data.metrics),
  )
  if (imported.lines.length > 0) onEvent?.({ type: 'phase', phase: 'evaluate', lines: imported.lines })
  const tuned = candidates.filter(({ model }) => model === 'tuned').map(({ id }) => id)
  const challenger = tuned.includes('tuned') ? 'tuned' : (tuned[0] ?? answers.at(-1)?.id)
  const given = [...answers, ...imported.answers]
  const judged = judge === undefined ? undefined : await judgeAnswers(judge, examples, given)
  const evaluation = createEvaluation({
    task: data.task,
    split,
    examples,
    candidates: (judged?.candidates ?? given).map((each) => {
      const { id, title, description, model, labelRule } = each
      const price = prices.get(id)
      return {
        id,
        ...(title === undefined ? {} : { title }),
        description,
        ...(model === undefined ? {} : { model }),
        answers: each.answers,
        ...(labelRule === undefined ? {} : { labelRule }),
        ...(price === undefined ? {} : { price }),
      }
    }),
    ...(challenger === undefined ? {} : { challenger }),
    moreMetrics: data.metrics,
    settings: { seed: config.split.seed },
    ...(looks === undefined ? {} : { looks }),
  })
  return judged === undefined ? evaluation : { ...evaluation, judge: judged.facts }
}

/** Seals the test split, and writes down that models were asked about it. Answers of an earlier run are no new look. */
export async function looksAt(
  home: string,
  { manifest }: Split,
  isNew: boolean,
  look: { readonly command: string; readonly purpose: string },
): Promise<number> {
  const { hash } = manifest.splits.test
  const before = await countLooks(home, hash)
  if (!isNew && before > 0) return before
  await sealTestSplit(home, hash, null)
  return recordLook(home, hash, look)
}
