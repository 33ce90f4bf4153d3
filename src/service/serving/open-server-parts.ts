import type { Arithmetic, RoundingEffect } from '../../core/arithmetic.ts'
import { join } from 'node:path'
import { answersAtOnce } from '../../engine/generate/generator.ts'
import type { ChatService } from '../chat/chat-service.ts'
import type { EvaluationJob, EvaluationProgress, EvaluationSpec } from '../evaluation-jobs/evaluation-job.ts'
import { EvaluationJobs } from '../evaluation-jobs/evaluation-jobs.ts'
import type { EvalService } from '../evaluation/eval-service.ts'
import { runModelJobWorker } from '../model-jobs/model-job-worker.ts'
import type { ImportedModel, ModelJob, ModelJobProgress, ModelJobSpec } from '../model-jobs/model-job.ts'
import { ModelJobsService } from '../model-jobs/model-jobs-service.ts'
import type { ModelsService } from '../models/models-service.ts'
import type { TrainService } from '../train/train-service.ts'
import { runTuningWorker } from '../tuning/tuning-worker.ts'
import { TuningService } from '../tuning/tuning-service.ts'
import { TunedCheckpoints, type CheckpointDocument } from '../tuning/tuned-checkpoints.ts'
import { responseKind, StoredResponses } from '../responses/stored-responses.ts'
import { FileService, filesBucket, type FileDocument, type ReceivedFile } from '../files/file-service.ts'
import { UploadService, type UploadDocument } from '../files/upload-service.ts'
import type { ServedModel, TuningJob, TuningProgress, TuningSpec } from '../tuning/tuning-job.ts'
import { modelFolder } from '../../lib/home-layout.ts'
import { isDeadHolder } from '../../lib/lock-holder.ts'
import { atomically, type Atomically } from '../../store/database/atomically.ts'
import { AuditLog } from '../../store/database/audit-log.ts'
import { JobEvents } from '../../store/database/job-events.ts'
import { JobQueue } from '../../store/database/job-queue.ts'
import { KeyStore } from '../../store/database/key-store.ts'
import { openDatabase } from '../../store/database/open-database.ts'
import { Replays } from '../../store/database/replays.ts'
import { ResourceStore } from '../../store/database/resource-store.ts'
import { TagStore } from '../../store/database/tag-store.ts'
import { readGateVerdict } from '../../store/gate-verdicts.ts'
import { labelDecisionReader } from '../../store/label-decisions.ts'
import { enterHome } from '../../store/present-servers.ts'
import { isPostgresDatabase } from '../../store/database/is-postgres-database.ts'
import { FileObjectStore } from '../../store/objects/file-object-store.ts'
import { checkReadiness, type Readiness } from './check-readiness.ts'
import type { ObjectStore } from '../../store/objects/object-store.ts'
import type { IamDocument } from './iam-document.ts'
import { AnsweringModels } from './answering-models.ts'
import { EndpointService } from './endpoint-service.ts'
import type { PromotionGate } from './promotion-gate.ts'
import { InferenceService } from './inference-service.ts'
import { ModelMap, type ModelMapOptions } from './model-map.ts'
import { ModelPool } from './model-pool.ts'
import type { ServerLoad } from './server-load.ts'
import { tidyHome } from './tidy-home.ts'
import { Throughput } from './throughput.ts'
import type { AnswerRow, BatchJob, BatchProgress, BatchSpec } from '../batch/batch-job.ts'
import { BatchService } from '../batch/batch-service.ts'
import { finishBatchJob, runBatchWorker } from '../batch/batch-worker.ts'
import { batchRowsAtOnce } from '../batch/batch-rows-at-once.ts'
import { InvocationLog } from './invocation-log.ts'
import type { LoggingDocument } from './logging-document.ts'

