import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { HoneError } from '../core/errors.ts'
import type { Example } from '../core/example.ts'
import type { TrainingEvent } from '../core/training-event.ts'
import type { TrainingJob } from '../core/training-job.ts'
import type { TrainingOverrides, TrainingPlan } from '../core/training-settings.ts'
import type { TunedModel, Tuner } from '../core/tuner.ts'
import { checkExamples } from '../data/check-examples.ts'
import { checkSplit } from '../data/check-split.ts'
import { mergeProblems, problemLines, refuseErrors } from '../data/finding.ts'
import type { PlacedExample } from '../data/placed-example.ts'
import { minimumRecords, readExamples } from '../data/read-examples.ts'
import { splitExamples } from '../data/split-examples.ts'
import { currentEnvironment, environmentChanges } from '../engine/environment.ts'
import { jobFile, manifestFile, readJob, writeJob, writeJobData } from '../engine/train/job-files.ts'
import { readAdapter } from '../engine/adapter/adapter-files.ts'
import { referenceFile } from '../engine/train/reference-log-probabilities.ts'
import { writeStartingAdapter } from '../engine/train/starting-adapter.ts'
import { readBaseFolder, type BaseFolder } from '../engine/weights/base-folder.ts'
import type { ModelEvent } from '../engine/weights/model-events.ts'
import type { PullModelOptions } from '../engine/weights/pull-model.ts'
import { diskError } from '../lib/disk-error.ts'
import { isModelId, modelFolder, modelsFolder, toModelId } from '../lib/home-layout.ts'
import { readJsonFile } from '../lib/read-json-file.ts'
import { loadModelText, type ModelText } from '../text/load-chat-text.ts'
import { readContinuedModel, type DraftStart } from './continued-model.ts'
import { ensureBase } from './ensure-base.ts'
import { estimateSeconds } from './estimate-seconds.ts'
import { prepareTraining, type PreparedTraining, type TokenCounts } from './prepare-training.ts'

export interface TrainRequest {
  /** JSONL file of examples. */
  readonly data: string
  /** Default: a part of the data is held out, and said. */
  readonly validation?: string | undefined
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
  /** Replace what is in the folder. */
  readonly force?: boolean | undefined
}

export type TrainServiceEvent =
  | { readonly type: 'base'; readonly event: ModelEvent }
  | {
      readonly type: 'data'
      readonly training: number
      readonly validation: number
      readonly warnings: readonly string[]
    }
  | { readonly type: 'planned'; readonly plan: PlannedTraining }
  | { readonly type: 'warning'; readonly message: string }
  | TrainingEvent

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

export interface TrainServiceOptions {
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: ((event: TrainServiceEvent) => void) | undefined
}

export interface TrainService {
  /** What `train` would do; writes nothing but a base that has to be pulled. */
  plan(request: TrainRequest, options?: TrainServiceOptions): Promise<PlannedTraining>
  /** @throws HoneError `E_INTERRUPTED` with the command that goes on */
  train(request: TrainRequest, options?: TrainServiceOptions): Promise<TunedModel>
  /** Goes on with a job where it was; one that has come to its end is left as it is. */
  resume(folder: string, options?: TrainServiceOptions): Promise<TunedModel>
}

export interface TrainServiceSettings {
  readonly home: string
  readonly tuner: Tuner
  readonly threads?: number | undefined
  readonly pull?: Partial<PullModelOptions> | undefined
}

/** A job with everything that decides it, still in memory. */
export interface DraftJob {
  readonly folder: string
  readonly id: string
  readonly base: BaseFolder
  readonly text: ModelText
  readonly prepared: PreparedTraining
  readonly start?: DraftStart | undefined
}

export function createTrainService(settings: TrainServiceSettings): TrainService {
  return {
    plan: async (request, options = {}) =>
      plannedOf(await draft(settings, request, options), settings.threads),
    train: async (request, options = {}) => {
      const job = await draft(settings, request, options)
      options.onEvent?.({ type: 'planned', plan: await plannedOf(job, settings.threads) })
      await claimFolder(job.folder, request.force ?? false)
      return startJob(settings, job, options)
    },
    resume: (folder, options = {}) => resumeJob(settings, folder, options),
  }
}

