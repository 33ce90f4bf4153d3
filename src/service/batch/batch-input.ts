import { createHash } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { JsonObject } from '../../core/example.ts'
import { HoneError } from '../../core/errors.ts'
import { parseJson } from '../../lib/parse-json.ts'
import { readJsonFile } from '../../lib/read-json-file.ts'
import { readLines } from '../../lib/read-lines.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'
import { ObjectStoreError, type ObjectStore } from '../../store/objects/object-store.ts'
import { fetchObject, requireOutput } from '../tuning/run-tuning-job.ts'
import { parseObjectUri } from '../tuning/tuning-outputs.ts'
import type { BatchJob } from './batch-job.ts'

/** A job's records on this machine, checked and counted. */
export interface BatchPlan {
  readonly schema: 1
  /** Names below the input's prefix; the copy of each lies beside as `N.jsonl`. */
  readonly files: readonly { readonly name: string; readonly records: number }[]
  /** Objects that were not read, because their names do not end as files of records do. */
  readonly passedOver: number
}

const planFile: z.ZodType<BatchPlan> = z.object({
  schema: z.literal(1),
  files: z.array(z.object({ name: z.string(), records: z.int() })),
  passedOver: z.int(),
})

/** A record of a batch job. */
export interface BatchRecord {
  readonly line: number
  readonly recordId: string
  readonly modelInput: JsonObject
}

/** Largest record, in bytes: the largest body of `InvokeModel`, and its frame. */
const largestRecord = 26_000_000
const recordEnding = '.jsonl'

/** The plan that an earlier attempt at the job made; undefined where none came so far. */
export async function findBatchPlan(folder: string): Promise<BatchPlan | undefined> {
  const plan = await readJsonFile(join(folder, 'plan.json'), 'E_INTERNAL')
  return plan === undefined ? undefined : planFile.parse(plan)
}

/**
 * Copies a job's records, so that they stay what they are while it runs, and checks the form of each. What a model makes of
 * its body is told with its answer.
 *
 * @throws HoneError `E_DATA` that names file and line
 */
export async function planBatch(
  job: BatchJob,
  { objects, folder, signal }: { objects: ObjectStore; folder: string; signal: AbortSignal },
): Promise<BatchPlan> {
  const { bucket } = parseObjectUri(job.spec.input)
  await requireOutput(objects, job.spec.output)
  const { files, passedOver } = await listInput(objects, job.spec.input)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const counted: { name: string; records: number }[] = []
  for (const [at, { name, key }] of files.entries()) {
    const uri = `s3://${bucket}/${key}`
    await fetchObject(objects, uri, inputFile(folder, at), signal)
    let records = 0
    for await (const _ of readBatchRecords(folder, at, { job, signal, name: uri })) records++
    if (records === 0) {
      throw new HoneError('E_DATA_EMPTY', `${uri} has no record`, { at: { file: uri } })
    }
    counted.push({ name, records })
  }
  const plan: BatchPlan = { schema: 1, files: counted, passedOver }
  await replaceFileWith(join(folder, 'plan.json'), `${JSON.stringify(plan)}\n`)
  return plan
}

const inputFile = (folder: string, at: number): string => join(folder, `${at}${recordEnding}`)

/**
 * The records of a job's copied file, in order.
 *
 * @throws HoneError `E_DATA`; `signal.reason`
 */
export async function* readBatchRecords(
  folder: string,
  file: number,
  { job, signal, name }: { job: Pick<BatchJob, 'id'>; signal: AbortSignal; name: string },
): AsyncGenerator<BatchRecord> {
  for await (const line of readLines(inputFile(folder, file), { signal, maximumBytes: largestRecord })) {
    const fault = (message: string): HoneError =>
      new HoneError('E_DATA', `${name}: ${message}`, {
        at: { file: name, line: line.number },
        hint: 'a line is {"recordId": "…", "modelInput": {…}}',
      })
    if ('fault' in line) {
      throw fault(
        line.fault === 'too-long'
          ? `the record has ${line.bytes} bytes, more than ${largestRecord}`
          : 'the text is not UTF-8',
      )
    }
    // An empty line at the end of a file is what editors leave.
    if (line.text.trim() === '') continue
    const { recordId, modelInput } = parseRecord(line.text, fault)
    yield { line: line.number, recordId: recordId ?? madeRecordId(job.id, file, line.number), modelInput }
  }
}

function parseRecord(
  text: string,
  fault: (message: string) => HoneError,
): { recordId: string | undefined; modelInput: JsonObject } {
  let record: unknown
  try {
    record = parseJson(text)
  } catch {
    throw fault('the line is not JSON')
  }
  const { recordId, modelInput } = isObject(record) ? record : {}
  if (!isObject(modelInput)) throw fault('"modelInput" must be an object')
  if (recordId !== undefined && (typeof recordId !== 'string' || recordId === '')) {
    throw fault('"recordId" must be a text')
  }
  return { recordId, modelInput }
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Eleven letters and digits, the same whenever the record is read again. */
const madeRecordId = (job: string, file: number, line: number): string =>
  createHash('sha256').update(`${job} ${file} ${line}`).digest('hex').slice(0, 11).toUpperCase()

/** The object that a URI names, or all files of records below it. */
async function listInput(
  objects: ObjectStore,
  uri: string,
): Promise<{ files: { name: string; key: string }[]; passedOver: number }> {
  const { bucket, key } = parseObjectUri(uri)
  if (key.endsWith(recordEnding))
    return { files: [{ name: key.split('/').at(-1) ?? key, key }], passedOver: 0 }
  const prefix = key === '' || key.endsWith('/') ? key : `${key}/`
  const keys: string[] = []
  try {
    for (let after: string | undefined; ;) {
      const { objects: found, next } = await objects.list(bucket, {
        prefix,
        limit: 1000,
        ...(after === undefined ? {} : { after }),
      })
      keys.push(...found.map((each) => each.key))
      if (next === undefined) break
      after = next
    }
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error
    throw new HoneError(
      'E_DATA',
      `Could not validate ListBucket permissions to access S3 bucket: ${bucket}`,
      {
        at: { file: uri },
        hint: error.message,
        cause: error,
      },
    )
  }
  const files = keys.filter((each) => each.endsWith(recordEnding))
  if (files.length === 0) {
    throw new HoneError('E_DATA_EMPTY', `there is no ${recordEnding} object below ${uri}`, {
      at: { file: uri },
      hint: `name a file whose name ends with ${recordEnding}, or what such files' names begin with`,
    })
  }
  return {
    files: files.map((each) => ({ name: each.slice(prefix.length), key: each })),
    passedOver: keys.length - files.length,
  }
}
