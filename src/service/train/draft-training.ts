import { stat } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import type { Example } from '../../core/example.ts'
import type { TrainingOverrides, TrainingPlan } from '../../core/training-settings.ts'
import { checkExamples } from '../../data/check/check-examples.ts'
import { checkSplit } from '../../data/split/check-split.ts'
import { mergeProblems, problemLines, refuseErrors } from '../../data/finding.ts'
import type { PlacedExample } from '../../data/records/placed-example.ts'
import { minimumRecords, readExamples } from '../../data/records/read-examples.ts'
import { splitExamples } from '../../data/split/split-examples.ts'
import { readAdapter } from '../../engine/adapter/adapter-files.ts'
import { readBaseFolder, type BaseFolder } from '../../engine/weights/base-folder.ts'
import type { ModelEvent } from '../../engine/weights/model-events.ts'
import type { PullModelOptions } from '../../engine/weights/pull-model.ts'
import { freeDiskBytes } from '../../lib/free-disk.ts'
import { isModelId, modelFolder, modelsFolder, toModelId } from '../../lib/home-layout.ts'
import { loadModelText, type ModelText } from '../../text/load-chat-text.ts'
import { readContinuedModel, type DraftStart } from './continued-model.ts'
import { ensureBase } from '../models/ensure-base.ts'
import { estimateSeconds } from './estimate-seconds.ts'
import { findDataFiles } from './find-data-files.ts'
import { prepareTraining, type PreparedTraining, type TokenCounts } from './prepare-training.ts'

export interface TrainRequest {
  /** JSONL file of examples, or a dataset version. */
  readonly data: string
  /** Default: a part of the data is held out, and said. */
  readonly validation?: string | undefined
  /** Records of each of the files that the validation file was joined of, in order: each is given its own loss. */
  readonly validationParts?: readonly number[] | undefined
  /** Id or folder of a base; one of the catalogue is pulled when it is missing. Default: that of `from`. */
  readonly base?: string | undefined
  /** Id or folder of a tuned model whose adapter is trained on. */
  readonly from?: string | undefined
  /** Id of the new model; default: made from the folder's or the data file's name. */
  readonly id?: string | undefined
  /** Folder of the new model; default: among the models of the home. */
  readonly out?: string | undefined
  /** System prompt for records that have none. */
  readonly system?: string | undefined
  readonly overrides: TrainingOverrides
  readonly maxTokens?: number | undefined
  readonly dropLong?: boolean | undefined
  /** Adapters of epochs' ends that stay beside the best one. Default 0. */
  readonly keepEpochs?: number | undefined
  /** Replace what is in the folder. */
  readonly force?: boolean | undefined
}

/** What a training run will do, before it does anything. */
export interface PlannedTraining {
  readonly plan: TrainingPlan
  readonly base: { readonly id: string }
  readonly tokens: TokenCounts
  readonly examples: { readonly training: number; readonly validation: number; readonly dropped: number }
  readonly template: { readonly sha256: string; readonly defaultSystemPrompt: string | null }
  readonly folder: string
  /** The model whose adapter is trained on, if there is one. */
  readonly start: { readonly model: string } | null
  /** Expected time of training and validation. */
  readonly seconds: number
}

/** A job with everything that decides it, still in memory. */
export interface DraftJob {
  readonly folder: string
  readonly id: string
  readonly base: BaseFolder
  readonly text: ModelText
  readonly prepared: PreparedTraining
  readonly validationParts?: readonly number[] | undefined
  readonly keepEpochs?: number | undefined
  readonly start?: DraftStart | undefined
}

export type DraftEvent =
  | { readonly type: 'base'; readonly event: ModelEvent }
  | {
      readonly type: 'data'
      readonly training: number
      readonly validation: number
      readonly warnings: readonly string[]
    }

export interface DraftSettings {
  readonly home: string
  readonly pull?: Partial<PullModelOptions> | undefined
}

export interface DraftOptions {
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: ((event: DraftEvent) => void) | undefined
}

/**
 * Reads all that a request names, and plans the job. Writes nothing but a base that has to be pulled.
 *
 * @throws HoneError for data, a base or settings that cannot be used
 */
