import { local } from '../../profiles/families/local.ts'
import { filesBucket } from '../../service/files/file-service.ts'
import { jobStage, jobStages } from '../../service/tuning/job-stages.ts'
import { toOverrides } from '../../service/tuning/to-overrides.ts'
import type { TuningJob } from '../../service/tuning/tuning-job.ts'
import { resourceId, TuningNameTaken } from '../../service/tuning/tuning-service.ts'
import {
  tuningBody,
  writeTuningCheckpoint,
  writeTuningEvent,
  type TuningBody,
} from '../../wire/anthropic/fine-tuning.ts'
import { pageQuery, toPageRequest, writePage, type PageRequest } from '../../wire/anthropic/page.ts'
import { BodyFault } from '../../wire/dialect-request.ts'
import { ApiFault } from '../json-api/api-fault.ts'
import { route, type ApiRoute } from '../json-api/api-route.ts'
import type { AnthropicContext } from './anthropic-context.ts'
import { requireFile } from './file-routes.ts'
import { shownJob, type KeptTuning } from './fine-tuning-view.ts'
import { pageOfAll, pageOfStored } from './paging.ts'
import { checkpointName, findModel, jobIdPrefix, requireModel } from './target.ts'

const root = '/v1/fine_tuning/jobs'
const eventIdPrefix = 'ftevent_'

/** `/v1/fine_tuning/jobs`, which is Hone's own. A job of whatever API is shown. */
export const fineTuningRoutes = (context: AnthropicContext): readonly ApiRoute[] => [
  route({
    name: 'CreateFineTuningJob',
    method: 'POST',
    path: root,
    action: 'write',
    resource: ({ body }) => body.model,
    body: tuningBody,
    answer: async ({ body, identity }) => ({ json: shownJob(await createJob(context, body, identity.user)) }),
  }),
  route({
    name: 'ListFineTuningJobs',
    method: 'GET',
    path: root,
    action: 'read',
    search: pageQuery,
    async answer({ search }) {
      const { items, hasMore } = await pageOfStored<TuningJob>(
        { find: (id) => findJob(context, id), list: (options) => context.tuning.list(options) },
        toPageRequest(search),
      )
      return { json: writePage(items.map(shownJob), hasMore) }
    },
  }),
  route({
    name: 'GetFineTuningJob',
    method: 'GET',
    path: `${root}/{job}`,
    action: 'read',
    answer: async ({ labels }) => ({ json: shownJob(await requireJob(context, labels)) }),
  }),
  changeOf(
    context,
    'Cancel',
    (id) => context.tuning.stop(id),
    (job) => job.stopRequested || job.state === 'stopped',
  ),
  changeOf(
    context,
    'Pause',
    (id) => context.tuning.pause(id),
    (job) => job.pauseRequested && job.endedAt === null,
  ),
  changeOf(
    context,
    'Resume',
    (id) => context.tuning.resume(id),
    (job) => !job.pauseRequested && job.endedAt === null,
  ),
  route({
    name: 'ListFineTuningEvents',
    method: 'GET',
    path: `${root}/{job}/events`,
    action: 'read',
    search: pageQuery,
    async answer({ labels, search }) {
      const job = await requireJob(context, labels)
      const { limit, after, before } = toPageRequest(search)
      const place = eventPlace({ after, before })
      const found = await context.tuning.events(job.id, {
        limit: limit + 1,
        ascending: before !== undefined,
        ...(place === undefined ? {} : { after: place }),
      })
      const events = found.slice(0, limit)
      const data = (before === undefined ? events : events.toReversed()).map((event) =>
        writeTuningEvent({ ...event, id: `${eventIdPrefix}${event.id}` }),
      )
      return { json: writePage(data, found.length > limit) }
    },
  }),
  route({
    name: 'ListFineTuningCheckpoints',
    method: 'GET',
    path: `${root}/{job}/checkpoints`,
    action: 'read',
    search: pageQuery,
    async answer({ labels, search }) {
      const job = await requireJob(context, labels)
      const isShown = jobStages[jobStage(job)].anthropic.checkpoints
      const all = (isShown ? await context.checkpoints.list(job.id) : []).map(({ id, createdAt, document }) =>
        writeTuningCheckpoint({
          id: `ftckpt_${id}`,
          model: checkpointName(job.id, document.step),
          step: document.step,
          epoch: document.epoch,
          trainingLoss: document.loss,
          validationLoss: document.validationLoss,
          createdAt,
        }),
      )
      const { items, hasMore } = pageOfAll(all, toPageRequest(search))
      return { json: writePage(items, hasMore) }
    },
  }),
]

