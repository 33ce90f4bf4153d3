import { idOfCandidate } from '../../config/candidate-schema.ts'
import type { HoneConfig } from '../../config/hone-config.ts'
import type { HostedModel } from '../../core/hosted-model.ts'
import { readBaseFolder, type BaseFolder } from '../../engine/weights/base-folder.ts'
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
import { isNamedModel, modelIdOf } from '../run/run-candidates.ts'
import { readRunData, type RunData } from '../run/run-data.ts'
import type { RunServiceOptions } from '../run/run-event.ts'

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
  readonly base: BaseFolder
  readonly text: ModelText
}

/**
 * Reads, checks and splits the data of a configuration, and finds or pulls its models.
 *
 * @throws what `readRunData`, `ensureBase` and `namedModel` throw
 */
export async function openTask(
  { home, pull }: Pick<DraftSettings, 'home' | 'pull'>,
  given: HoneConfig,
  { signal, onEvent }: RunServiceOptions,
): Promise<OpenedTask> {
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
  for (const candidate of config.evaluation.candidates) {
    const model = typeof candidate === 'string' ? idOfCandidate(candidate) : candidate.model
    if (isNamedModel(model)) {
      named.set(model, { id: modelIdOf(model), ...(await namedModel(home, modelIdOf(model))) })
    }
  }
  const data = await readRunData(config, signal)
  onEvent?.({ type: 'phase', phase: 'check', lines: [data.checkLine, ...data.warnings] })
  onEvent?.({ type: 'phase', phase: 'split', lines: [splitLine(data.split, config)] })
  const folder = await ensureBase(config.base, {
    home,
    signal,
    pull,
    onEvent: (event) => onEvent?.({ type: 'base', event }),
  })
  const base = await readBaseFolder(folder)
  const text = await loadModelText(folder)
  return {
    config,
    data,
    prices,
    named,
    base,
    text,
    baseModel: { id: base.manifest.id, folder, key: `${base.weightsKey} ${text.template.hash}` },
  }
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
