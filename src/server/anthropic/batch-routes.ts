import type { BatchJob } from '../../service/batch/batch-job.ts'
import { batchDeadline } from '../../service/batch/batch-job.ts'
import { filesBucket } from '../../service/files/file-service.ts'
import { resourceId } from '../../service/tuning/tuning-service.ts'
import {
  batchBody,
  toBatchedRequests,
  writeBatch,
  type BatchedRequest,
} from '../../wire/anthropic/message-batch.ts'
import { pageQuery, toPageRequest, writePage } from '../../wire/anthropic/page.ts'
import { isAllowed, type Identity } from '../aws/identity.ts'
import { ApiFault } from '../json-api/api-fault.ts'
import type { ApiRequest } from '../json-api/api-request.ts'
import { route, type ApiRoute } from '../json-api/api-route.ts'
import type { AnthropicContext } from './anthropic-context.ts'
import { isOfAnthropic, readBatchDetails, type BatchDetails } from './batch-details.ts'
import { batchResults, removeBatchObjects } from './batch-results.ts'
import { pageOfStored } from './paging.ts'

/** Largest body of a batch, in bytes: it is held whole while it is checked. */
const largestBody = 64 * 2 ** 20
const hours = 24

const idPrefix = 'msgbatch_'

export const batchRoutes = (context: AnthropicContext): readonly ApiRoute[] => [
  route({
    name: 'CreateMessageBatch',
    method: 'POST',
    path: '/v1/messages/batches',
    action: 'write',
    resource: () => 'batches',
    body: batchBody,
    largestBody,
    async answer(call) {
      const requests = toBatchedRequests(call.body)
      requireInvoke(call.identity, requests)
      const { uploadedFiles, batch } = context
      const id = resourceId()
      const received = await uploadedFiles.receive(recordsOf(requests), {
        filename: `${id}.jsonl`,
        contentType: 'application/jsonl',
        largest: 2 * largestBody,
        signal: call.signal,
      })
      const { keyId, account, arn } = call.identity
      const details: BatchDetails = {
        api: 'anthropic',
        requests: requests.length,
        keyId,
        account,
        identity: arn,
      }
      await batch.create(
        {
          name: `${idPrefix}${id}`,
          owner: call.identity.user,
          modelId: modelOf(requests[0]?.params) ?? 'none',
          input: `s3://${filesBucket}/${received.key}`,
          output: `s3://${filesBucket}/batches`,
          timeoutHours: hours,
          dialect: { ...details },
        },
        id,
      )
      return { json: shown(await requireBatch(context, idPrefix + id), call) }
    },
  }),
  route({
    name: 'ListMessageBatches',
    method: 'GET',
    path: '/v1/messages/batches',
    action: 'read',
    search: pageQuery,
    async answer(call) {
      const { items, hasMore } = await pageOfStored<BatchJob>(
        {
          find: (id) => findBatch(context, id),
          list: (options) => context.batch.list(options),
          isShown: isOfAnthropic,
        },
        toPageRequest(call.search),
      )
      const page = items.map((job) => shown(job, call))
      return { json: writePage(page, hasMore) }
    },
  }),
  route({
    name: 'GetMessageBatch',
    method: 'GET',
    path: '/v1/messages/batches/{batch}',
    action: 'read',
    answer: async (call) => ({ json: shown(await requireBatch(context, call.labels['batch'] ?? ''), call) }),
  }),
  route({
    name: 'CancelMessageBatch',
    method: 'POST',
    path: '/v1/messages/batches/{batch}/cancel',
    action: 'write',
    async answer(call) {
      const id = call.labels['batch'] ?? ''
      const job = await requireBatch(context, id)
      if (job.endedAt !== null) throw new ApiFault('invalid', `Batch ${id} has ended and cannot be canceled.`)
      await context.batch.stop(job.id)
      return { json: shown(await requireBatch(context, id), call) }
    },
  }),
  route({
    name: 'DeleteMessageBatch',
    method: 'DELETE',
    path: '/v1/messages/batches/{batch}',
    action: 'write',
    async answer({ labels }) {
      const id = labels['batch'] ?? ''
      const job = await requireBatch(context, id)
      if (!(await context.batch.remove(job.id))) {
        throw new ApiFault('invalid', `Batch ${id} has not ended: cancel it before you delete it.`)
      }
      await removeBatchObjects(context.objects, job)
      return { json: { id, type: 'message_batch_deleted' } }
    },
  }),
  route({
    name: 'GetMessageBatchResults',
    method: 'GET',
    path: '/v1/messages/batches/{batch}/results',
    action: 'read',
    async answer({ labels }) {
      const id = labels['batch'] ?? ''
      const job = await requireBatch(context, id)
      if (job.endedAt === null)
        throw new ApiFault('not-found', `Batch ${id} has not ended: it has no results yet.`)
      return { content: { type: 'application/x-jsonl', body: await batchResults(context.objects, job) } }
    },
  }),
]

