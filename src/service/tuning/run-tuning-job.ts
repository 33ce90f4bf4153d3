import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { HoneError } from '../../core/errors.ts'
import type { TunedManifest } from '../../core/training-job.ts'
import type { TunedModel } from '../../core/tuner.ts'
import { manifestFile } from '../../engine/train/job-files.ts'
import { modelFolder } from '../../lib/home-layout.ts'
import { readJsonFile } from '../../lib/read-json-file.ts'
import { findDatasetFile } from '../../store/datasets.ts'
import { ObjectStoreError, type ObjectStore } from '../../store/objects/object-store.ts'
import type { FileService } from '../files/file-service.ts'
import type { TrainService, TrainServiceEvent } from '../train/train-service.ts'
import { LineCounter } from './line-counter.ts'
import { resultCsv } from './result-file.ts'
import { keptEpochs, type TunedCheckpoints } from './tuned-checkpoints.ts'
import type { TuningEventLog } from './tuning-events.ts'
import {
  datasetScheme,
  homeModelId,
  withPhase,
  type PlannedTuning,
  type TuningJob,
  type TuningProgress,
} from './tuning-job.ts'
import type { PlannedTraining } from '../train/draft-training.ts'
import { parseObjectUri, requireWritable, writeTuningOutputs } from './tuning-outputs.ts'

export interface RunTuningJob {
  readonly home: string
  readonly objects: ObjectStore
  readonly train: TrainService
  readonly files: FileService
  readonly checkpoints: TunedCheckpoints
  /** Is told what happens. */
  readonly log: TuningEventLog
  /** Told of what goes wrong beside the training. */
  readonly onTrouble?: ((error: unknown) => void) | undefined
  /** Refuses data that the job's profile does not allow. @throws HoneError */
  readonly checkData: (job: TuningJob, files: JobFiles, signal: AbortSignal) => Promise<void>
  /** Reports how far the job is. */
  readonly onProgress: (progress: TuningProgress) => void
  readonly now: () => number
  readonly signal: AbortSignal
}

/** A job's data on this machine. */
export interface JobFiles {
  readonly training: string
  readonly validation: string | undefined
  /** Records of each of several validation files, which are joined. */
  readonly validationParts?: readonly number[] | undefined
}

/**
 * Runs a tuning job from wherever it is: its data are fetched and checked, prepared, and trained on. A job whose training
 * has begun goes on from its last checkpoint.
 *
 * @throws HoneError with what is wrong; `signal.reason`
 */
export async function runTuningJob(job: TuningJob, options: RunTuningJob): Promise<TuningProgress> {
  const { home, objects, train, now, signal, log } = options
  const folder = modelFolder(home, homeModelId(job.spec))
  let progress = job.progress
  const report = (next: TuningProgress): void => {
    progress = next
    options.onProgress(progress)
  }
  // One after another, beside the training.
  let publishing: Promise<void> = Promise.resolve()
  let isAsked = false
  const publish = (): void => {
    // Where epochs end faster than their models are made, one round makes those of all.
    if (isAsked) return
    isAsked = true
    publishing = publishing
      .then(() => {
        isAsked = false
        return publishEpochs(job, options)
      })
      .catch((error: unknown) => options.onTrouble?.(error))
  }
  const follow = {
    signal,
    onEvent: (event: TrainServiceEvent): void => {
      if (event.type === 'planned') {
        log.add('started')
        report({
          ...withPhase(withPhase(progress, 'processing', 'done', now()), 'training', 'running', now()),
          steps: event.plan.plan.steps,
          secondsLeft: event.plan.seconds,
          planned: plannedOf(event.plan),
        })
      } else if (event.type === 'step') {
        const { step, steps, loss, secondsLeft } = event
        log.step(step, steps, loss)
        report({ ...progress, step, steps, trainingLoss: loss, secondsLeft })
      } else if (event.type === 'validation') {
        log.validation(event.step, event.loss)
        if (event.best) report({ ...progress, validationLoss: event.loss })
      } else if (event.type === 'epoch') publish()
    },
  }
  let model: TunedModel
  if (await isFile(join(folder, 'job.json'))) {
    // Whoever began it may have died before they could tidy up.
    await rm(jobData(home, job), { recursive: true, force: true })
    report(withPhase(progress, 'training', 'running', now()))
    log.add('started')
    model = await train.resume(folder, follow)
  } else {
    report(withPhase(progress, 'validation', 'running', now()))
    const files = await fetchJobData(job, options)
    try {
      if (job.spec.output !== '') await requireOutput(objects, job.spec.output)
      await options.checkData(job, files, signal)
      log.add('validated')
      report(withPhase(withPhase(progress, 'validation', 'done', now()), 'processing', 'running', now()))
      await rm(folder, { recursive: true, force: true })
      model = await train.train(
        {
          data: files.training,
          validation: files.validation,
          validationParts: files.validationParts,
          ...(job.spec.parent === null
            ? { base: job.spec.localBase }
            : { from: job.spec.parentHome ?? homeModelId({ modelId: job.spec.parent }) }),
          id: homeModelId(job.spec),
          overrides: job.spec.overrides,
          ...job.spec.reading,
          keepEpochs: keptEpochs,
        },
        follow,
      )
    } finally {
      await rm(jobData(home, job), { recursive: true, force: true })
    }
  }
  await publishing
  await publishEpochs(job, options)
  if (job.spec.output !== '') await writeTuningOutputs(objects, job.spec.output, job.id, model.folder)
  await keepResultFile(job, model.folder, options)
  return withPhase({ ...progress, ...(await resultsOf(model.folder)) }, 'training', 'done', now())
}