/** Writes a job into its folder and runs it to the end. */
export async function startJob(
  { tuner, threads }: Pick<TrainServiceSettings, 'tuner' | 'threads'>,
  { folder, id, base, text, prepared, start }: DraftJob,
  options: TrainServiceOptions,
): Promise<TunedModel> {
  const { plan, training, validation } = prepared
  try {
    if (start !== undefined) await writeStartingAdapter(folder, start.adapterFolder)
    const job: TrainingJob = {
      schema: 1,
      kind: 'training-job',
      id,
      base: { id: base.manifest.id, folder: base.folder, weights: base.weightsKey },
      settings: plan.settings,
      steps: plan.steps,
      data: {
        training: await writeJobData(folder, 'train', training),
        validation: validation.length === 0 ? null : await writeJobData(folder, 'validation', validation),
      },
      template: {
        sha256: text.template.hash,
        defaultSystemPrompt: text.template.defaultSystemPrompt ?? null,
      },
      systemPrompt: commonSystemPrompt(training),
      start:
        start === undefined ? null : { model: start.model, folder: start.folder, weights: start.weights },
      environment: currentEnvironment(threads),
      createdAt: new Date().toISOString(),
    }
    await writeJob(folder, job)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  return runJob(tuner, folder, options, 'new')
}

export async function resumeJob(
  { tuner, threads }: Pick<TrainServiceSettings, 'tuner' | 'threads'>,
  folder: string,
  options: TrainServiceOptions,
): Promise<TunedModel> {
  const job = await readJob(folder)
  const finished = (await readJsonFile(join(folder, manifestFile), 'E_MODEL_FILE')) as
    | { bestStep: number; stepsDone: number }
    | undefined
  if (finished !== undefined)
    return { id: job.id, folder, bestStep: finished.bestStep, steps: finished.stepsDone }
  const changes = environmentChanges(job.environment, currentEnvironment(threads))
  if (changes.length > 0) {
    const message = `the result may differ in its last bits from an uninterrupted run: ${changes.join('; ')}`
    options.onEvent?.({ type: 'warning', message })
  }
  return runJob(tuner, folder, options, 'resumed')
}

async function runJob(
  tuner: Tuner,
  folder: string,
  { signal, onEvent }: TrainServiceOptions,
  start: 'new' | 'resumed',
): Promise<TunedModel> {
  try {
    return await tuner.train(folder, {
      ...(signal === undefined ? {} : { signal }),
      ...(onEvent === undefined ? {} : { onEvent }),
    })
  } catch (error) {
    const saved = await readdir(join(folder, 'checkpoints')).catch((): string[] => [])
    const hasCheckpoint =
      saved.some((name) => name.startsWith('step-')) ||
      // The references of pairs can take long, and are kept as well.
      (await stat(join(folder, referenceFile)).catch(() => undefined)) !== undefined
    // A new run that came to nothing leaves nothing; what an earlier run left stays.
    if (!hasCheckpoint && start === 'new') await rm(folder, { recursive: true, force: true })
    if (!HoneError.isInstance(error) || !hasCheckpoint) throw error
    if (error.code !== 'E_INTERRUPTED' && error.code !== 'E_WORKER') throw error
    throw new HoneError(error.code, error.message, {
      at: error.at,
      hint: `continue with: hone train --resume ${folder}`,
      cause: error,
    })
  }
}

function commonSystemPrompt(examples: readonly Example[]): string | null {
  const prompts = new Set(
    examples.map(({ messages: [first] }) => (first?.role === 'system' ? first.content : null)),
  )
  const [prompt = null] = prompts
  return prompts.size === 1 ? prompt : null
}

/**
 * Makes the folder of a new job.
 *
 * @param force replace a training run that is there; anything else stays
 * @throws HoneError `E_EXISTS`, `E_DISK`
 */
async function claimFolder(folder: string, force: boolean): Promise<void> {
  const names = await readdir(folder).catch((): string[] => [])
  const isJob = names.includes(jobFile)
  if (names.length > 0 && !(force && isJob)) {
    const unfinished = isJob && !names.includes(manifestFile)
    const message = unfinished
      ? 'an unfinished training run is here'
      : isJob
        ? 'a tuned model is here'
        : 'the folder is not empty, and what is in it is no training run'
    throw new HoneError('E_EXISTS', message, {
      at: { file: folder },
      hint: unfinished
        ? `go on with: hone train --resume ${folder}`
        : `name another folder${isJob ? ', or replace it with --force' : ''}`,
    })
  }
  try {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw await diskError(error, folder)
  }
}

async function draft(
  { home, pull }: TrainServiceSettings,
  request: TrainRequest,
  { signal, onEvent }: TrainServiceOptions,
): Promise<DraftJob> {
  const { folder, id } = await placeOf(home, request)
  const { training, validation, warnings } = await readData(request, signal)
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
  })
  return { folder, id, base, text, prepared, start: started?.start }
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
  return freePlace(home, toModelId(basename(request.data, extname(request.data))) ?? 'tuned')
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
