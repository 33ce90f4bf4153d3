import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { HoneConfig } from '../config/hone-config.ts'
import type { ChatModel, WaitOptions } from '../core/chat-model.ts'
import type { TunedManifest } from '../core/training-job.ts'
import type { TunedModel } from '../core/tuner.ts'
import type { Split } from '../data/split-examples.ts'
import { readBaseFolder } from '../engine/weights/base-folder.ts'
import { createEvaluation, evaluationJson } from '../evaluate/create-evaluation.ts'
import type { Evaluation } from '../evaluate/evaluation.ts'
import { metricsOf } from '../evaluate/metrics/task-metrics.ts'
import { reportHtml } from '../evaluate/report/report-html.ts'
import { reportLines } from '../evaluate/report/report-lines.ts'
import { freeDiskBytes } from '../lib/free-disk.ts'
import { diskError } from '../lib/disk-error.ts'
import { modelsFolder } from '../lib/home-layout.ts'
import { readJsonFile } from '../lib/read-json-file.ts'
import { replaceFileWith } from '../lib/replace-file.ts'
import { loadModelText } from '../text/load-chat-text.ts'
import { countLooks, recordLook, sealTestSplit } from '../store/seals.ts'
import type { DataEvent } from './data-event.ts'
import { ensureBase } from './ensure-base.ts'
import { labelsOf } from './labels-to-score.ts'
import { withDataFiles } from './find-data-files.ts'
import { prepareTraining } from './prepare-training.ts'
import { freePlace, plannedOf, type DraftJob } from './draft-training.ts'
import { namedModel } from './named-model.ts'
import { askCandidate, evaluatedExample, isNamedModel, modelIdOf, runCandidates } from './run-candidates.ts'
import { readRunData, type RunData } from './run-data.ts'
import { priceOf } from './price-of.ts'
import { reportFacts } from './report-facts.ts'
import { sameJob } from './same-job.ts'
import { resumeJob, startJob, type TrainServiceEvent, type TrainServiceSettings } from './train-service.ts'

export type RunPhase = 'base' | 'check' | 'split' | 'tokens' | 'evaluate' | 'train' | 'report'

export type RunEvent =
  | { readonly type: 'phase'; readonly phase: RunPhase; readonly lines: readonly string[] }
  | {
      readonly type: 'progress'
      readonly phase: RunPhase
      readonly candidate?: string
      readonly done: number
      readonly total: number
    }
  | DataEvent
  | TrainServiceEvent

export interface RunOutcome {
  readonly schema: 1
  /** True when the tuned model was shown to be better than the strongest other candidate, or had none to beat. */
  readonly passed: boolean
  readonly evaluation: Evaluation
  readonly model: TunedModel
  readonly reportFile: string
  /** How often the test split was looked at by now: runs that asked a model about it, and commands that read it. */
  readonly looks: number
  /** What was taken from an earlier run, in words. */
  readonly reused: readonly string[]
  /** The final table, the verdict and the next steps. */
  readonly lines: readonly string[]
}

export interface RunServiceOptions {
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: ((event: RunEvent) => void) | undefined
  /** Do everything anew. */
  readonly force?: boolean | undefined
}

export interface RunService {
  /** Check, split, evaluate the base, tune it, evaluate again, report. What an earlier run did is reused, and said. */
  run(config: HoneConfig, options?: RunServiceOptions): Promise<RunOutcome>
}

export interface RunServiceSettings extends TrainServiceSettings {
  /** Opens a base or tuned model by its folder. */
  readonly openModel: (folder: string, options?: WaitOptions) => Promise<ChatModel>
}

export function createRunService(settings: RunServiceSettings): RunService {
  return {
    run: (config, options = {}) => run(settings, config, options),
  }
}

