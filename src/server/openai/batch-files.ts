import { createHash } from 'node:crypto'
import { z } from 'zod'
import { LineSplitter, type Line } from '../../lib/line-splitter.ts'
import type { BatchJob } from '../../service/batch/batch-job.ts'
import type { FileService } from '../../service/files/file-service.ts'
import { below, parseObjectUri } from '../../service/tuning/tuning-outputs.ts'
import { ObjectStoreError, type ObjectStore } from '../../store/objects/object-store.ts'
import {
  mostRequests,
  readBatchLine,
  writeBatchResult,
  writeUnanswered,
  type BatchEndpoint,
  type BatchFault,
} from '../../wire/openai/batch-object.ts'
import { toObjectId } from '../../wire/openai/object-id.ts'
import { keptBatch } from './kept-batch.ts'

const longestLine = 26_000_000
/** Faults that are told; the rest of the file is not looked at. */
const mostFaults = 100

/** The requests of an input file as records of a batch, and what is wrong with it: then there are none. */
export async function readBatchInput(
  lines: AsyncIterable<Line>,
  endpoint: BatchEndpoint,
): Promise<{ readonly records: AsyncIterable<Uint8Array>; readonly faults: readonly BatchFault[] }> {
  const seen = new Set<string>()
  const faults: BatchFault[] = []
  const records: Buffer[] = []
  for await (const line of lines) {
    const fault = (found: Omit<BatchFault, 'line'>): void => void faults.push({ ...found, line: line.number })
    if ('fault' in line) {
      fault({ code: 'invalid_json_line', message: `The line is ${line.fault}.`, param: null })
    } else if (line.text.trim() !== '') {
      const read = readBatchLine(line.text, endpoint)
      if ('code' in read) fault(read)
      else if (seen.has(read.customId)) {
        const message = `The custom_id for this request, '${read.customId.slice(0, 100)}', is not unique.`
        fault({ code: 'duplicate_custom_id', message, param: 'custom_id' })
      } else {
        seen.add(read.customId)
        records.push(Buffer.from(`${JSON.stringify({ recordId: read.customId, modelInput: read.body })}\n`))
      }
    }
    if (seen.size > mostRequests) {
      const message = `The file has more than ${mostRequests} requests.`
      fault({ code: 'too_many_requests', message, param: null })
    }
    if (faults.length >= mostFaults || seen.size > mostRequests) break
  }
  if (seen.size === 0 && faults.length === 0) {
    faults.push({ code: 'empty_file', message: 'The input file has no requests.', param: null, line: null })
  }
  return { records: each(faults.length === 0 ? records : []), faults }
}

async function* each(records: readonly Buffer[]): AsyncGenerator<Uint8Array> {
  yield* records
}

/** Lines of a stream of bytes. */
export async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const splitter = new LineSplitter(longestLine)
  for await (const chunk of body) yield* splitter.push(Buffer.from(chunk))
  yield* splitter.end()
}

const asked = z.object({ recordId: z.string() })
const answered = z.object({
  recordId: z.string(),
  modelOutput: z.looseObject({}).optional(),
  error: z.object({ errorCode: z.int(), errorMessage: z.string() }).optional(),
})

/** Ids of the files of what a batch that has ended was answered. */
export interface BatchFiles {
  readonly output: string | null
  readonly errors: string | null
}

/**
 * The output and the error file of a batch that has ended, made when they are asked for first. A file that would be empty is
 * not made.
 */
export async function batchFiles(
  { uploadedFiles: files, objects }: { readonly uploadedFiles: FileService; readonly objects: ObjectStore },
  job: BatchJob,
): Promise<BatchFiles> {
  const { succeeded, failed, total } = job.progress
  const isShort = job.state === 'succeeded' && job.progress.outcome !== 'completed'
  const wanted = { output: succeeded > 0, errors: failed > 0 || (isShort && (total ?? 0) > succeeded) }
  const ids = { output: `${job.id}output`, errors: `${job.id}errors` }
  const kept = keptBatch(job)
  const file = async (what: 'output' | 'errors'): Promise<string | null> => {
    if (!wanted[what]) return null
    if (await files.wasMade(ids[what])) return ids[what]
    const expiresAt = kept.outputSeconds === null ? null : (job.endedAt ?? 0) + kept.outputSeconds * 1000
    const { id } = await files.write(ids[what], resultLines(objects, job, what, isShort), {
      filename: `batch_${job.id}_${what}.jsonl`,
      contentType: 'application/jsonl',
      purpose: 'batch_output',
      owner: job.owner,
      expiresAt,
    })
    return id
  }
  return { output: await file('output'), errors: await file('errors') }
}

/** Lines of one of the two files, in the order of the requests. */
async function* resultLines(
  objects: ObjectStore,
  job: BatchJob,
  what: 'output' | 'errors',
  tellUnanswered: boolean,
): AsyncGenerator<Uint8Array> {
  const input = parseObjectUri(job.spec.input)
  const output = below(below(parseObjectUri(job.spec.output), job.id), `${input.key}.out`)
  const answers = jsonLines(objects, output.bucket, output.key)[Symbol.asyncIterator]()
  let next = await answers.next()
  for await (const request of jsonLines(objects, input.bucket, input.key)) {
    const { recordId: customId } = asked.parse(request)
    const hash = createHash('sha256').update(`${job.id} ${customId}`).digest('hex').slice(0, 32)
    const named = { id: toObjectId('batch_req_', hash.slice(0, 24)), customId }
    const answer = next.done === true ? undefined : answered.parse(next.value)
    if (answer?.recordId !== customId) {
      if (tellUnanswered && what === 'errors') yield Buffer.from(`${writeUnanswered(named)}\n`)
      continue
    }
    next = await answers.next()
    const { modelOutput, error } = answer
    if ((modelOutput !== undefined) !== (what === 'output')) continue
    const body = modelOutput ?? {
      error: {
        message: error?.errorMessage ?? '',
        type: (error?.errorCode ?? 500) < 500 ? 'invalid_request_error' : 'server_error',
        param: null,
        code: null,
      },
    }
    const status = modelOutput === undefined ? (error?.errorCode ?? 500) : 200
    yield Buffer.from(`${writeBatchResult({ ...named, requestId: `req_${hash}`, status, body })}\n`)
  }
}

async function* jsonLines(objects: ObjectStore, bucket: string, key: string): AsyncGenerator {
  const found = await objects.get(bucket, key).catch((error: unknown) => {
    if (error instanceof ObjectStoreError && error.fault === 'no-key') return undefined
    throw error
  })
  if (found === undefined) return
  for await (const line of linesOf(found.body as AsyncIterable<Uint8Array>)) {
    yield JSON.parse('text' in line ? line.text : '{}') as unknown
  }
}
