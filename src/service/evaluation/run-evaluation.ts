import { join } from 'node:path'
import { idOfCandidate } from '../../config/candidate-schema.ts'
import type { HoneConfig } from '../../config/hone-config.ts'
import { parseGateRule } from '../../config/parse-gate-rule.ts'
import { HoneError } from '../../core/errors.ts'
import type { Evaluation } from '../../evaluate/evaluation.ts'
import { metricsOf } from '../../evaluate/metrics/task-metrics.ts'
import { reportLines } from '../../evaluate/report/report-lines.ts'
import { repeatLines } from '../../evaluate/report/repeat-lines.ts'
import { isSafetyRule } from '../../evaluate/safety/safety-rules.ts'
import { safetyLines } from '../../evaluate/safety/safety-lines.ts'
import { closestWord } from '../../lib/closest-word.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'
import type { DraftSettings } from '../train/draft-training.ts'
import { namedModel } from '../models/named-model.ts'
import { candidateConstraints } from '../run/candidate-constraints.ts'
import { runCandidates } from '../run/run-candidates.ts'
import type { RunServiceOptions } from '../run/run-event.ts'
import { admitServices, costLine, type ServiceCost } from './admit-services.ts'
import type { AskedCandidate, OpenModel } from './ask-candidate.ts'
import { labelsOf } from '../run/labels-to-score.ts'
import { askWithRule } from './ask-with-rule.ts'
import { evaluateAnswers, looksAt, rowsOf, type MeasuredSplit } from './evaluate-answers.ts'
import { keepLabelDecision } from './keep-label-decision.ts'
import { findTuned } from './find-tuned-folder.ts'
import { openTask, prepareTask, type AskedModel, type OpenedTask } from './open-task.ts'
import { runSafety, type StoredSafety } from './run-safety.ts'
import { Spending } from './spending.ts'
import { writeEvaluation } from './stored-evaluation.ts'

export interface EvalRequest {
  readonly config: HoneConfig
  /** Default `test`. */
  readonly split?: MeasuredSplit | undefined
  /** Ids of the candidates that are asked. Default: all of the configuration. */
  readonly candidates?: readonly string[] | undefined
  /** Id of the tuned model. Default: the one that was made of this configuration. */
  readonly tuned?: string | undefined
  /** Ask base and tuned model the questions of the safety suite too. */
  readonly safety?: boolean | undefined
  /** US dollars that services may cost. Default: no limit; what it may cost is said before anything is asked. */
  readonly maxUsd?: number | undefined
}

export interface EvalOutcome {
  readonly schema: 1
  readonly evaluation: Evaluation
  /** Where it is kept. */
  readonly file: string
  /** Answers that were given now, and those of earlier runs. */
  readonly asked: number
  readonly reused: number
  /** Questions without an answer; they are asked again by the next run. */
  readonly failed: number
  /** Of services, where any was asked. */
  readonly cost?: ServiceCost
  /** With the safety suite only. */
  readonly safety?: StoredSafety
  readonly lines: readonly string[]
}

export interface EvalSettings extends DraftSettings {
  /** Opens a base or tuned model by its folder. */
  readonly openModel: OpenModel
}

/**
 * Asks all candidates of a configuration the rows of a split, and compares what they answer. Every answer is on disk as soon as
 * it came, and is not asked for again.
 *
 * @throws HoneError `E_CONFIG` for a candidate that is not there, `E_MODEL_UNKNOWN` when the tuned model is not there yet,
 * `E_DATA_EMPTY` when the split has no rows, and what reading the data and asking throw
 */
