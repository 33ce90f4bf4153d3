import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { HoneConfig } from '../../config/hone-config.ts'
import type { TunedManifest } from '../../core/training-job.ts'
import type { TunedModel } from '../../core/tuner.ts'
import type { Split } from '../../data/split/split-examples.ts'
import type { Evaluation } from '../../evaluate/evaluation.ts'
import { metricsOf } from '../../evaluate/metrics/task-metrics.ts'
import { reportHtml } from '../../evaluate/report/report-html.ts'
import { repeatLines } from '../../evaluate/report/repeat-lines.ts'
import { reportLines } from '../../evaluate/report/report-lines.ts'
import { readJsonFile } from '../../lib/read-json-file.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'
import { freePlace, plannedOf, type DraftJob } from '../train/draft-training.ts'
import { admitServices, costLine, type ServiceCost } from '../evaluation/admit-services.ts'
import type { AskedCandidate, OpenModel } from '../evaluation/ask-candidate.ts'
import { askWithRule } from '../evaluation/ask-with-rule.ts'
import { keepLabelDecision } from '../evaluation/keep-label-decision.ts'
import { evaluateAnswers, looksAt, rowsOf } from '../evaluation/evaluate-answers.ts'
import { findTuned, findTunedFolder } from '../evaluation/find-tuned-folder.ts'
import { openTask, prepareTask, type AskedModel } from '../evaluation/open-task.ts'
import { Spending } from '../evaluation/spending.ts'
import { makeOutput, writeEvaluation } from '../evaluation/stored-evaluation.ts'
import { reportEvidence } from '../evaluation/report-evidence.ts'
import { namedModel } from '../models/named-model.ts'
import { labelsOf } from './labels-to-score.ts'
import { reportFacts } from './report-facts.ts'
import { candidateConstraints } from './candidate-constraints.ts'
import { runCandidates, type RunCandidate } from './run-candidates.ts'
import type { RunData } from './run-data.ts'
import type { RunPhase, RunServiceOptions } from './run-event.ts'
import { resumeJob, startJob, type TrainServiceSettings } from '../train/train-service.ts'

export interface RunOutcome {
  readonly schema: 1
  /** True when the tuned model was shown to be better than the strongest candidate of another model, or had none to beat. */
  readonly passed: boolean
  readonly evaluation: Evaluation
  readonly model: TunedModel
  readonly reportFile: string
  /** How often the test split was looked at by now: runs that asked a model about it, and commands that read it. */
  readonly looks: number
  /** What was taken from an earlier run, in words. */
  readonly reused: readonly string[]
  /** Of services, where any was asked. */
  readonly cost?: ServiceCost
  /** The final table, the verdict and the next steps. */
  readonly lines: readonly string[]
}

export interface RunService {
  /** Check, split, evaluate the base, tune it, evaluate again, report. What an earlier run did is reused, and said. */
  run(config: HoneConfig, options?: RunOptions): Promise<RunOutcome>
}

export interface RunOptions extends RunServiceOptions {
  /** US dollars that services may cost. Default: no limit; what it may cost is said before anything is asked. */
  readonly maxUsd?: number | undefined
}

export interface RunServiceSettings extends TrainServiceSettings {
  /** Opens a base or tuned model by its folder. */
  readonly openModel: OpenModel
}

export function createRunService(settings: RunServiceSettings): RunService {
  return {
    run: (config, options = {}) => run(settings, config, options),
  }
}

