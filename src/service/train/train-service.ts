import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import type { Example } from '../../core/example.ts'
import type { TrainingEvent } from '../../core/training-event.ts'
import type { TrainingJob } from '../../core/training-job.ts'
import type { TunedModel, Tuner } from '../../core/tuner.ts'
import { currentEnvironment, environmentChanges } from '../../engine/environment.ts'
import { jobFile, manifestFile, readJob, writeJob, writeJobData } from '../../engine/train/job-files.ts'
import { referenceFile } from '../../engine/train/reference-log-probabilities.ts'
import { writeStartingAdapter } from '../../engine/train/starting-adapter.ts'
import { diskError } from '../../lib/disk-error.ts'
import { readJsonFile } from '../../lib/read-json-file.ts'
import {
  draftTraining,
  plannedOf,
  type DraftEvent,
  type DraftJob,
  type DraftSettings,
  type PlannedTraining,
  type TrainRequest,
} from './draft-training.ts'

export type TrainServiceEvent =
  | DraftEvent
  | { readonly type: 'planned'; readonly plan: PlannedTraining }
  | { readonly type: 'warning'; readonly message: string }
  | TrainingEvent

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

export interface TrainServiceSettings extends DraftSettings {
  readonly tuner: Tuner
  readonly threads?: number | undefined
}

export function createTrainService(settings: TrainServiceSettings): TrainService {
  return {
    plan: async (request, options = {}) =>
      plannedOf(await draftTraining(settings, request, options), settings.threads),
    train: async (request, options = {}) => {
      const job = await draftTraining(settings, request, options)
      options.onEvent?.({ type: 'planned', plan: await plannedOf(job, settings.threads) })
      await requireFree(job.folder, request.force ?? false)
      return startJob(settings, job, options)
    },
    resume: (folder, options = {}) => resumeJob(settings, folder, options),
  }
}

/** Writes a job into its folder, in place of what is there, and runs it to the end. */
export async function startJob(
  { tuner, threads }: Pick<TrainServiceSettings, 'tuner' | 'threads'>,
  { folder, id, base, text, prepared, validationParts: parts, keepEpochs, start }: DraftJob,
  options: TrainServiceOptions,
): Promise<TunedModel> {
  const { plan, training, validation } = prepared
  await assembleFolder(folder, async (staged) => {
    if (start !== undefined) await writeStartingAdapter(staged, start.adapterFolder)
    const job: TrainingJob = {
      schema: 1,
      kind: 'training-job',
      id,
      base: { id: base.manifest.id, folder: base.folder, weights: base.weightsKey },
      settings: plan.settings,
      steps: plan.steps,
      data: {
        training: await writeJobData(staged, 'train', training),
        validation:
          validation.length === 0
            ? null
            : {
                ...(await writeJobData(staged, 'validation', validation)),
                ...(parts === undefined ? {} : { parts }),
              },
      },
      template: {
        sha256: text.template.hash,
        defaultSystemPrompt: text.template.defaultSystemPrompt ?? null,
      },
      systemPrompt: commonSystemPrompt(training),
      ...(keepEpochs === undefined ? {} : { keepEpochs }),
      start:
        start === undefined ? null : { model: start.model, folder: start.folder, weights: start.weights },
      environment: currentEnvironment(threads),
      createdAt: new Date().toISOString(),
    }
    await writeJob(staged, job)
  })
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
 * @param force a training run that is there may be replaced; anything else stays
 * @throws HoneError `E_EXISTS`
 */
async function requireFree(folder: string, force: boolean): Promise<void> {
  const names = await readdir(folder).catch((): string[] => [])
  const isJob = names.includes(jobFile)
  if (names.length === 0 || (force && isJob)) return
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

/**
 * Fills a folder beside the one that is meant, whose place it takes as a whole: a process that is killed meanwhile leaves
 * nothing in the way of the next one.
 *
 * @throws HoneError `E_DISK`
 */
async function assembleFolder(folder: string, fill: (staged: string) => Promise<void>): Promise<void> {
  const staged = join(dirname(folder), `.${basename(folder)}.${randomBytes(4).toString('hex')}.tmp`)
  try {
    await mkdir(staged, { recursive: true })
    await fill(staged)
    await rm(folder, { recursive: true, force: true })
    await rename(staged, folder)
  } catch (error) {
    await rm(staged, { recursive: true, force: true }).catch(() => undefined)
    throw await diskError(error, folder)
  }
}
