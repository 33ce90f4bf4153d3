import { z } from 'zod'
import type { JsonObject } from '../../../core/example.ts'
import { batchDeadline, type BatchJob } from '../../../service/batch/batch-job.ts'
import { BatchNameTaken } from '../../../service/batch/batch-service.ts'
import type { JobTable } from '../../../store/database/tables.ts'
import { isAllowed } from '../../aws/identity.ts'
import { arnOf, isMadeIn, madeIn, parseArn, scopeOf, type ArnScope } from '../arns.ts'
import type { BedrockContext } from '../bedrock-context.ts'
import { accessDenied, conflict, notFound, validationError } from '../bedrock-error.ts'
import { isMadeBy } from '../made-by.ts'
import { newTags } from '../new-tags.ts'
import { page } from '../paging.ts'
import {
  checkInput,
  defined,
  identifier,
  jobName,
  listMembers,
  requestToken,
  roleArn,
  s3Uri,
  submittedMembers,
  tagList,
  vpcConfig,
} from '../read-input.ts'
import type { Operation } from '../routes.ts'
import { requireCodec } from '../runtime/invoke-model.ts'
import { batchTarget } from '../runtime/runtime-target.ts'

const accountId = z.string().regex(/^\d{12}$/, 'Member must be twelve digits')
const usualHours = 24

const createInput = z.object({
  jobName,
  roleArn,
  clientRequestToken: requestToken.optional(),
  modelId: identifier,
  inputDataConfig: z.object({
    s3InputDataConfig: z.object({
      s3Uri,
      s3InputFormat: z.literal('JSONL').optional(),
      s3BucketOwner: accountId.optional(),
    }),
  }),
  outputDataConfig: z.object({
    s3OutputDataConfig: z.object({
      s3Uri,
      s3EncryptionKeyId: z.string().min(1).max(2048).optional(),
      s3BucketOwner: accountId.optional(),
    }),
  }),
  vpcConfig: vpcConfig.optional(),
  timeoutDurationInHours: z.int().min(24).max(168).optional(),
  tags: tagList.optional(),
  modelInvocationType: z.enum(['InvokeModel', 'Converse']).optional(),
})

/** What a job was asked for that is answered again, and who asked. */
export interface KeptBatch {
  readonly roleArn: string
  readonly clientRequestToken?: string
  readonly inputDataConfig: JsonObject
  readonly outputDataConfig: JsonObject
  readonly vpcConfig?: JsonObject
  readonly modelInvocationType: 'InvokeModel' | 'Converse'
  readonly region: string
  readonly account: string
  /** ARN of who asked, for the log of invocations. */
  readonly identity: string
}

export const createBatchJob: Operation = async (context, { input, request, replay }) => {
  const asked = checkInput(createInput, input)
  const { identity, region } = request
  if (!isAllowed(identity, 'invoke', asked.modelId)) throw accessDenied('bedrock:InvokeModel', asked.modelId)
  const { s3InputDataConfig: from } = asked.inputDataConfig
  const { s3OutputDataConfig: to } = asked.outputDataConfig
  for (const { s3BucketOwner: owner = identity.account } of [from, to]) {
    if (owner !== identity.account) {
      throw validationError(`All buckets here belong to the account ${identity.account}, not to ${owner}.`)
    }
  }
  const { modelInvocationType = 'InvokeModel' } = asked
  const target = await batchTarget(context, asked.modelId)
  if (modelInvocationType === 'InvokeModel') requireCodec(target)
  return replay(asked.clientRequestToken, async () => {
    const tags = newTags(asked.tags)
    const kept: KeptBatch = {
      roleArn: asked.roleArn,
      inputDataConfig: asked.inputDataConfig,
      outputDataConfig: asked.outputDataConfig,
      modelInvocationType,
      region,
      account: identity.account,
      identity: identity.arn,
      ...defined({ clientRequestToken: asked.clientRequestToken, vpcConfig: asked.vpcConfig }),
    }
    try {
      const id = await context.batch.create({
        name: asked.jobName,
        owner: identity.user,
        modelId: asked.modelId,
        input: from.s3Uri,
        output: to.s3Uri,
        timeoutHours: asked.timeoutDurationInHours ?? usualHours,
        dialect: { ...kept },
      })
      const jobArn = arnOf(scopeOf(request), 'model-invocation-job', id)
      await context.tags.set(jobArn, tags)
      return { jobArn }
    } catch (error) {
      if (!(error instanceof BatchNameTaken)) throw error
      const made = await context.batch.findByName(asked.jobName)
      if (made !== undefined && isMadeBy(asked.clientRequestToken, made.spec.dialect)) {
        return { jobArn: batchJobArn(made, scopeOf(request)) }
      }
      throw conflict(`The provided job name is already in use: ${asked.jobName}`)
    }
  })
}

export const getBatchJob: Operation = async (context, { labels, request }) =>
  jobDetails(await findJob(context, labels[0] ?? ''), scopeOf(request))