export async function runEvaluation(
  settings: EvalSettings,
  request: EvalRequest,
  options: RunServiceOptions,
): Promise<EvalOutcome> {
  const { split = 'test', safety = false } = request
  const spending = new Spending(request.maxUsd)
  const openModel = spending.guard(settings.openModel)
  const task = await openTask({ ...settings, openModel, isQuoted: true }, withCandidates(request), options)
  const { config, data } = task
  const rows = rowsOf(task, split)
  if (rows.length === 0) {
    throw new HoneError('E_DATA_EMPTY', `the ${split} split has no rows`, {
      at: { file: config.file },
      hint: `give it some: split.${split}, or a file as data.${split}`,
    })
  }
  const constraints = await candidateConstraints(config, data.task)
  const candidates = runCandidates(config, data.split.train, rows, data.labelOf, {
    constraints,
    tuned: request.tuned,
  })
  const needsTuned = safety || candidates.some(({ model }) => model === 'tuned')
  const tuned = needsTuned ? await tunedModel(settings.home, task, request.tuned) : undefined
  const modelOf = (name: string): AskedModel =>
    name === 'tuned' ? tuned! : (task.named.get(name) ?? task.baseModel)
  const labels = labelsOf(data.task, metricsOf(data.task, data.metrics))
  const answered: AskedCandidate[] = []
  const ask = { ...options, openModel, isQuoted: true, folder: config.output }
  const costOf = await admitServices(task, { candidates, rows, modelOf, labels }, spending, options)
  for (const candidate of candidates) {
    answered.push(await askWithRule(task, candidate, modelOf(candidate.model), split, ask))
  }
  const asked = answered.reduce((sum, each) => sum + each.asked, 0)
  const reused =
    candidates.reduce((sum, { questions, repeats = 1 }) => sum + questions.length * repeats, 0) - asked
  const looks =
    split === 'test'
      ? await looksAt(settings.home, data.split, asked > 0, {
          command: 'eval run',
          purpose: `evaluate ${config.name}`,
        })
      : undefined
  const evaluation = await evaluateAnswers(
    task,
    { split, candidates, answers: answered, looks },
    options.onEvent,
  )
  if (split === 'test') await keepLabelDecision(settings.home, evaluation, candidates)
  const file = await writeEvaluation(config, evaluation)
  await replaceFileWith(
    join(config.output, 'split.json'),
    `${JSON.stringify(data.split.manifest, null, 2)}\n`,
  )
  const measured =
    safety && tuned !== undefined ? await runSafety(config, { base: task.baseModel, tuned }, ask) : undefined
  const cost = costOf?.()
  const failed = evaluation.candidates.reduce((sum, each) => sum + each.failed, 0)
  return {
    schema: 1,
    evaluation,
    file,
    asked,
    reused,
    failed,
    ...(cost === undefined ? {} : { cost }),
    ...(measured === undefined ? {} : { safety: measured }),
    lines: [
      ...reportLines(evaluation),
      ...repeatLines(evaluation),
      ...(measured === undefined ? [] : ['', ...safetyLines(measured.report)]),
      '',
      ...(cost === undefined ? [] : [costLine(cost)]),
      `answers   ${asked} asked, ${reused} from earlier runs, ${failed} failed`,
      `kept in   ${file}`,
      `next      hone eval report ${config.file}     hone eval rows ${config.file} --failed${gateHint(config, measured)}`,
    ],
  }
}

/** The next command, where there are rules; one about the safety suite asks it. */
function gateHint({ gate, file }: HoneConfig, measured: StoredSafety | undefined): string {
  if (gate === undefined) return ''
  const needsSafety = gate
    .map(parseGateRule)
    .some((rule) => isSafetyRule(rule) || rule.set?.toLowerCase() === 'safety')
  return `     hone gate ${file}${needsSafety && measured === undefined ? ' --safety' : ''}`
}

/** The configuration with the candidates that are wanted. */
function withCandidates({ config, candidates }: EvalRequest): HoneConfig {
  if (candidates === undefined) return config
  const known = config.evaluation.candidates
  const ids = known.map(idOfCandidate)
  const stranger = candidates.find((id) => !ids.includes(id))
  if (stranger !== undefined) {
    const meant = closestWord(stranger, ids)
    throw new HoneError('E_CONFIG', `there is no candidate "${stranger}" in the configuration`, {
      at: { file: config.file, pointer: '/evaluation/candidates' },
      hint: meant === undefined ? `there are: ${ids.join(', ')}` : `did you mean "${meant}"?`,
    })
  }
  return {
    ...config,
    evaluation: {
      ...config.evaluation,
      candidates: known.filter((candidate) => candidates.includes(idOfCandidate(candidate))),
    },
  }
}

async function tunedModel(home: string, task: OpenedTask, id: string | undefined): Promise<AskedModel> {
  if (id !== undefined) return { id, ...(await namedModel(home, id)) }
  const { config, base, text } = task
  const found = await findTuned(home, config.name, { base, text, prepared: await prepareTask(task) })
  if (found !== undefined) return found
  throw new HoneError('E_MODEL_UNKNOWN', 'the model that this configuration tunes is not here yet', {
    at: { file: config.file },
    hint: `make it: hone run ${config.file}; or name another as --tuned ID, or measure others with --candidates base`,
  })
}