export interface ServerPartsOptions {
  readonly home: string
  /** Path of a file, or `postgres://…`; default: `hone.db` in the home. */
  readonly database?: string | undefined
  readonly chat: ChatService
  readonly train: TrainService
  readonly importModel: ModelsService['import']
  /** Where data are read from and results are written to; default: files in the home, which the server's own S3 shows. */
  readonly objects?: ObjectStore | undefined
  /** Removes a model from the home. */
  readonly removeModel: (homeId: string) => Promise<void>
  readonly modelMap: ModelMapOptions
  /** How models answer; default `exact`. */
  readonly arithmetic?: Arithmetic | undefined
  /** Told of each model that is opened to answer other than exactly; null where that cannot be. */
  readonly onRounded?: ((model: string, effect: RoundingEffect | null) => void) | undefined
  /** Models in memory at once. */
  readonly mostModels: number
  /** Bytes that models in memory may take. */
  readonly mostModelBytes: number
  /** Requests that wait for a place, for each base. */
  readonly mostWaiting: number
  /** Requests that run at once, for each base. Default: what its process has places for, and some that follow. */
  readonly placesOfBase?: number
  /** Deploy models whatever the gate said of them. Default: those that did not pass are refused. */
  readonly ignoreGate?: boolean | undefined
  /** Told of models that are deployed without having passed a gate. */
  readonly onUnproven?: PromotionGate['onUnproven'] | undefined
  readonly now: () => number
  /** Told of jobs that fail. */
  readonly onJobFailure: (error: unknown, job: TuningJob | BatchJob | ModelJob | EvaluationJob) => void
  /** Told of records of invocations that could not be written, or were dropped, and how many. */
  readonly onLogFailure: (error: unknown, records: number) => void
  /** Told of what goes wrong beside requests and jobs, and is tried again later. */
  readonly onTrouble?: ((error: unknown) => void) | undefined
}

/** What a server works with, whatever APIs it speaks. */
export interface ServerParts extends AsyncDisposable {
  /** What jobs read and write. */
  readonly objects: ObjectStore
  /** What the server's own S3 shows: the same, unless objects are kept elsewhere. */
  readonly files: FileObjectStore
  /** Settles when what a server that was killed left in the home is gone. */
  readonly tidied: Promise<void>
  readonly keys: KeyStore
  readonly tuning: TuningService
  readonly checkpoints: TunedCheckpoints
  /** Files that clients upload by APIs that know no buckets. */
  readonly uploadedFiles: FileService
  readonly uploads: UploadService
  /** Answers that clients can go on from. */
  readonly responses: StoredResponses
  readonly batch: BatchService
  readonly modelJobs: ModelJobsService
  readonly evaluations: EvaluationJobs
  readonly models: ResourceStore<ServedModel>
  readonly imported: ResourceStore<ImportedModel>
  readonly endpoints: EndpointService
  readonly inference: InferenceService
  readonly throughput: Throughput
  readonly logging: ResourceStore<LoggingDocument>
  readonly invocations: InvocationLog
  readonly roles: ResourceStore<IamDocument>
  readonly policies: ResourceStore<IamDocument>
  readonly tags: TagStore
  readonly audit: AuditLog
  readonly replays: Replays
  readonly modelMap: ModelMap
  /** What answers under which name. */
  readonly answering: AnsweringModels
  /** Carries out all or nothing of what an action writes to the database. */
  readonly atomically: Atomically
  /** Removes a model's files, and from memory what is not in use. Nothing happens where there are none. */
  removeModel(homeId: string): Promise<void>
  /** What there is to do at the moment; never fails. */
  load(): Promise<ServerLoad>
  /** Whether what the server needs is there; never fails. */
  readiness(): Promise<Readiness>
  /** Takes jobs until it is aborted, one that trains and one that does not at a time; a job under way is given back. */
  runWorker(name: string, signal: AbortSignal): Promise<void>
  /** Takes batch jobs likewise; what answers their records is the dialect's. */
  runBatchWorker(
    name: string,
    openModel: (job: BatchJob) => Promise<AnswerRow>,
    signal: AbortSignal,
  ): Promise<void>
  /** Takes evaluations likewise. */
  runEvaluationWorker(name: string, evaluation: Pick<EvalService, 'run'>, signal: AbortSignal): Promise<void>
}

