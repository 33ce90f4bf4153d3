import { z } from 'zod'
import {
  jobStage,
  jobStages,
  queueStates,
  stagesCalled,
  type BedrockJobStatus,
} from '../../../service/tuning/job-stages.ts'
import { TuningNameTaken } from '../../../service/tuning/tuning-service.ts'
import type { Phase, ServedModel, TuningJob } from '../../../service/tuning/tuning-job.ts'
import { toOverrides } from '../../../service/tuning/to-overrides.ts'
import { checkHyperparameters } from '../../../profiles/check-hyperparameters.ts'
import { checkLifecycle } from '../../../profiles/check-lifecycle.ts'
import type { AwsRequest } from '../../aws/aws-request.ts'
import {
  arnOf,
  foundationModelArn,
  type ArnScope,
  scopeOf,
  findReferenced,
  isMadeIn,
  keyArnOf,
  madeIn,
} from '../arns.ts'
import type { BedrockContext } from '../bedrock-context.ts'
import { conflict, notFound, validationError } from '../bedrock-error.ts'
import { findBase } from '../find-base.ts'
import { isMadeBy } from '../made-by.ts'
import { newTags } from '../new-tags.ts'
import { page } from '../paging.ts'
import {
  checkInput,
  createdMembers,
  customModelName,
  defined,
  identifier,
  jobName,
  kmsKeyId,
  listMembers,
  requestToken,
  roleArn,
  s3Uri,
  tagList,
  vpcConfig,
} from '../read-input.ts'
import type { Operation } from '../routes.ts'

const createInput = z.object({
  jobName,
  customModelName,
  roleArn,
  clientRequestToken: requestToken.optional(),
  baseModelIdentifier: identifier,
  customizationType: z
    .enum(['FINE_TUNING', 'CONTINUED_PRE_TRAINING', 'DISTILLATION', 'REINFORCEMENT_FINE_TUNING', 'IMPORTED'])
    .optional(),
  customModelKmsKeyId: kmsKeyId.optional(),
  jobTags: tagList.optional(),
  customModelTags: tagList.optional(),
  trainingDataConfig: z.object({ s3Uri: s3Uri.optional(), invocationLogsConfig: z.unknown().optional() }),
  validationDataConfig: z.object({ validators: z.array(z.object({ s3Uri })).max(10) }).optional(),
  outputDataConfig: z.object({ s3Uri }),
  hyperParameters: z.record(z.string(), z.string('Member must be a string')).optional(),
  vpcConfig: vpcConfig.optional(),
  customizationConfig: z.unknown().optional(),
})

/** What a job answers again of what it was asked for, and nothing is done with here. */
interface Kept {
  readonly roleArn?: string
  readonly clientRequestToken?: string
  readonly customModelKmsKeyId?: string
  readonly vpcConfig?: unknown
  readonly region?: string
}

export const createCustomizationJob: Operation = async (context, { input, request, replay }) => {
  const asked = checkInput(createInput, input)
  return replay(asked.clientRequestToken, () => createJob(context, asked, request))
}

