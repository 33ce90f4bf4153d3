import { idOfCandidate } from '../../config/candidate-schema.ts'
import type { HoneConfig } from '../../config/hone-config.ts'
import type { JudgeConfig } from '../../config/judge-schema.ts'
import { HoneError } from '../../core/errors.ts'
import type { HostedModel } from '../../core/hosted-model.ts'
import { readBaseFolder, type BaseFolder } from '../../engine/weights/base-folder.ts'
import { judgePreference, judgeScore } from '../../evaluate/metrics/judged.ts'
import { metricsOf } from '../../evaluate/metrics/task-metrics.ts'
import type { TokenPrice } from '../../evaluate/operations.ts'
import { freeDiskBytes } from '../../lib/free-disk.ts'
import { loadModelText, type ModelText } from '../../text/load-chat-text.ts'
import type { Split } from '../../data/split/split-examples.ts'
import type { DraftSettings } from '../train/draft-training.ts'
import { ensureBase } from '../models/ensure-base.ts'
import { withDataFiles } from '../train/find-data-files.ts'
import { namedModel } from '../models/named-model.ts'
import { prepareTraining, type PreparedTraining } from '../train/prepare-training.ts'
import { priceOf } from '../run/price-of.ts'
import { decisionOf, hostedKey, isNamedModel, modelIdOf } from '../run/run-candidates.ts'
import { readRunData, type RunData } from '../run/run-data.ts'
import type { RunServiceOptions } from '../run/run-event.ts'
import type { AskOptions } from './ask-candidate.ts'
import { hostedModelOf } from './hosted-models.ts'
import type { Judge } from './judge-answers.ts'

/** A model with a key of all that its answers depend on. */
export interface AskedModel {
  readonly id: string
  readonly folder: string
  readonly key: string
  /** Of a model of a service: how it is reached; its folder is empty. */
  readonly hosted?: HostedModel
}

/** A task of a configuration with its data, its base and the other models that its candidates name. */
export interface OpenedTask {
  readonly config: HoneConfig
  readonly data: RunData
  /** By the id of the candidate. */
  readonly prices: ReadonlyMap<string, TokenPrice>
  /** By their names, `model:ID`. */
  readonly named: ReadonlyMap<string, AskedModel>
  readonly baseModel: AskedModel
  /** The models of services, with those of the candidates that they answer for. */
  readonly hosted: readonly { readonly candidate: string; readonly model: AskedModel }[]
  readonly judge?: Judge
  readonly base: BaseFolder
  readonly text: ModelText
}

/**
 * Reads, checks and splits the data of a configuration, and finds or pulls its models.
 *
 * @throws HoneError `E_CONFIG` for what hosted candidates or a judge cannot do; what `readRunData`, `ensureBase` and `namedModel` throw
 */
export async function openTask(
  {
    home,
    pull,
    openModel,
    isQuoted = false,
  }: Pick<DraftSettings, 'home' | 'pull'> & Pick<AskOptions, 'openModel' | 'isQuoted'>,
  given: HoneConfig,
  options: RunServiceOptions,
): Promise<OpenedTask> {
  const { signal, onEvent } = options
  const config = await withDataFiles(home, given)
  const prices = new Map(
    Object.entries(config.evaluation.prices ?? {}).map(([id, price]) => [id, priceOf(price)]),
  )
  const ids = config.evaluation.candidates.map(idOfCandidate)
  const priced = [...prices.keys()].filter((id) => !ids.includes(id))
  if (priced.length > 0) {
    const message = `evaluation.prices names ${priced.join(', ')}, which is no candidate of this configuration`
    onEvent?.({ type: 'warning', message })
  }
  // Before anything else is done: a name that is not there would be found out late.
  const named = new Map<string, AskedModel>()
  const hosted: OpenedTask['hosted'][number][] = []
  for (const candidate of config.evaluation.candidates) {
    const model = typeof candidate === 'string' ? idOfCandidate(candidate) : candidate.model
    const own = typeof candidate === 'string' ? undefined : hostedModelOf(candidate, prices.get(candidate.id))
    if (own !== undefined) {
      named.set(hostedKey(idOfCandidate(candidate)), own)
      hosted.push({ candidate: idOfCandidate(candidate), model: own })
    } else if (isNamedModel(model)) {
      named.set(model, { id: modelIdOf(model), ...(await namedModel(home, modelIdOf(model))) })
    }
  }
  const data = withJudged(config, await readRunData(config, signal))
  refuseHostedScores(config, data, hosted)
  onEvent?.({ type: 'phase', phase: 'check', lines: [data.checkLine, ...data.warnings] })
  onEvent?.({ type: 'phase', phase: 'split', lines: [splitLine(data.split, config)] })
  const { base, text, baseModel } = await openBase({ home, pull }, config.base, options)
  const judge =
    config.judge === undefined
      ? undefined
      : {
          config: config.judge,
          model: await judgeModel(home, config.judge, baseModel),
          ask: { ...options, openModel, isQuoted, folder: config.output },
          seed: config.split.seed,
        }
  return {
    config,
    data,
    prices,
    named,
    base,
    text,
    baseModel,
    hosted,
    ...(judge === undefined ? {} : { judge }),
  }
}