/** A batch asks for messages: its key must be allowed to, for each of its models. */
function requireInvoke(identity: Identity, requests: readonly BatchedRequest[]): void {
  for (const model of new Set(requests.map(({ params }) => modelOf(params)))) {
    // What names no model comes out as an error of its own.
    if (model === undefined || isAllowed(identity, 'invoke', model)) continue
    throw new ApiFault('forbidden', `This key is not allowed to invoke ${model.slice(0, 200)}.`)
  }
}

const modelOf = (params: BatchedRequest['params'] | undefined): string | undefined =>
  typeof params?.['model'] === 'string' ? params['model'] : undefined

async function* recordsOf(requests: readonly BatchedRequest[]): AsyncGenerator<Uint8Array> {
  for (const { customId, params } of requests) {
    yield Buffer.from(`${JSON.stringify({ recordId: customId, modelInput: params })}\n`)
  }
}

async function findBatch({ batch }: AnthropicContext, id: string): Promise<BatchJob | undefined> {
  const job = id.startsWith(idPrefix) ? await batch.find(id.slice(idPrefix.length)) : undefined
  return job !== undefined && isOfAnthropic(job) ? job : undefined
}

async function requireBatch(context: AnthropicContext, id: string): Promise<BatchJob> {
  const job = await findBatch(context, id)
  if (job === undefined) throw new ApiFault('not-found', `There is no batch ${id.slice(0, 100)}.`)
  return job
}

function shown(job: BatchJob, { headers }: Pick<ApiRequest, 'headers'>): { readonly id: string } {
  const { requests } = readBatchDetails(job)
  const { succeeded, failed, outcome } = job.progress
  const isStopping = job.stopRequested || job.state === 'stopped'
  const rest = requests - succeeded - failed
  const id = `${idPrefix}${job.id}`
  return {
    ...writeBatch({
      id,
      createdAt: job.createdAt,
      expiresAt: batchDeadline(job),
      cancelledAt: isStopping ? (job.endedAt ?? job.updatedAt) : undefined,
      endedAt: job.endedAt ?? undefined,
      requests,
      resultsUrl: `${originOf(headers)}/v1/messages/batches/${id}/results`,
      outcomes: {
        succeeded,
        errored: failed + (job.state === 'failed' ? rest : 0),
        canceled: job.state === 'stopped' ? rest : 0,
        expired: job.state === 'succeeded' && outcome !== 'completed' ? rest : 0,
      },
    }),
    id,
  }
}

/** As the client reaches this server; without a host it is asked where it asked before. */
function originOf(headers: ApiRequest['headers']): string {
  const host = headers['x-forwarded-host'] ?? headers['host'] ?? headers[':authority']
  const scheme = headers['x-forwarded-proto'] ?? headers[':scheme'] ?? 'http'
  return host === undefined ? '' : `${scheme}://${host}`
}
