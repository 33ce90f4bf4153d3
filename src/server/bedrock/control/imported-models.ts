import { z } from 'zod'
import type { ImportedModel } from '../../../service/model-jobs/model-job.ts'
import type { Resource } from '../../../store/database/resource-store.ts'
import { arnOf, findReferenced, isMadeIn, madeIn, scopeOf, type ArnScope } from '../arns.ts'
import type { BedrockContext } from '../bedrock-context.ts'
import { notFound } from '../bedrock-error.ts'
import { page } from '../paging.ts'
import { checkInput, createdMembers, defined, listMembers } from '../read-input.ts'
import type { Operation } from '../routes.ts'
import { modelJobArn } from './model-job-arn.ts'

type StoredImport = Resource<ImportedModel>

/** By ARN, id or name; only what has been imported. @throws AwsError */
async function findImportedModel({ imported }: BedrockContext, reference: string): Promise<StoredImport> {
  const model = await findReferenced(imported, 'imported-model', reference)
  if (model?.state !== 'active') {
    throw notFound(`Could not find imported model ${reference.slice(0, 200)}.`)
  }
  return model
}

export const importedModelArn = (
  { id, document }: Pick<StoredImport, 'id' | 'document'>,
  scope: ArnScope,
): string => arnOf(madeIn(document.dialect, scope), 'imported-model', id)

export const getImportedModel: Operation = async (context, { labels, request }) => {
  const model = await findImportedModel(context, labels[0] ?? '')
  const scope = scopeOf(request)
  const { source, jobId, dialect } = model.document
  const job = await context.modelJobs.find('model-import', jobId)
  return {
    ...summary(model, scope),
    ...(job === undefined ? {} : { jobName: job.name, jobArn: modelJobArn(job, scope) }),
    modelDataSource: { s3DataSource: { s3Uri: source } },
    ...defined({ modelKmsKeyArn: dialect['kmsKeyArn'] }),
  }
}

const listInput = z.object({ ...listMembers, ...createdMembers })

export const listImportedModels: Operation = async (context, { query, request }) => {
  const asked = checkInput(listInput, query)
  const scope = scopeOf(request)
  const { items, nextToken } = await page(
    { ...asked, path: request.path },
    (options) =>
      context.imported.list({
        ...options,
        states: ['active'],
        ...defined({
          nameContains: asked.nameContains,
          createdAfter: asked.creationTimeAfter,
          createdBefore: asked.creationTimeBefore,
        }),
      }),
    ({ document }) => isMadeIn(document.dialect, scope),
  )
  return { ...defined({ nextToken }), modelSummaries: items.map((model) => summary(model, scope)) }
}

export const deleteImportedModel: Operation = async (context, { labels, request }) => {
  const model = await findImportedModel(context, labels[0] ?? '')
  await context.imported.remove(model.id)
  await context.removeModel(model.document.homeId)
  await context.tags.removeAll(importedModelArn(model, scopeOf(request)))
  return {}
}

function summary(model: StoredImport, scope: ArnScope): object {
  return {
    modelArn: importedModelArn(model, scope),
    modelName: model.name,
    creationTime: new Date(model.createdAt).toISOString(),
    // A model without a chat template is not imported.
    instructSupported: true,
    modelArchitecture: model.document.architecture ?? 'adapter',
  }
}