/** The metrics as a file, for those who read results so. Where an S3 elsewhere has no bucket for files, nobody does. */
async function keepResultFile(job: TuningJob, folder: string, { files }: RunTuningJob): Promise<void> {
  const about = {
    filename: 'step_metrics.csv',
    contentType: 'text/csv',
    purpose: 'fine-tune-results',
    owner: job.owner,
  }
  try {
    await files.write(job.id, await resultCsv(folder), about)
  } catch (error) {
    if (!(error instanceof ObjectStoreError) || error.fault !== 'no-bucket') throw error
  }
}

async function publishEpochs(job: TuningJob, { checkpoints, log }: RunTuningJob): Promise<void> {
  for (const { step, epoch } of await checkpoints.publish(job)) {
    log.add('checkpoint', `checkpoint ${step}`, { step, epoch })
  }
}

function plannedOf({ plan: { settings }, tokens, examples }: PlannedTraining): PlannedTuning {
  const { epochs, batchSize, accumulate, learningRate, seed } = settings
  const trainedTokens = Math.round(tokens.trained * examples.training * epochs)
  return { epochs, batchSize: batchSize * accumulate, learningRate, seed, trainedTokens }
}

/** The losses of the adapter that the model carries, also where another process has trained it. */
async function resultsOf(
  folder: string,
): Promise<Pick<TuningProgress, 'trainingLoss' | 'validationLoss' | 'validationLosses'>> {
  const { metrics } = (await readJsonFile(join(folder, manifestFile), 'E_MODEL_FILE')) as TunedManifest
  const { lastLoss, bestValidationLoss, bestPartLosses } = metrics
  return {
    trainingLoss: lastLoss,
    validationLoss: bestValidationLoss,
    ...(bestPartLosses === undefined ? {} : { validationLosses: bestPartLosses }),
  }
}

const jobData = (home: string, job: TuningJob): string => join(home, 'jobs', job.id)

async function fetchJobData(job: TuningJob, { home, objects, signal }: RunTuningJob): Promise<JobFiles> {
  const folder = jobData(home, job)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const fetchData = (uri: string, file: string): Promise<void> =>
    uri.startsWith(datasetScheme)
      ? copyDataset(home, uri, file, signal)
      : fetchObject(objects, uri, file, signal)
  const training = join(folder, 'train.jsonl')
  await fetchData(job.spec.training, training)
  const uris = job.spec.validation
  if (uris.length === 0) return { training, validation: undefined }
  const validation = join(folder, 'validation.jsonl')
  if (uris.length === 1) {
    await fetchData(uris[0] ?? '', validation)
    return { training, validation }
  }
  const validationParts: number[] = []
  for (const uri of uris) {
    const lines = new LineCounter()
    await fetchObject(objects, uri, validation, signal, (source) => lines.pass(source))
    validationParts.push(lines.count)
  }
  return { training, validation, validationParts }
}

/** Copies a part of a dataset version of this home. @throws HoneError `E_DATA` where it is gone */
async function copyDataset(home: string, uri: string, file: string, signal: AbortSignal): Promise<void> {
  const reference = uri.slice(datasetScheme.length)
  const place = await findDatasetFile(home, reference)
  if (place.dataset === null) {
    throw new HoneError('E_DATA', `there is no dataset ${reference} in this home`, { at: { file: uri } })
  }
  await pipeline(createReadStream(place.file), createWriteStream(file), { signal })
}

/** Appends an object to a file. @throws HoneError `E_DATA` where it cannot be read */
export async function fetchObject(
  objects: ObjectStore,
  uri: string,
  file: string,
  signal: AbortSignal,
  pass: (source: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array> = (source) => source,
): Promise<void> {
  const { bucket, key } = parseObjectUri(uri)
  try {
    const { body } = await objects.get(bucket, key)
    await pipeline(body, pass, createWriteStream(file, { flags: 'a' }), { signal })
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error
    throw new HoneError(
      'E_DATA',
      `Could not validate GetObject permissions to access Amazon S3 bucket: ${bucket} at key ${key}`,
      { at: { file: uri }, hint: error.message, cause: error },
    )
  }
}

/** Proves before any work is done that a job's output can be written. @throws HoneError `E_DATA` */
export async function requireOutput(objects: ObjectStore, output: string): Promise<void> {
  try {
    await requireWritable(objects, output)
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error
    throw new HoneError(
      'E_DATA',
      `Amazon S3 perms missing (PutObject): Could not validate PutObject permissions to access S3 bucket: ${parseObjectUri(output).bucket}`,
      { at: { file: output }, hint: error.message, cause: error },
    )
  }
}

const isFile = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isFile() === true
