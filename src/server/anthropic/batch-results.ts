import { Readable } from 'node:stream'
import { z } from 'zod'
import { LineSplitter, type Line } from '../../lib/line-splitter.ts'
import type { BatchJob } from '../../service/batch/batch-job.ts'
import { below, parseObjectUri, type ObjectUri } from '../../service/tuning/tuning-outputs.ts'
import { ObjectStoreError, type ObjectStore } from '../../store/objects/object-store.ts'
import { errorStatus, type AnthropicErrorType } from '../../wire/anthropic/error-body.ts'
import { writeBatchResult, type BatchedResult } from '../../wire/anthropic/message-batch.ts'

const asked = z.object({ recordId: z.string() })
const answered = z.object({
  recordId: z.string(),
  modelOutput: z.looseObject({}).optional(),
  error: z.object({ errorCode: z.int(), errorMessage: z.string() }).optional(),
})
type Answered = z.infer<typeof answered>

/** What came of each request of a batch that has ended, in the order in which they were sent. */
export async function batchResults(objects: ObjectStore, job: BatchJob): Promise<Readable> {
  const requests = await linesOf(objects, parseObjectUri(job.spec.input))
  const answers = (await linesOf(objects, outputOf(job)))[Symbol.asyncIterator]()
  const unanswered = resultWithoutAnswer(job)
  async function* results(): AsyncGenerator<string> {
    // Answers stand in the order of their requests, and some have none.
    let next = await answers.next()
    for await (const line of requests) {
      const { recordId } = asked.parse(line)
      const answer = next.done === true ? undefined : answered.parse(next.value)
      if (answer?.recordId !== recordId) yield writeBatchResult(recordId, unanswered)
      else {
        yield writeBatchResult(recordId, resultOf(answer))
        next = await answers.next()
      }
    }
  }
  return Readable.from(results(), { objectMode: false })
}

/** Removes what a batch was sent and what it was answered. */
export async function removeBatchObjects(objects: ObjectStore, job: BatchJob): Promise<void> {
  const output = outputOf(job)
  const manifest = below(below(parseObjectUri(job.spec.output), job.id), 'manifest.json.out')
  for (const { bucket, key } of [parseObjectUri(job.spec.input), output, manifest]) {
    await objects.remove(bucket, key).catch((error: unknown) => {
      if (!(error instanceof ObjectStoreError)) throw error
    })
  }
}

function outputOf({ id, spec }: Pick<BatchJob, 'id' | 'spec'>): ObjectUri {
  const name = parseObjectUri(spec.input).key.split('/').at(-1) ?? ''
  return below(below(parseObjectUri(spec.output), id), `${name}.out`)
}

/** The JSON of each line; nothing where there is no such object. */
async function linesOf(objects: ObjectStore, { bucket, key }: ObjectUri): Promise<AsyncIterable<unknown>> {
  const found = await objects.get(bucket, key).catch((error: unknown) => {
    if (error instanceof ObjectStoreError && error.fault === 'no-key') return undefined
    throw error
  })
  return (async function* (): AsyncGenerator {
    if (found === undefined) return
    const splitter = new LineSplitter(64 * 2 ** 20)
    for await (const chunk of found.body as AsyncIterable<Buffer>) yield* parsed(splitter.push(chunk))
    yield* parsed(splitter.end())
  })()
}

const parsed = (lines: readonly Line[]): unknown[] =>
  lines.map((line) => JSON.parse('text' in line ? line.text : '') as unknown)

function resultOf({ modelOutput, error }: Answered): BatchedResult {
  if (modelOutput !== undefined) return { type: 'succeeded', message: modelOutput }
  const { errorCode = 500, errorMessage = 'The server failed; its log says why.' } = error ?? {}
  return { type: 'errored', error: typeOf(errorCode), message: errorMessage }
}

const typeOf = (status: number): AnthropicErrorType =>
  (Object.keys(errorStatus) as AnthropicErrorType[]).find((type) => errorStatus[type] === status) ??
  'api_error'

/** Of a request that the batch did not come to. */
function resultWithoutAnswer({ state, failure }: BatchJob): BatchedResult {
  if (state === 'stopped') return { type: 'canceled' }
  if (state === 'succeeded') return { type: 'expired' }
  return { type: 'errored', error: 'api_error', message: failure?.message ?? 'The batch failed.' }
}