async function run(
  settings: RunServiceSettings,
  given: HoneConfig,
  { maxUsd, ...options }: RunOptions,
): Promise<RunOutcome> {
  const { home } = settings
  const { onEvent, force = false } = options
  const spending = new Spending(maxUsd)
  const openModel = spending.guard(settings.openModel)
  const tell = (phase: RunPhase, ...lines: string[]): void => onEvent?.({ type: 'phase', phase, lines })
  const reused: string[] = []
  const task = await openTask({ ...settings, openModel, isQuoted: true }, given, options)
  const { config, data, base, text, baseModel } = task
  const { split } = data
  const prepared = await prepareTask(task)
  tell('tokens', tokensLine(prepared.tokens), ...templateLines(text.template.defaultSystemPrompt, data))

  const constraints = await candidateConstraints(config, data.task)
  const rows = rowsOf(task, 'test')
  const candidates = runCandidates(config, split.train, rows, data.labelOf, { constraints })
  const earlier = force ? undefined : await findTuned(home, config.name, { base, text, prepared })
  const modelOf = (name: string): AskedModel | undefined =>
    name === 'tuned' ? earlier : (task.named.get(name) ?? baseModel)
  const labels = labelsOf(data.task, metricsOf(data.task, data.metrics))
  const costOf = await admitServices(task, { candidates, rows, modelOf, labels }, spending, options)
  const answered = new Map<string, AskedCandidate>()
  const ask = async (candidate: RunCandidate, model: AskedModel): Promise<void> => {
    const answers = await askWithRule(task, candidate, model, 'test', {
      ...options,
      openModel,
      isQuoted: true,
      folder: config.output,
    })
    if (answers.reused === answers.answers.length) reused.push(`the answers of ${candidate.title}`)
    answered.set(candidate.id, answers)
  }
  for (const candidate of candidates) {
    if (candidate.model !== 'tuned') await ask(candidate, task.named.get(candidate.model) ?? baseModel)
  }
  const { model, manifest } = await tuned(settings, config, { base, text, prepared }, options, reused)
  for (const candidate of candidates) {
    if (candidate.model === 'tuned') {
      await ask(candidate, { id: model.id, ...(await namedModel(home, model.id)) })
    }
  }

  const answers = candidates.map(({ id }) => answered.get(id)!)
  const isNew = answers.some((each) => each.reused < each.answers.length)
  const looks = await looksAt(home, split, isNew, { command: 'run', purpose: `evaluate ${config.name}` })
  const evaluation = await evaluateAnswers(task, { split: 'test', candidates, answers, looks }, onEvent)
  await keepLabelDecision(home, evaluation, candidates)
  const cost = costOf?.()
  const reportFile = await writeReport(config, evaluation, manifest, model.folder, split, looks)
  const verdict = evaluation.comparisons.find(({ baseline }) => baseline === evaluation.strongestBaseline)
  return {
    schema: 1,
    passed: verdict === undefined || verdict.verdict === 'better',
    evaluation,
    model,
    reportFile,
    looks,
    reused,
    ...(cost === undefined ? {} : { cost }),
    lines: [
      ...reportLines(evaluation),
      ...repeatLines(evaluation),
      '',
      ...(cost === undefined ? [] : [costLine(cost)]),
      `model     ${model.id}   in ${model.folder}`,
      `report    ${reportFile}`,
      `next      hone chat ${model.id}     hone models show ${model.id}`,
    ],
  }
}

type Draft = Pick<DraftJob, 'base' | 'text' | 'prepared'>

/** The tuned model: one that an earlier run made of the same job, the rest of one that was cut off, or a new one. */
async function tuned(
  settings: RunServiceSettings,
  config: HoneConfig,
  draft: Draft,
  { signal, onEvent, force = false }: RunServiceOptions,
  reused: string[],
): Promise<{ model: TunedModel; manifest: TunedManifest }> {
  const { home } = settings
  const folder = force ? undefined : await findTunedFolder(home, config.name, draft)
  const trainOptions = { signal, onEvent }
  let model: TunedModel
  if (folder !== undefined) {
    const finished = (await readJsonFile(join(folder, 'manifest.json'), 'E_MODEL_FILE')) !== undefined
    reused.push(finished ? 'the tuned model' : 'the checkpoint of an interrupted run')
    model = await resumeJob(settings, folder, trainOptions)
  } else {
    const place = await freePlace(home, config.name)
    onEvent?.({ type: 'planned', plan: await plannedOf({ ...draft, ...place }, settings.threads) })
    model = await startJob(settings, { ...draft, ...place }, trainOptions)
  }
  const manifest = JSON.parse(await readFile(join(model.folder, 'manifest.json'), 'utf8')) as TunedManifest
  return { model, manifest }
}

async function writeReport(
  config: HoneConfig,
  evaluation: Evaluation,
  manifest: TunedManifest,
  modelFolder: string,
  split: Split,
  looks: number,
): Promise<string> {
  const { facts, training } = await reportFacts(manifest, modelFolder, split.manifest, looks)
  const reportFile = join(config.output, 'report.html')
  await makeOutput(config)
  await replaceFileWith(join(config.output, 'split.json'), `${JSON.stringify(split.manifest, null, 2)}\n`)
  await writeEvaluation(config, evaluation)
  const evidence = await reportEvidence(config, evaluation)
  await replaceFileWith(
    reportFile,
    reportHtml({ title: config.name, evaluation, training, facts, ...evidence }),
  )
  return reportFile
}

function tokensLine(tokens: DraftJob['prepared']['tokens']): string {
  const { mean, p95, longest, context, trained } = tokens
  return `mean ${Math.round(mean)} · p95 ${p95} · answers ${Math.round(trained)} · nothing cut (longest ${longest} of ${context})`
}

function templateLines(defaultSystemPrompt: string | undefined, { withoutSystem }: RunData): string[] {
  if (defaultSystemPrompt === undefined || withoutSystem === 0) return []
  return [
    `${withoutSystem} records have no system prompt; the template adds its own: "${defaultSystemPrompt}"`,
  ]
}
