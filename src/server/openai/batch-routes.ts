import { z } from 'zod'
import { batchDeadline, type BatchJob } from '../../service/batch/batch-job.ts'
import { filesBucket } from '../../service/files/file-service.ts'
import { resourceId } from '../../service/tuning/tuning-service.ts'
import {
  batchBody,
  writeBatch,
  type BatchRequestBody,
  type BatchStatus,
} from '../../wire/openai/batch-object.ts'
import { pageMembers } from '../../wire/openai/list-page.ts'
import { fromObjectId, toObjectId, type ListedObject } from '../../wire/openai/object-id.ts'
import type { Identity } from '../aws/identity.ts'
import type { ApiContext } from '../create-json-apis.ts'
import { ApiFault } from '../json-api/api-fault.ts'
import { route, type ApiRoute } from '../json-api/api-route.ts'
import { batchFiles, linesOf, readBatchInput } from './batch-files.ts'
import { findFile } from './file-routes.ts'
import { isOfOpenai, keptBatch, type KeptBatch } from './kept-batch.ts'
import { pageOf } from './page-of.ts'

type BatchContext = Pick<ApiContext, 'batch' | 'uploadedFiles' | 'objects'>

const hours = 24
const listSearch = z.object(pageMembers(20, 100))

/** `/v1/batches`. */
export const batchRoutes = (context: BatchContext): readonly ApiRoute[] => [
  route({
    name: 'batches.create',
    method: 'POST',
    path: '/v1/batches',
    action: 'write',
    resource: ({ body }) => body.input_file_id,
    body: batchBody,
    answer: async ({ body, identity, signal }) => ({
      json: await batchObject(context, await createBatch(context, body, identity, signal)),
    }),
  }),
  route({
    name: 'batches.list',
    method: 'GET',
    path: '/v1/batches',
    action: 'read',
    search: listSearch,
    async answer({ search }) {
      const page = await pageOf<BatchJob, { readonly id: string; readonly job: BatchJob }>(
        search,
        {
          list: (options) => context.batch.list(options),
          find: (id) => find(context, id),
          keep: isOfOpenai,
        },
        (job) => ({ id: toObjectId('batch_', job.id), job }),
      )
      const data: ListedObject[] = []
      for (const { job } of page.data) data.push(await batchObject(context, job))
      return { json: { ...page, data } }
    },
  }),
  route({
    name: 'batches.retrieve',
    method: 'GET',
    path: '/v1/batches/{batch}',
    action: 'read',
    answer: async ({ labels }) => ({
      json: await batchObject(context, await findBatch(context, labels['batch'] ?? '')),
    }),
  }),
  route({
    name: 'batches.cancel',
    method: 'POST',
    path: '/v1/batches/{batch}/cancel',
    action: 'write',
    async answer({ labels }) {
      const id = labels['batch'] ?? ''
      const job = await findBatch(context, id)
      if (job.endedAt !== null && job.state !== 'stopped') {
        throw new ApiFault('invalid', `A batch that is ${statusOf(job)} cannot be cancelled.`)
      }
      await context.batch.stop(job.id)
      return { json: await batchObject(context, await findBatch(context, id)) }
    },
  }),
]

async function createBatch(
  { batch, uploadedFiles: files }: BatchContext,
  asked: BatchRequestBody,
  identity: Identity,
  signal: AbortSignal,
): Promise<BatchJob> {
  const input = await findFile(files, asked.input_file_id)
  if (input.document.purpose !== 'batch') {
    throw new ApiFault(
      'invalid',
      `The file ${asked.input_file_id} is not for batches: its purpose is ${input.document.purpose}.`,
      {
        pointer: '/input_file_id',
        code: 'invalid_file_purpose',
      },
    )
  }
  const body = (await files.open(input)) as AsyncIterable<Uint8Array>
  const { records, faults } = await readBatchInput(linesOf(body), asked.endpoint)
  const id = resourceId()
  // As they are now, whatever becomes of the file.
  const received = await files.receive(records, {
    filename: `${id}.jsonl`,
    contentType: 'application/jsonl',
    largest: Number.MAX_SAFE_INTEGER,
    signal,
  })
  const kept: KeptBatch = {
    api: 'openai',
    endpoint: asked.endpoint,
    inputFile: asked.input_file_id,
    metadata: asked.metadata ?? null,
    faults,
    outputSeconds: asked.output_expires_after?.seconds ?? null,
    identity,
  }
  await batch.create(
    {
      name: toObjectId('batch_', id),
      owner: identity.user,
      modelId: asked.endpoint,
      input: `s3://${filesBucket}/${received.key}`,
      output: `s3://${filesBucket}/batches`,
      timeoutHours: hours,
      dialect: { ...kept },
    },
    id,
  )
  const job = await batch.find(id)
  if (job === undefined) throw new Error(`batch ${id} is gone`)
  return job
}

async function find({ batch }: BatchContext, id: string): Promise<BatchJob | undefined> {
  const own = fromObjectId('batch_', id)
  const job = own === undefined ? undefined : await batch.find(own)
  return job !== undefined && isOfOpenai(job) ? job : undefined
}

/** @throws ApiFault `not-found` */
async function findBatch(context: BatchContext, id: string): Promise<BatchJob> {
  const job = await find(context, id)
  if (job !== undefined) return job
  throw new ApiFault('not-found', `No such Batch object: ${id.slice(0, 100)}`, { pointer: '/id' })
}

function statusOf({ state, stopRequested, progress }: BatchJob): BatchStatus {
  if (state === 'failed') return 'failed'
  if (state === 'stopped') return 'cancelled'
  if (state === 'succeeded') return progress.outcome === 'completed' ? 'completed' : 'expired'
  if (stopRequested) return 'cancelling'
  return progress.stage === 'running' ? 'in_progress' : 'validating'
}

const fileId = (id: string | null | undefined): string | null =>
  typeof id === 'string' ? toObjectId('file-', id) : null

async function batchObject(context: BatchContext, job: BatchJob): Promise<ListedObject> {
  const { progress, failure } = job
  const kept = keptBatch(job)
  const files = job.endedAt === null ? undefined : await batchFiles(context, job)
  const faults =
    job.state === 'failed' && kept.faults.length === 0 && failure !== null
      ? [{ code: 'server_error', message: failure.message, param: null, line: null }]
      : kept.faults
  return writeBatch({
    id: toObjectId('batch_', job.id),
    endpoint: kept.endpoint,
    inputFile: kept.inputFile,
    status: statusOf(job),
    createdAt: job.createdAt,
    expiresAt: batchDeadline(job),
    changedAt: job.updatedAt,
    endedAt: job.endedAt,
    // Told once the batch is said to have failed by them.
    faults: job.state === 'failed' ? faults : [],
    outputFile: fileId(files?.output),
    errorFile: fileId(files?.errors),
    total: progress.total ?? 0,
    completed: progress.succeeded,
    failed: progress.failed,
    inputTokens: progress.inputTokens,
    outputTokens: progress.outputTokens,
    metadata: kept.metadata,
  })
}
