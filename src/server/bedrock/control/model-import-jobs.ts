import { z } from 'zod'
import type { ModelJob } from '../../../service/model-jobs/model-job.ts'
import { TuningNameTaken } from '../../../service/tuning/tuning-service.ts'
import { arnOf, findReferenced, isMadeIn, keyArnOf, madeIn, scopeOf, type ArnScope } from '../arns.ts'
import type { BedrockContext } from '../bedrock-context.ts'
import { conflict, notFound } from '../bedrock-error.ts'
import { isMadeBy } from '../made-by.ts'
import { newTags } from '../new-tags.ts'
import { page } from '../paging.ts'
import {
  checkInput,
  createdMembers,
  customModelName,
  defined,
  jobName,
  kmsKeyId,
  listMembers,
  modelDataSource,
  requestToken,
  roleArn,
  tagList,
  vpcConfig,
} from '../read-input.ts'
import type { Operation } from '../routes.ts'
import { modelJobArn, modelJobStatus, statesOf } from './model-job-arn.ts'

const createInput = z.object({
  jobName,
  importedModelName: customModelName,
  roleArn,
  modelDataSource,
  jobTags: tagList.optional(),
  importedModelTags: tagList.optional(),
  clientRequestToken: requestToken.optional(),
  vpcConfig: vpcConfig.optional(),
  importedModelKmsKeyId: kmsKeyId.optional(),
})

export const createModelImportJob: Operation = async (context, { input, request, replay }) => {
  const asked = checkInput(createInput, input)
  const scope = scopeOf(request)
  return replay(asked.clientRequestToken, async () => {
    const jobTags = newTags(asked.jobTags)
    const modelTags = newTags(asked.importedModelTags)
    try {
      const job = await context.modelJobs.import({
        name: asked.jobName,
        modelName: asked.importedModelName,
        source: asked.modelDataSource.s3DataSource.s3Uri,
        owner: request.identity.user,
        dialect: {
          region: request.region,
          roleArn: asked.roleArn,
          ...defined({
            vpcConfig: asked.vpcConfig,
            kmsKeyArn: keyArnOf(asked.importedModelKmsKeyId, scope),
            clientRequestToken: asked.clientRequestToken,
          }),
        },
      })
      const jobArn = modelJobArn(job, scope)
      await context.tags.set(jobArn, jobTags)
      await context.tags.set(modelArnOf(job, scope), modelTags)
      return { jobArn }
    } catch (error) {
      if (!(error instanceof TuningNameTaken)) throw error
      const made = await context.modelJobs.findByName('model-import', asked.jobName)
      if (made !== undefined && isMadeBy(asked.clientRequestToken, made.spec.dialect)) {
        return { jobArn: modelJobArn(made, scope) }
      }
      throw conflict(
        error.what === 'job'
          ? `The provided job name is already in use: ${asked.jobName}`
          : `The provided imported model name is already in use: ${asked.importedModelName}`,
      )
    }
  })
}

export const getModelImportJob: Operation = async (context, { labels, request }) => {
  const job = await findImportJob(context, labels[0] ?? '')
  const { spec, failure } = job
  const { roleArn: role, vpcConfig: network, kmsKeyArn } = spec.dialect
  return {
    ...summary(job, scopeOf(request)),
    ...defined({ roleArn: role, vpcConfig: network, importedModelKmsKeyArn: kmsKeyArn }),
    modelDataSource: { s3DataSource: { s3Uri: spec.source } },
    ...(failure === null ? {} : { failureMessage: failure.message }),
  }
}

const listInput = z.object({
  ...listMembers,
  ...createdMembers,
  statusEquals: z.enum(['InProgress', 'Completed', 'Failed']).optional(),
})

export const listModelImportJobs: Operation = async (context, { query, request }) => {
  const asked = checkInput(listInput, query)
  const scope = scopeOf(request)
  const { items, nextToken } = await page(
    { ...asked, path: request.path },
    (options) =>
      context.modelJobs.list({
        ...options,
        kind: 'model-import',
        ...defined({
          states: asked.statusEquals === undefined ? undefined : statesOf[asked.statusEquals],
          nameContains: asked.nameContains,
          createdAfter: asked.creationTimeAfter,
          createdBefore: asked.creationTimeBefore,
        }),
      }),
    ({ spec }) => isMadeIn(spec.dialect, scope),
  )
  return { ...defined({ nextToken }), modelImportJobSummaries: items.map((job) => summary(job, scope)) }
}

/** By ARN, id or name. @throws AwsError */
async function findImportJob({ modelJobs }: BedrockContext, reference: string): Promise<ModelJob> {
  const jobs = {
    find: (id: string) => modelJobs.find('model-import', id),
    findByName: (name: string) => modelJobs.findByName('model-import', name),
  }
  const job = await findReferenced(jobs, 'model-import-job', reference)
  if (job === undefined) throw notFound(`Could not find model import job ${reference.slice(0, 200)}.`)
  return job
}

const modelArnOf = ({ spec }: ModelJob, scope: ArnScope): string =>
  arnOf(madeIn(spec.dialect, scope), 'imported-model', spec.modelId)

function summary(job: ModelJob, scope: ArnScope): object {
  const status = modelJobStatus(job)
  return {
    jobArn: modelJobArn(job, scope),
    jobName: job.name,
    status,
    creationTime: new Date(job.createdAt).toISOString(),
    lastModifiedTime: new Date(job.updatedAt).toISOString(),
    ...(job.endedAt === null ? {} : { endTime: new Date(job.endedAt).toISOString() }),
    ...(status === 'Completed' ? { importedModelArn: modelArnOf(job, scope) } : {}),
    importedModelName: job.spec.modelName,
  }
}
