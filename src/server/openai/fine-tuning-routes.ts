import { randomInt } from 'node:crypto'
import { z } from 'zod'
import type { JsonObject } from '../../core/example.ts'
import { checkHyperparameters } from '../../profiles/check-hyperparameters.ts'
import { checkLifecycle } from '../../profiles/check-lifecycle.ts'
import { filesBucket, type StoredFile } from '../../service/files/file-service.ts'
import { jobStage, jobStages } from '../../service/tuning/job-stages.ts'
import { toOverrides } from '../../service/tuning/to-overrides.ts'
import type { TuningJob } from '../../service/tuning/tuning-job.ts'
import { resourceId } from '../../service/tuning/tuning-service.ts'
import { BodyFault } from '../../wire/dialect-request.ts'
import { toNameSuffix } from '../../wire/openai/fine-tuned-name.ts'
import { writeFineTuningEvent } from '../../wire/openai/fine-tuning-event.ts'
import { writeCheckpoint } from '../../wire/openai/fine-tuning-job.ts'
import { fineTuningBody, type FineTuningRequest } from '../../wire/openai/fine-tuning-request.ts'
import { pageMembers, readMetadataFilter, writeListPage } from '../../wire/openai/list-page.ts'
import { fromObjectId, toObjectId } from '../../wire/openai/object-id.ts'
import type { ApiContext } from '../create-json-apis.ts'
import { ApiFault } from '../json-api/api-fault.ts'
import type { ApiReply } from '../json-api/api-request.ts'
import { route, type ApiCall, type ApiRoute } from '../json-api/api-route.ts'
import { findTunable, type TunableBase } from './find-tunable.ts'
import { fineTuningJob, withFileIds, type KeptTuning } from './fine-tuning-view.ts'
import { pageOf } from './page-of.ts'
import { tunedNameOf, type TunedModelsContext } from './tuned-models.ts'

export type FineTuningContext = TunedModelsContext &
  Pick<ApiContext, 'tuning' | 'checkpoints' | 'uploadedFiles' | 'modelMap' | 'now' | 'lifecycleDate'>

const root = '/v1/fine_tuning/jobs'
const path = `${root}/{job}`

/** Filters by metadata are members of their own. */
const jobSearch = z.looseObject(pageMembers(20, 100))
const eventSearch = z.object(pageMembers(20, 1000))
const checkpointSearch = z.object(pageMembers(10, 100))