async function run(
  settings: RunServiceSettings,
  given: HoneConfig,
  options: RunServiceOptions,
): Promise<RunOutcome> {
  const { home, pull, openModel } = settings
  const { signal, onEvent, force = false } = options
  const tell = (phase: RunPhase, ...lines: string[]): void => onEvent?.({ type: 'phase', phase, lines })
  const reused: string[] = []
  const config = await withDataFiles(home, given)

  const prices = new Map(
    Object.entries(config.evaluation.prices ?? {}).map(([id, price]) => [id, priceOf(price)]),
  )
  // Before anything else is done: a name that is not there would be found out late.
  const named = new Map<string, Awaited<ReturnType<typeof namedModel>>>()
  for (const id of config.evaluation.candidates) {
    if (isNamedModel(id)) named.set(id, await namedModel(home, modelIdOf(id)))
  }
  const data = await readRunData(config, signal)
  tell('check', data.checkLine, ...data.warnings)
  const { split, task, labelOf } = data
  tell('split', splitLine(split, config))
  const folder = await ensureBase(config.base, {
    home,
    signal,
    pull,
    onEvent: (event) => onEvent?.({ type: 'base', event }),
  })
  const base = await readBaseFolder(folder)
  const text = await loadModelText(folder)
  const { maxTokens, ...overrides } = config.training
  const prepared = prepareTraining({
    base,
    text,
    training: split.train,
    validation: split.validation,
    overrides,
    maxTokens,
    freeDiskBytes: await freeDiskBytes(config.output),
  })
  tell('tokens', tokensLine(prepared.tokens), ...templateLines(text.template.defaultSystemPrompt, data))

  const test =
    config.evaluation.limit === undefined ? split.test : split.test.slice(0, config.evaluation.limit)
  const candidates = runCandidates(config, split.train, test, labelOf)
  const answersFolder = join(config.output, 'answers')
  const labelsToScore = labelsOf(task, metricsOf(task, data.metrics))
  const ask = async (
    candidate: (typeof candidates)[number],
    modelFolder: string,
    modelKey: string,
  ): Promise<Awaited<ReturnType<typeof askCandidate>>> => {
    const answers = await askCandidate(
      candidate,
      force ? `${modelKey} ${Date.now()}` : modelKey,
      answersFolder,
      () => openModel(modelFolder, signal === undefined ? {} : { signal }),
      {
        maxTokens: config.evaluation.maxTokens,
        ...(labelsToScore === undefined ? {} : { labels: labelsToScore }),
        ...(signal === undefined ? {} : { signal }),
        onProgress: (done, total) =>
          onEvent?.({ type: 'progress', phase: 'evaluate', candidate: candidate.title, done, total }),
      },
    )
    if (answers.reused) reused.push(`the answers of ${candidate.title}`)
    const total = answers.answers.length
    tell(
      'evaluate',
      `${candidate.title}: ${total} of ${total}${answers.reused ? ', reused from an earlier run' : ''}`,
    )
    return answers
  }

  const answered = new Map<string, Awaited<ReturnType<typeof ask>>>()
  const baseKey = `${base.weightsKey} ${text.template.hash}`
  for (const candidate of candidates) {
    if (candidate.id === 'tuned') continue
    const other = named.get(candidate.id)
    answered.set(candidate.id, await ask(candidate, other?.folder ?? folder, other?.key ?? baseKey))
  }
  const { model, manifest } = await tuned(settings, config, { base, text, prepared }, options, reused)
  for (const candidate of candidates) {
    if (candidate.id !== 'tuned') continue
    const key = `${baseKey} ${manifest.data.training.sha256} ${JSON.stringify(manifest.settings)} ${manifest.createdAt}`
    answered.set(candidate.id, await ask(candidate, model.folder, key))
  }

  const looks = await looksAt(
    home,
    config,
    split,
    [...answered.values()].some((each) => !each.reused),
  )
  const evaluation = createEvaluation({
    task,
    split: 'test',
    examples: test.map(evaluatedExample),
    candidates: candidates.flatMap(({ id }) => {
      const price = prices.get(id)
      const answers = answered.get(id)
      return answers === undefined ? [] : { ...answers, ...(price === undefined ? {} : { price }) }
    }),
    ...(answered.has('tuned') ? { challenger: 'tuned' } : {}),
    moreMetrics: data.metrics,
    settings: { seed: config.split.seed },
    looks,
  })
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
    lines: [
      ...reportLines(evaluation),
      '',
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
  const models = modelsFolder(home)
  let folder: string | undefined
  const names = force ? [] : await readdir(models).catch((): string[] => [])
  for (const name of names.filter((candidate) => candidate.startsWith(`${config.name}-`)).toSorted()) {
    if (await sameJob(join(models, name), draft)) folder = join(models, name)
  }
  const trainOptions = { signal, onEvent }
  let model: TunedModel
  if (folder !== undefined) {
    const finished = (await readJsonFile(join(folder, 'manifest.json'), 'E_MODEL_FILE')) !== undefined
    reused.push(finished ? 'the tuned model' : 'the checkpoint of an interrupted run')
    model = await resumeJob(settings, folder, trainOptions)
  } else {
    const place = await freePlace(home, config.name)
    onEvent?.({ type: 'planned', plan: await plannedOf({ ...draft, ...place }, settings.threads) })
    await mkdir(place.folder, { recursive: true }).catch(async (error: unknown) => {
      throw await diskError(error, place.folder)
    })
    model = await startJob(settings, { ...draft, ...place }, trainOptions)
  }
  const manifest = JSON.parse(await readFile(join(model.folder, 'manifest.json'), 'utf8')) as TunedManifest
  return { model, manifest }
}

/** Seals the test split, and writes down that models were asked about it. Answers of an earlier run are no new look. */
async function looksAt(home: string, { name }: HoneConfig, split: Split, isNew: boolean): Promise<number> {
  const { hash } = split.manifest.splits.test
  const before = await countLooks(home, hash)
  if (!isNew && before > 0) return before
  await sealTestSplit(home, hash, null)
  return recordLook(home, hash, { command: 'run', purpose: `evaluate ${name}` })
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
  await mkdir(config.output, { recursive: true }).catch(async (error: unknown) => {
    throw await diskError(error, config.output)
  })
  await replaceFileWith(join(config.output, 'split.json'), `${JSON.stringify(split.manifest, null, 2)}\n`)
  await replaceFileWith(join(config.output, 'evaluation.json'), evaluationJson(evaluation))
  await replaceFileWith(reportFile, reportHtml({ title: config.name, evaluation, training, facts }))
  return reportFile
}

function splitLine({ train, validation, test, manifest }: Split, { split }: HoneConfig): string {
  const sizes = `${train.length} train · ${validation.length} validation · ${test.length} test`
  const groups = manifest.nearDuplicates.groups
  const near = groups === 0 ? '' : `, ${groups} groups of near-duplicates kept together`
  return `${sizes}${near}, seed ${split.seed} · test split sealed (${manifest.splits.test.hash.slice(0, 12)})`
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