// Some wait in the worker, so that those that follow an answer are let in several at once.
const usualPlacesOfBase = 1.25 * answersAtOnce
// Of those that have nothing running, so many are answered beside whatever others have sent.
const sparePlacesOfBase = answersAtOnce / 4

/** Where the database of a home is. @param named `postgres://…` of the settings */
export const databaseLocation = (home: string, named: string | undefined): string =>
  named ?? join(home, 'hone.db')

/** @throws HoneError when the database cannot be opened */
export async function openServerParts(options: ServerPartsOptions): Promise<ServerParts> {
  const { home, now } = options
  const database = await openDatabase({ location: databaseLocation(home, options.database) })
  const together: Atomically = (action) => atomically(database, action)
  const queue = new JobQueue<TuningSpec, TuningProgress>(database, { now })
  const batches = new JobQueue<BatchSpec, BatchProgress>(database, { now })
  const models = new ResourceStore<ServedModel>(database, 'model', now)
  const logging = new ResourceStore<LoggingDocument>(database, 'invocation-logging', now)
  const modelQueue = new JobQueue<ModelJobSpec, ModelJobProgress>(database, { now })
  const imported = new ResourceStore<ImportedModel>(database, 'imported-model', now)
  const files = new FileObjectStore(join(home, 's3'))
  const objects = options.objects ?? files
  const pool = new ModelPool({
    open: async (id, wait) => {
      const opened = await options.chat.open(id, { ...wait, longLived: true, arithmetic: options.arithmetic })
      const { rounding } = opened.model
      if (rounding !== undefined) options.onRounded?.(id, rounding)
      return opened
    },
    most: options.mostModels,
    mostBytes: options.mostModelBytes,
  })
  const limits = {
    places: options.placesOfBase ?? usualPlacesOfBase,
    spare: sparePlacesOfBase,
    waiting: options.mostWaiting,
  }
  const decisionOf = labelDecisionReader()
  const inference = new InferenceService(pool, limits, (homeId) => decisionOf(modelFolder(home, homeId)))
  const invocations = new InvocationLog({ objects, logging, now, onFailure: options.onLogFailure })
  const removeModel = async (homeId: string): Promise<void> => {
    await pool.forget(homeId)
    await options.removeModel(homeId)
  }
  const events = new JobEvents(database, now)
  const tuning = new TuningService(queue, models, events, together, removeModel)
  const checkpoints = new TunedCheckpoints({
    home,
    store: new ResourceStore<CheckpointDocument>(database, 'checkpoint', now),
    removeModel,
  })
  const uploadedFiles = new FileService({
    objects,
    store: new ResourceStore<FileDocument>(database, 'file', now),
    makeBucket: () => objects.createBucket(filesBucket),
    now,
  })
  const endpoints = new EndpointService(
    {
      provisioned: new ResourceStore(database, 'provisioned', now),
      deployment: new ResourceStore(database, 'deployment', now),
    },
    {
      isObeyed: options.ignoreGate !== true,
      onUnproven: (deployed) => options.onUnproven?.(deployed),
      async verdictOf(modelId) {
        const homeId = (await models.find(modelId))?.document.homeId
        if (homeId === undefined) return undefined
        return { model: homeId, verdict: await readGateVerdict(modelFolder(home, homeId)) }
      },
    },
  )
  const modelMap = new ModelMap(options.modelMap)
  const tags = new TagStore(database)
  // A file is used by processes of this machine only.
  if (!isPostgresDatabase(database)) await queue.expire(isDeadHolder)
  const server = await enterHome(home)
  const isOpen = async (id: string): Promise<boolean> => {
    const job = await queue.find(id)
    return job !== undefined && job.endedAt === null
  }
  const uploads = new UploadService({
    files: uploadedFiles,
    uploads: new ResourceStore<UploadDocument>(database, 'upload', now),
    parts: new ResourceStore<ReceivedFile>(database, 'upload-part', now),
    atomically: together,
    now,
  })
  const tidy = async (): Promise<void> => {
    if (server.isAlone) {
      await tidyHome({ home, objects: files, models, removeModel, isOpen }, server.since)
    }
    await uploadedFiles.sweep()
    await uploads.sweep()
  }
  const tidied = tidy().catch((error: unknown) => options.onTrouble?.(error))
  const evaluationQueue = new JobQueue<EvaluationSpec, EvaluationProgress>(database, { now })
  const evaluations = new EvaluationJobs(home, evaluationQueue)
  return {
    tidied,
    objects,
    files,
    removeModel,
    models,
    imported,
    evaluations,
    modelJobs: new ModelJobsService(modelQueue, models, imported),
    keys: new KeyStore(database, now),
    tuning,
    checkpoints,
    uploadedFiles,
    uploads,
    responses: new StoredResponses(new ResourceStore(database, responseKind, now)),
    endpoints,
    answering: new AnsweringModels({
      home,
      modelMap,
      models,
      imported,
      endpoints,
      tuning,
      checkpoints,
      tags,
      atomically: together,
      removeModel,
    }),
    inference,
    logging,
    invocations,
    batch: new BatchService(batches, async (job) => {
      const { progress } = job
      await finishBatchJob(
        job,
        { home, objects, onFailure: options.onJobFailure },
        { state: 'stopped', progress },
      )
    }),
    throughput: new Throughput(now),
    roles: new ResourceStore<IamDocument>(database, 'role', now),
    policies: new ResourceStore<IamDocument>(database, 'policy', now),
    tags,
    audit: new AuditLog(database, now),
    replays: new Replays(database, now),
    modelMap,
    load: async () => ({
      jobs: await queue.counts().catch(() => undefined),
      modelsInMemory: pool.size,
    }),
    readiness: () => checkReadiness(database, home),
    atomically: together,
    async runWorker(name, signal) {
      const common = {
        home,
        objects,
        models,
        name,
        removeModel,
        atomically: together,
        pollEvery: 500,
        // Clients look at jobs while they run, and want them stopped soon.
        renewEvery: 1000,
        onFailure: options.onJobFailure,
        onTrouble: options.onTrouble,
      }
      const { train, importModel } = options
      await Promise.all([
        runTuningWorker(
          {
            ...common,
            queue,
            now,
            train,
            events,
            checkpoints,
            files: uploadedFiles,
            // It knows languages and telephone numbers, which a server that trains nothing need not hold.
            checkData: async (...asked) =>
              (await import('../tuning/check-tuning-data.ts')).checkTuningData(...asked),
          },
          signal,
        ),
        runModelJobWorker(
          { ...common, queue: modelQueue, imported, importModel, adapterBase: options.modelMap.defaultBase },
          signal,
        ),
      ])
    },
    runBatchWorker: (name, openModel, signal) =>
      runBatchWorker(
        {
          home,
          objects,
          queue: batches,
          name,
          now,
          openModel,
          rowsAtOnce: (running) => batchRowsAtOnce(inference.underWay - running),
          pollEvery: 500,
          renewEvery: 1000,
          onFailure: options.onJobFailure,
          onTrouble: options.onTrouble,
        },
        signal,
      ),
    runEvaluationWorker: (name, evaluation, signal) =>
      evaluations.work(
        name,
        evaluation,
        {
          pollEvery: 500,
          renewEvery: 2000,
          onFailure: options.onJobFailure,
          onTrouble: options.onTrouble,
        },
        signal,
      ),
    async [Symbol.asyncDispose]() {
      await invocations[Symbol.asyncDispose]()
      await tidied
      await pool[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
      await database.destroy()
    },
  }
}