/** `/v1/fine_tuning/jobs`. */
export function fineTuningRoutes(context: FineTuningContext): readonly ApiRoute[] {
  const { tuning } = context
  const change = (
    name: string,
    act: (id: string) => Promise<TuningJob | undefined>,
    isDone: (job: TuningJob) => boolean,
  ): ApiRoute =>
    route({
      name: `fine_tuning.jobs.${name}`,
      method: 'POST',
      path: `${path}/${name}`,
      action: 'write',
      async answer({ labels }): Promise<ApiReply> {
        const { id } = await findJob(context, labels)
        const job = await act(id)
        if (job !== undefined && isDone(job)) return { json: fineTuningJob(job) }
        const status = job === undefined ? 'gone' : jobStages[jobStage(job)].openai.status
        throw new ApiFault('invalid', `A job that is ${status} cannot be ${changed[name] ?? name}.`, {
          code: 'invalid_job_state',
        })
      },
    })
  return [
    route({
      name: 'fine_tuning.jobs.create',
      method: 'POST',
      path: root,
      action: 'write',
      body: fineTuningBody,
      resource: ({ body }) => body.model,
      answer: async ({ body, identity }) => ({
        json: fineTuningJob(await createJob(context, body, identity.user)),
      }),
    }),
    route({
      name: 'fine_tuning.jobs.list',
      method: 'GET',
      path: root,
      action: 'read',
      search: jobSearch,
      answer: async ({ search, query }) => ({ json: await listJobs(context, search, query) }),
    }),
    route({
      name: 'fine_tuning.jobs.retrieve',
      method: 'GET',
      path,
      action: 'read',
      answer: async ({ labels }) => ({ json: fineTuningJob(await findJob(context, labels)) }),
    }),
    change(
      'cancel',
      (id) => tuning.stop(id),
      (job) => job.state === 'stopped' || (job.state === 'running' && job.stopRequested),
    ),
    change(
      'pause',
      (id) => tuning.pause(id),
      (job) => job.pauseRequested && !job.stopRequested && job.endedAt === null,
    ),
    change(
      'resume',
      (id) => tuning.resume(id),
      (job) => !job.pauseRequested && !job.stopRequested && job.endedAt === null,
    ),
    route({
      name: 'fine_tuning.jobs.events',
      method: 'GET',
      path: `${path}/events`,
      action: 'read',
      search: eventSearch,
      answer: async ({ labels, search: { limit, after } }) => {
        const job = await findJob(context, labels)
        const place = after === undefined ? undefined : fromObjectId('ftevent-', after)
        if (after !== undefined && place === undefined) throw unknown('Event', after)
        const events = await tuning.events(job.id, {
          limit: limit + 1,
          ...(place === undefined ? {} : { after: place }),
        })
        const own = toObjectId('ftjob-', job.id)
        const data = events
          .slice(0, limit)
          .map((event) =>
            writeFineTuningEvent(
              { ...event, data: readable(event.data), id: toObjectId('ftevent-', event.id) },
              own,
            ),
          )
        return { json: writeListPage(data, events.length > limit) }
      },
    }),
    route({
      name: 'fine_tuning.jobs.checkpoints',
      method: 'GET',
      path: `${path}/checkpoints`,
      action: 'read',
      search: checkpointSearch,
      answer: async (call) => ({ json: await listCheckpoints(context, call) }),
    }),
  ]
}

/** With the ids of files as they are called here. */
const readable = (data: JsonObject): JsonObject =>
  typeof data['message'] === 'string' ? { ...data, message: withFileIds(data['message']) } : data

const changed: Readonly<Record<string, string>> = { cancel: 'cancelled', pause: 'paused', resume: 'resumed' }

async function createJob(
  context: FineTuningContext,
  request: FineTuningRequest,
  owner: string,
): Promise<TuningJob> {
  const { method, hyperparameters, suffix, metadata } = request
  const base = await findTunable(context, request.model, method)
  refuseRetired(context, base)
  const [problem] = checkHyperparameters(base.profile, hyperparameters)
  if (problem !== undefined) {
    throw new BodyFault(`/hyperparameters/${problem.name}`, `${problem.message} (${problem.hint})`)
  }
  const training = await findData(context, request.trainingFile, 'training_file')
  const validation =
    request.validationFile === null
      ? undefined
      : await findData(context, request.validationFile, 'validation_file')
  const id = resourceId()
  // As generated where none is given: the same job can be asked for again.
  const seed = request.seed ?? randomInt(2 ** 31 - 1)
  const kept: KeptTuning = { api: 'openai', suffix, seed, metadata }
  return context.tuning.create(
    {
      name: toObjectId('ftjob-', id),
      owner,
      modelName: modelName(suffix, id),
      profile: base.profile.id,
      baseIdentifier: base.identifier,
      localBase: base.localBase,
      parent: base.parent,
      ...(base.parentHome === undefined ? {} : { parentHome: base.parentHome }),
      training: context.uploadedFiles.uri(training),
      validation: validation === undefined ? [] : [context.uploadedFiles.uri(validation)],
      output: `s3://${filesBucket}/jobs`,
      hyperparameters,
      overrides: {
        ...toOverrides(base.profile, hyperparameters),
        method: method === 'dpo' ? 'dpo' : 'sft',
        seed,
      },
      dialect: { ...kept },
    },
    id,
  )
}