async function createJob(
  context: BedrockContext,
  asked: z.infer<typeof createInput>,
  request: AwsRequest,
): Promise<{ jobArn: string }> {
  const scope = scopeOf(request)
  const base = await findBase(context, asked.baseModelIdentifier)
  const kind = asked.customizationType ?? 'FINE_TUNING'
  if (kind !== 'FINE_TUNING') {
    throw validationError(
      `The customization type ${kind} is not supported by this server; it runs FINE_TUNING.`,
    )
  }
  if (asked.customizationConfig !== undefined) {
    throw validationError('customizationConfig is not for FINE_TUNING.')
  }
  const { s3Uri: training, invocationLogsConfig } = asked.trainingDataConfig
  if (training === undefined || invocationLogsConfig !== undefined) {
    throw validationError(
      'trainingDataConfig.s3Uri is required; invocationLogsConfig is not supported by this server.',
    )
  }
  const date = context.lifecycleDate()
  const ended = date === undefined ? [] : checkLifecycle(base.profile, { now: date, atService: true })
  const [over] = ended.filter(({ severity }) => severity === 'error')
  if (over !== undefined) throw validationError(`${over.message}. ${over.hint}`)
  const hyperparameters = asked.hyperParameters ?? {}
  const problems = checkHyperparameters(base.profile, hyperparameters)
  if (problems.length > 0) {
    throw validationError(
      `Invalid hyperparameters: ${problems.map(({ message, hint }) => `${message} (${hint})`).join('; ')}`,
    )
  }
  const kept: Kept = {
    roleArn: asked.roleArn,
    region: request.region,
    ...defined({
      clientRequestToken: asked.clientRequestToken,
      customModelKmsKeyId: asked.customModelKmsKeyId,
      vpcConfig: asked.vpcConfig,
    }),
  }
  const jobTags = newTags(asked.jobTags)
  const modelTags = newTags(asked.customModelTags)
  try {
    const job = await context.tuning.create({
      name: asked.jobName,
      owner: request.identity.user,
      modelName: asked.customModelName,
      profile: base.profile.id,
      baseIdentifier: base.identifier,
      localBase: base.localBase,
      parent: base.parent,
      ...(base.parentHome === null ? {} : { parentHome: base.parentHome }),
      training,
      validation: asked.validationDataConfig?.validators.map((each) => each.s3Uri) ?? [],
      output: asked.outputDataConfig.s3Uri,
      hyperparameters,
      overrides: toOverrides(base.profile, hyperparameters),
      dialect: { ...kept },
    })
    const jobArn = jobArnOf(job, scope)
    await context.tags.set(jobArn, jobTags)
    await context.tags.set(modelArnOf(job, scope), modelTags)
    return { jobArn }
  } catch (error) {
    if (!(error instanceof TuningNameTaken)) throw error
    const job = await context.tuning.findByName(asked.jobName)
    if (job !== undefined && isMadeBy(asked.clientRequestToken, job.spec.dialect)) {
      return { jobArn: jobArnOf(job, scope) }
    }
    throw conflict(
      error.what === 'job'
        ? `The provided job name is already in use: ${asked.jobName}`
        : `The provided custom model name is already in use: ${asked.customModelName}`,
    )
  }
}

export const getCustomizationJob: Operation = async (context, { labels, request }) => {
  const job = await findJob(context, labels[0] ?? '')
  return jobDetails(job, scopeOf(request))
}

const listInput = z.object({
  ...listMembers,
  ...createdMembers,
  statusEquals: z.enum(['InProgress', 'Completed', 'Failed', 'Stopping', 'Stopped']).optional(),
})

export const listCustomizationJobs: Operation = async (context, { query, request }) => {
  const asked = checkInput(listInput, query)
  const scope = scopeOf(request)
  const states =
    asked.statusEquals === undefined ? undefined : queueStates(stagesCalled('bedrock', asked.statusEquals))
  const { items, nextToken } = await page(
    { ...asked, path: request.path },
    (options) =>
      context.tuning.list({
        ...options,
        ...defined({
          states,
          nameContains: asked.nameContains,
          createdAfter: asked.creationTimeAfter,
          createdBefore: asked.creationTimeBefore,
        }),
      }),
    // Stopping and running share a state of the queue.
    (job) =>
      isMadeIn(job.spec.dialect, scope) &&
      (asked.statusEquals === undefined || statusOf(job) === asked.statusEquals),
  )
  return {
    ...defined({ nextToken }),
    modelCustomizationJobSummaries: items.map((job) => ({
      jobArn: jobArnOf(job, scope),
      baseModelArn: foundationModelArn(scope, job.spec.baseIdentifier),
      jobName: job.name,
      status: statusOf(job),
      statusDetails: statusDetails(job),
      lastModifiedTime: time(job.updatedAt),
      creationTime: time(job.createdAt),
      ...(job.endedAt === null ? {} : { endTime: time(job.endedAt) }),
      ...(job.state === 'succeeded' ? { customModelArn: modelArnOf(job, scope) } : {}),
      customModelName: job.spec.modelName,
      customizationType: 'FINE_TUNING',
    })),
  }
}

export const stopCustomizationJob: Operation = async (context, { labels }) => {
  const job = await findJob(context, labels[0] ?? '')
  const status = statusOf(job)
  if (status !== 'InProgress') {
    throw conflict(
      `The job cannot be stopped because its status is ${status}; only InProgress jobs can be stopped.`,
    )
  }
  await context.tuning.stop(job.id)
  return {}
}