const statuses = [
  'Submitted',
  'InProgress',
  'Completed',
  'Failed',
  'Stopping',
  'Stopped',
  'PartiallyCompleted',
  'Expired',
  'Validating',
  'Scheduled',
] as const
type BatchStatus = (typeof statuses)[number]

const listInput = z.object({
  ...listMembers,
  ...submittedMembers,
  statusEquals: z.enum(statuses).optional(),
})

export const listBatchJobs: Operation = async (context, { query, request }) => {
  const asked = checkInput(listInput, query)
  const scope = scopeOf(request)
  const { statusEquals } = asked
  const { items, nextToken } = await page(
    { ...asked, path: request.path },
    (options) =>
      context.batch.list({
        ...options,
        ...defined({
          states: statusEquals === undefined ? undefined : [stateOf[statusEquals]],
          nameContains: asked.nameContains,
          createdAfter: asked.submitTimeAfter,
          createdBefore: asked.submitTimeBefore,
        }),
      }),
    // Several statuses share a state of the queue.
    (job) =>
      isMadeIn(job.spec.dialect, scope) && (statusEquals === undefined || statusOf(job) === statusEquals),
  )
  return { ...defined({ nextToken }), invocationJobSummaries: items.map((job) => jobDetails(job, scope)) }
}

export const stopBatchJob: Operation = async (context, { labels }) => {
  const job = await findJob(context, labels[0] ?? '')
  const status = statusOf(job)
  if (status === 'Stopping' || job.endedAt !== null) {
    throw conflict(`The job cannot be stopped because its status is ${status}.`)
  }
  await context.batch.stop(job.id)
  return {}
}

/** By ARN or id; the service takes no names here. @throws AwsError */
async function findJob({ batch }: BedrockContext, reference: string): Promise<BatchJob> {
  const arn = parseArn(reference)
  const isOther = arn !== undefined && arn.kind !== 'model-invocation-job'
  const job = isOther ? undefined : await batch.find(arn?.id ?? reference)
  if (job === undefined) throw notFound(`Could not find model invocation job ${reference.slice(0, 200)}.`)
  return job
}

const stateOf: Readonly<Record<BatchStatus, JobTable['state']>> = {
  Submitted: 'queued',
  Scheduled: 'queued',
  Validating: 'running',
  InProgress: 'running',
  Stopping: 'running',
  Completed: 'succeeded',
  PartiallyCompleted: 'succeeded',
  Expired: 'succeeded',
  Failed: 'failed',
  Stopped: 'stopped',
}

const outcomes = {
  completed: 'Completed',
  'partially-completed': 'PartiallyCompleted',
  expired: 'Expired',
} as const

function statusOf({ state, stopRequested, attempts, progress }: BatchJob): BatchStatus {
  if (state === 'failed') return 'Failed'
  if (state === 'stopped') return 'Stopped'
  if (state === 'succeeded') return outcomes[progress.outcome ?? 'completed']
  // A job that a server gave back waits for its next turn.
  if (state === 'queued') return attempts === 0 ? 'Submitted' : 'Scheduled'
  if (stopRequested) return 'Stopping'
  return progress.stage === 'running' ? 'InProgress' : 'Validating'
}

const time = (milliseconds: number): string => new Date(milliseconds).toISOString()

export const batchJobArn = ({ id, spec }: Pick<BatchJob, 'id' | 'spec'>, scope: ArnScope): string =>
  arnOf(madeIn(spec.dialect, scope), 'model-invocation-job', id)

function jobDetails(job: BatchJob, scope: ArnScope): object {
  const { spec, progress, failure } = job
  const kept: Partial<KeptBatch> = spec.dialect
  const { succeeded, failed, total } = progress
  return {
    jobArn: batchJobArn(job, scope),
    jobName: job.name,
    modelId: spec.modelId,
    // Required, and nothing that jobs of other APIs have.
    roleArn: kept.roleArn ?? `arn:aws:iam::${scope.account}:role/hone`,
    status: statusOf(job),
    ...defined({ message: failure?.message ?? progress.note ?? undefined }),
    submitTime: time(job.createdAt),
    lastModifiedTime: time(job.updatedAt),
    ...(job.endedAt === null ? {} : { endTime: time(job.endedAt) }),
    inputDataConfig: kept.inputDataConfig ?? { s3InputDataConfig: { s3Uri: spec.input } },
    outputDataConfig: kept.outputDataConfig ?? { s3OutputDataConfig: { s3Uri: spec.output } },
    ...defined({ clientRequestToken: kept.clientRequestToken, vpcConfig: kept.vpcConfig }),
    timeoutDurationInHours: spec.timeoutHours,
    jobExpirationTime: time(batchDeadline(job)),
    ...defined({ modelInvocationType: kept.modelInvocationType }),
    ...(total === null
      ? {}
      : {
          totalRecordCount: total,
          processedRecordCount: succeeded + failed,
          successRecordCount: succeeded,
          errorRecordCount: failed,
        }),
  }
}