function refuseRetired({ lifecycleDate }: FineTuningContext, { profile }: TunableBase): void {
  const date = lifecycleDate()
  const problems = date === undefined ? [] : checkLifecycle(profile, { now: date, atService: true })
  const [over] = problems.filter(({ severity }) => severity === 'error')
  if (over !== undefined) {
    throw new ApiFault('invalid', `${over.message}. ${over.hint}`, {
      pointer: '/model',
      code: 'model_not_available',
    })
  }
}

/** Unique among models, and what every API takes for a name. */
const modelName = (suffix: string | null, id: string): string =>
  [
    'ft',
    toNameSuffix(suffix ?? '')
      .slice(0, 40)
      .replace(/-$/, ''),
    id,
  ]
    .filter((part) => part !== '')
    .join('-')

/** @throws ApiFault `invalid` for a file that is not there or is for something else */
async function findData(
  { uploadedFiles }: FineTuningContext,
  id: string,
  param: 'training_file' | 'validation_file',
): Promise<StoredFile> {
  const own = fromObjectId('file-', id)
  const file = own === undefined ? undefined : await uploadedFiles.find(own)
  if (file === undefined) {
    throw new ApiFault('invalid', `invalid ${param}: ${id}`, {
      pointer: `/${param}`,
      code: `invalid_${param}`,
    })
  }
  const { purpose } = file.document
  if (purpose === 'fine-tune') return file
  throw new ApiFault('invalid', `The file ${id} has the purpose ${purpose}; a ${param} needs fine-tune.`, {
    pointer: `/${param}`,
    code: 'invalid_file_purpose',
  })
}

async function find({ tuning }: FineTuningContext, id: string): Promise<TuningJob | undefined> {
  const own = fromObjectId('ftjob-', id)
  return own === undefined ? undefined : tuning.find(own)
}

/** @throws ApiFault `not-found` */
async function findJob(
  context: FineTuningContext,
  { job: id = '' }: Readonly<Record<string, string>>,
): Promise<TuningJob> {
  const job = await find(context, id)
  if (job === undefined) throw unknown('FineTuningJob', id)
  return job
}

const unknown = (what: string, id: string): ApiFault =>
  new ApiFault('not-found', `No such ${what} object: ${id.slice(0, 100)}`, {
    pointer: '/id',
    code: what === 'FineTuningJob' ? 'fine_tune_not_found' : undefined,
  })

async function listJobs(
  context: FineTuningContext,
  search: z.infer<typeof jobSearch>,
  query: URLSearchParams,
): Promise<object> {
  const wanted = readMetadataFilter(query)
  return pageOf(
    search,
    {
      list: (options) => context.tuning.list(options),
      find: (id) => find(context, id),
      keep({ spec }) {
        const { metadata } = spec.dialect as Partial<KeptTuning>
        if (wanted === undefined) return true
        if (wanted === null) return metadata === undefined || metadata === null
        return Object.entries(wanted).every(([key, value]) => metadata?.[key] === value)
      },
    },
    fineTuningJob,
  )
}

async function listCheckpoints(
  context: FineTuningContext,
  { labels, search: { limit, after } }: ApiCall<unknown, z.infer<typeof checkpointSearch>>,
): Promise<object> {
  const job = await findJob(context, labels)
  const isShown = jobStages[jobStage(job)].openai.checkpoints
  const all = isShown ? await context.checkpoints.list(job.id) : []
  const from = after === undefined ? 0 : all.findIndex(({ id }) => toObjectId('ftckpt_', id) === after) + 1
  if (after !== undefined && from === 0) throw unknown('Checkpoint', after)
  const data = all.slice(from, from + limit).map(({ id, createdAt, document }) =>
    writeCheckpoint({
      id: toObjectId('ftckpt_', id),
      job: toObjectId('ftjob-', job.id),
      model: tunedNameOf(job, document.step),
      createdAt,
      step: document.step,
      trainLoss: document.loss,
      validLoss: document.validationLoss,
    }),
  )
  return writeListPage(data, all.length > from + limit)
}