/** By ARN, id or name. @throws AwsError */
async function findJob({ tuning }: BedrockContext, reference: string): Promise<TuningJob> {
  const job = await findReferenced(tuning, 'model-customization-job', reference)
  if (job === undefined) throw notFound(`Could not find model customization job ${reference.slice(0, 200)}.`)
  return job
}

export const jobArnOf = (job: Pick<TuningJob, 'id' | 'spec'>, scope: ArnScope): string =>
  arnOf(madeIn(job.spec.dialect, scope), 'model-customization-job', job.id, job.spec.baseIdentifier)

const modelArnOf = ({ spec }: Pick<TuningJob, 'spec'>, scope: ArnScope): string =>
  arnOf(madeIn(spec.dialect, scope), 'custom-model', spec.modelId, spec.baseIdentifier)

const statusOf = (job: TuningJob): BedrockJobStatus => jobStages[jobStage(job)].bedrock.status

const time = (milliseconds: number): string => new Date(milliseconds).toISOString()

const phaseStates: Readonly<Record<Phase['state'], string>> = {
  waiting: 'NotStarted',
  running: 'InProgress',
  done: 'Completed',
  failed: 'Failed',
  stopped: 'Stopped',
}

function statusDetails(job: TuningJob): object {
  const stopping = statusOf(job) === 'Stopping'
  const detail = ({ state, from, changed }: Phase): object => ({
    status: stopping && state === 'running' ? 'Stopping' : phaseStates[state],
    ...(from === undefined ? {} : { creationTime: time(from) }),
    ...(changed === undefined ? {} : { lastModifiedTime: time(changed) }),
  })
  const { validation, processing, training } = job.progress.phases
  return {
    validationDetails: detail(validation),
    dataProcessingDetails: detail(processing),
    trainingDetails: detail(training),
  }
}

function jobDetails(job: TuningJob, scope: ArnScope): object {
  const { spec, progress, failure } = job
  const kept = spec.dialect as Kept
  const done = job.state === 'succeeded'
  return {
    jobArn: jobArnOf(job, scope),
    jobName: job.name,
    outputModelName: spec.modelName,
    ...(done ? { outputModelArn: modelArnOf(job, scope) } : {}),
    ...defined({ clientRequestToken: kept.clientRequestToken }),
    // Required, and nothing that jobs of other APIs have.
    roleArn: kept.roleArn ?? `arn:aws:iam::${scope.account}:role/hone`,
    status: statusOf(job),
    statusDetails: statusDetails(job),
    ...(failure === null ? {} : { failureMessage: failure.message }),
    creationTime: time(job.createdAt),
    lastModifiedTime: time(job.updatedAt),
    ...(job.endedAt === null ? {} : { endTime: time(job.endedAt) }),
    baseModelArn: foundationModelArn(scope, spec.baseIdentifier),
    hyperParameters: spec.hyperparameters,
    trainingDataConfig: { s3Uri: spec.training },
    // Required even where there is none.
    validationDataConfig: { validators: spec.validation.map((uri) => ({ s3Uri: uri })) },
    outputDataConfig: { s3Uri: spec.output },
    customizationType: 'FINE_TUNING',
    ...defined({
      outputModelKmsKeyArn: keyArnOf(kept.customModelKmsKeyId, madeIn(spec.dialect, scope)),
      vpcConfig: kept.vpcConfig,
    }),
    ...(done ? trainingResults(progress, spec.validation.length) : {}),
  }
}

/** Losses of what was trained. Of several validation files each has its own. */
export function trainingResults(
  {
    trainingLoss,
    validationLoss,
    validationLosses,
  }: Pick<ServedModel, 'trainingLoss' | 'validationLoss' | 'validationLosses'>,
  validators: number,
): object {
  // Jobs of earlier versions know the joint loss only.
  const losses =
    validationLoss === null
      ? []
      : validationLosses?.length === validators
        ? validationLosses
        : Array.from({ length: validators }, () => validationLoss)
  return {
    ...(trainingLoss === null ? {} : { trainingMetrics: { trainingLoss } }),
    validationMetrics: losses.map((loss) => ({ validationLoss: loss })),
  }
}