/**
 * A base that is here, or pulled.
 *
 * @throws what `ensureBase` throws
 */
export async function openBase(
  { home, pull }: Pick<DraftSettings, 'home' | 'pull'>,
  name: string,
  { signal, onEvent }: RunServiceOptions,
): Promise<Pick<OpenedTask, 'base' | 'text' | 'baseModel'>> {
  const folder = await ensureBase(name, {
    home,
    signal,
    pull,
    onEvent: (event) => onEvent?.({ type: 'base', event }),
  })
  const base = await readBaseFolder(folder)
  const text = await loadModelText(folder)
  return {
    base,
    text,
    baseModel: { id: base.manifest.id, folder, key: `${base.weightsKey} ${text.template.hash}` },
  }
}

async function judgeModel(
  home: string,
  judge: JudgeConfig<string>,
  baseModel: AskedModel,
): Promise<AskedModel> {
  const price = judge.price === undefined ? undefined : priceOf(judge.price)
  const hosted = hostedModelOf(judge, price)
  if (hosted !== undefined) return hosted
  if (!isNamedModel(judge.model)) return baseModel
  const id = modelIdOf(judge.model)
  return { id, ...(await namedModel(home, id)) }
}

/**
 * The task with the judge's metrics: measured last where the configuration does not say what is measured.
 *
 * @throws HoneError `E_CONFIG` where a metric needs a judge and there is none, or what it needs of it
 */
function withJudged({ judge, file }: HoneConfig, data: RunData): RunData {
  const { task, metrics } = data
  const named = task.metrics?.filter((id) => id === judgeScore.id || id === judgePreference.id) ?? []
  const missing = named.find(
    (id) => judge === undefined || (id === judgePreference.id && judge.against === undefined),
  )
  if (missing !== undefined) {
    throw new HoneError(
      'E_CONFIG',
      `the metric "${missing}" needs ${judge === undefined ? 'a judge' : 'judge.against'}`,
      {
        at: { file, pointer: judge === undefined ? '/task/metrics' : '/judge' },
        hint: 'write judge: { model: …, rubric: … }, and against: CANDIDATE for preferences; docs/judge.md has more',
      },
    )
  }
  if (judge === undefined) return data
  const own = [judgeScore, ...(judge.against === undefined ? [] : [judgePreference])]
  if (task.metrics === undefined) return { ...data, metrics: [...metrics, ...own] }
  const added = own.map(({ id }) => id).filter((id) => !named.includes(id))
  return { ...data, task: { ...task, metrics: [...task.metrics, ...added] } }
}

/** @throws HoneError `E_CONFIG` where a hosted candidate would have to give what it cannot */
function refuseHostedScores(
  config: HoneConfig,
  { task, metrics }: RunData,
  hosted: OpenedTask['hosted'],
): void {
  const ids = hosted.map(({ candidate }) => candidate)
  config.evaluation.candidates.forEach((candidate, at) => {
    const id = idOfCandidate(candidate)
    const decide = decisionOf(candidate, config)
    if (!ids.includes(id) || decide === 'answer') return
    throw new HoneError(
      'E_CONFIG',
      `"decide: ${decide}" needs the probability of each label, which the hosted candidate "${id}" does not give`,
      {
        at: { file: config.file, pointer: `/evaluation/candidates/${at}` },
        hint: 'let its answer as written count: decide: answer; or leave the candidate out',
      },
    )
  })
  const [first] = hosted
  const metric = metricsOf(task, metrics).find(({ needs }) => needs === 'label scores')
  if (first === undefined || metric === undefined) return
  throw new HoneError(
    'E_CONFIG',
    `the metric "${metric.id}" needs the probability of each label, which the hosted candidate "${first.candidate}" does not give`,
    { hint: 'leave the metric out, or the candidate' },
  )
}

/** What training the task would be. */
export async function prepareTask({ config, data, base, text }: OpenedTask): Promise<PreparedTraining> {
  const { maxTokens, ...overrides } = config.training
  return prepareTraining({
    base,
    text,
    training: data.split.train,
    validation: data.split.validation,
    overrides,
    maxTokens,
    freeDiskBytes: await freeDiskBytes(config.output),
  })
}

function splitLine({ train, validation, test, manifest }: Split, { split }: HoneConfig): string {
  const sizes = `${train.length} train · ${validation.length} validation · ${test.length} test`
  const groups = manifest.nearDuplicates.groups
  const near = groups === 0 ? '' : `, ${groups} groups of near-duplicates kept together`
  return `${sizes}${near}, seed ${split.seed} · test split sealed (${manifest.splits.test.hash.slice(0, 12)})`
}