function changeOf(
  context: AnthropicContext,
  name: 'Cancel' | 'Pause' | 'Resume',
  act: (id: string) => Promise<TuningJob | undefined>,
  isDone: (job: TuningJob) => boolean,
): ApiRoute {
  const word = name.toLowerCase()
  return route({
    name: `${name}FineTuningJob`,
    method: 'POST',
    path: `${root}/{job}/${word}`,
    action: 'write',
    async answer({ labels }) {
      const { id } = await requireJob(context, labels)
      const job = await act(id)
      if (job !== undefined && isDone(job)) return { json: shownJob(job) }
      const status = job === undefined ? 'gone' : jobStages[jobStage(job)].anthropic.status
      throw new ApiFault('invalid', `There is nothing to ${word}: the job is ${status}.`)
    },
  })
}

/** The neighbour in a list of events. @throws BodyFault for what is no id of one */
function eventPlace({ after, before }: Pick<PageRequest, 'after' | 'before'>): string | undefined {
  const asked = before ?? after
  if (asked === undefined) return undefined
  if (!asked.startsWith(eventIdPrefix)) {
    throw new BodyFault(before === undefined ? '/after_id' : '/before_id', 'this is no id of an event')
  }
  return asked.slice(eventIdPrefix.length)
}

async function createJob(context: AnthropicContext, body: TuningBody, owner: string): Promise<TuningJob> {
  const { tuning, uploadedFiles } = context
  const from = await tunable(context, body.model)
  const training = await dataFile(context, body.training_file, 'training_file')
  const validation =
    body.validation_file === undefined || body.validation_file === null
      ? undefined
      : await dataFile(context, body.validation_file, 'validation_file')
  const id = resourceId()
  const { name = `tuned-${id}`, metadata = {} } = body
  if ((await findModel(context, name)) !== undefined) throw nameTaken(name)
  const { seed, ...asked } = body.hyperparameters ?? {}
  const hyperparameters = Object.fromEntries(
    Object.entries({
      epochCount: asked.epochs,
      batchSize: asked.batch_size,
      learningRateMultiplier: asked.learning_rate_multiplier,
      earlyStoppingPatience: asked.early_stopping_patience,
      earlyStoppingThreshold: asked.early_stopping_threshold,
    }).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  )
  const kept: KeptTuning = { api: 'anthropic', metadata, seed: seed ?? null }
  try {
    return await tuning.create(
      {
        name: `anthropic-${id}`,
        owner,
        modelName: name,
        profile: local.id,
        ...from,
        training: uploadedFiles.uri(training),
        validation: validation === undefined ? [] : [uploadedFiles.uri(validation)],
        output: `s3://${filesBucket}/jobs`,
        hyperparameters,
        overrides: { ...toOverrides(local, hyperparameters), ...(seed === undefined ? {} : { seed }) },
        dialect: { ...kept },
      },
      id,
    )
  } catch (error) {
    throw error instanceof TuningNameTaken ? nameTaken(name) : error
  }
}

const nameTaken = (name: string): ApiFault =>
  new ApiFault('conflict', `there is a model called ${name}`, { pointer: '/name', code: 'E_EXISTS' })

/** What a job is trained from: a base, or a model that a job has made. @throws ApiFault `invalid`, `not-found` */
async function tunable(
  context: AnthropicContext,
  name: string,
): Promise<Pick<TuningJob['spec'], 'baseIdentifier' | 'localBase' | 'parent' | 'parentHome'>> {
  const { homeId, localBase, baseIdentifier, resourceId: parent } = await requireModel(context, name)
  if (homeId === localBase) return { baseIdentifier, localBase, parent: null }
  if (parent !== undefined) return { baseIdentifier, localBase, parent, parentHome: homeId }
  throw new ApiFault('invalid', `${name} is not tuned on: name a base, or a model that a job has made`, {
    pointer: '/model',
  })
}

async function dataFile(
  context: AnthropicContext,
  id: string,
  member: 'training_file' | 'validation_file',
): Promise<Awaited<ReturnType<typeof requireFile>>> {
  try {
    return await requireFile(context, id)
  } catch (error) {
    throw error instanceof ApiFault
      ? new ApiFault('invalid', error.message, { pointer: `/${member}` })
      : error
  }
}

async function findJob({ tuning }: AnthropicContext, id: string): Promise<TuningJob | undefined> {
  return id.startsWith(jobIdPrefix) ? tuning.find(id.slice(jobIdPrefix.length)) : undefined
}

/** @throws ApiFault `not-found` */
async function requireJob(
  context: AnthropicContext,
  { job: id = '' }: Readonly<Record<string, string>>,
): Promise<TuningJob> {
  const job = await findJob(context, id)
  if (job === undefined) throw new ApiFault('not-found', `There is no fine-tuning job ${id.slice(0, 100)}.`)
  return job
}