export async function draftTraining(
  { home, pull }: DraftSettings,
  request: TrainRequest,
  { signal, onEvent }: DraftOptions,
): Promise<DraftJob> {
  const { folder, id } = await placeOf(home, request)
  const { training, validation, warnings } = await readData(await withDatasets(home, request), signal)
  onEvent?.({ type: 'data', training: training.length, validation: validation.length, warnings })
  const onModelEvent = (event: ModelEvent): void => onEvent?.({ type: 'base', event })
  const started = request.from === undefined ? undefined : await readContinuedModel(home, request.from)
  const reference = request.base ?? started?.base
  if (reference === undefined) throw new Error('a training request names a base, or a model to continue')
  const baseFolder = await ensureBase(reference, { home, signal, onEvent: onModelEvent, pull })
  const base = await readBaseFolder(baseFolder)
  if (started !== undefined && started.baseWeights !== base.weightsKey) {
    throw new HoneError(
      'E_CONFIG',
      `${started.start.model} was tuned from another base than ${base.manifest.id}`,
      {
        hint: 'leave --base out: a run that continues a model has its base',
      },
    )
  }
  const text = await loadModelText(baseFolder)
  const { overrides, maxTokens, dropLong } = request
  const start =
    started === undefined
      ? undefined
      : {
          model: started.start.model,
          config: (await readAdapter(started.start.adapterFolder, base.architecture, base.config)).config,
        }
  const prepared = prepareTraining({
    base,
    text,
    training,
    validation,
    overrides,
    maxTokens,
    dropLong,
    start,
    freeDiskBytes: await freeDiskBytes(folder),
  })
  const { validationParts, keepEpochs } = request
  return { folder, id, base, text, prepared, validationParts, keepEpochs, start: started?.start }
}

/** `claims` for `data/claims.jsonl` and for `claims@1a2b3c`. */
const dataName = (reference: string): string =>
  /^[^/\\.]+@/.test(reference) ? reference.replace(/@.*/, '') : basename(reference, extname(reference))

/** The request with files in place of dataset versions. */
async function withDatasets(home: string, request: TrainRequest): Promise<TrainRequest> {
  const { data, validation } = request
  const files = await findDataFiles(
    home,
    { train: data, ...(validation === undefined ? {} : { validation }) },
    ['validation'],
  )
  return { ...request, data: files.train, validation: files.validation }
}

// Enough to choose the best step by, and not more than the run can spare.
const heldOut = { share: 0.1, most: 200, from: 40 }

async function readData(
  request: TrainRequest,
  signal: AbortSignal | undefined,
): Promise<{ training: readonly Example[]; validation: readonly Example[]; warnings: string[] }> {
  const read = async (
    file: string,
    minimum: number,
  ): Promise<{ examples: readonly PlacedExample[]; warnings: string[] }> => {
    const { examples, problems } = await readExamples(file, {
      minimum,
      ...(signal === undefined ? {} : { signal }),
      ...(request.system === undefined ? {} : { system: request.system }),
    })
    const all = mergeProblems(problems, checkExamples({ examples }))
    refuseErrors(all, file)
    return { examples, warnings: problemLines(all, 'warning') }
  }
  const { examples, warnings } = await read(request.data, minimumRecords)
  if (request.validation !== undefined) {
    const validation = await read(request.validation, 1)
    const leaks = checkSplit({ train: examples, validation: validation.examples, test: [] })
    warnings.push(...validation.warnings, ...problemLines(leaks, 'warning'))
    return { training: examples, validation: validation.examples, warnings }
  }
  if (examples.length < heldOut.from) return { training: examples, validation: [], warnings }
  const count = Math.min(heldOut.most, Math.round(examples.length * heldOut.share))
  const { train, validation } = splitExamples(examples, {
    validation: count,
    test: 0,
    seed: request.overrides.seed ?? 7,
  })
  return { training: train, validation, warnings }
}

/** Where the model goes, and its id. A name that is taken is followed by a number. */
async function placeOf(home: string, request: TrainRequest): Promise<{ folder: string; id: string }> {
  if (request.out !== undefined) {
    const folder = resolve(request.out)
    return { folder, id: request.id ?? toModelId(basename(folder)) ?? 'tuned' }
  }
  if (request.id !== undefined) return { folder: modelFolder(home, request.id), id: request.id }
  return freePlace(home, toModelId(dataName(request.data)) ?? 'tuned')
}

/** The first of `name-1`, `name-2` … that is not taken. */
export async function freePlace(home: string, name: string): Promise<{ folder: string; id: string }> {
  for (let number = 1; ; number++) {
    const id = `${name}-${number}`
    if (!isModelId(id)) throw new HoneError('E_USAGE', `"${id}" cannot be the id of a model`)
    const folder = join(modelsFolder(home), id)
    if ((await stat(folder).catch(() => undefined)) === undefined) return { folder, id }
  }
}

export async function plannedOf(
  { folder, base, text, prepared, start }: DraftJob,
  threads: number | undefined,
): Promise<PlannedTraining> {
  const { plan, tokens, training, validation, dropped } = prepared
  return {
    plan,
    folder,
    tokens,
    start: start === undefined ? null : { model: start.model },
    seconds: await estimateSeconds(plan, threads),
    base: { id: base.manifest.id },
    examples: { training: training.length, validation: validation.length, dropped },
    template: { sha256: text.template.hash, defaultSystemPrompt: text.template.defaultSystemPrompt ?? null },
  }
}
