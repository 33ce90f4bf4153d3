import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { ObjectStoreError, type ObjectStore } from '../../store/objects/object-store.ts'
import { below, chunks, parseObjectUri } from '../tuning/tuning-outputs.ts'
import type { BatchJob, BatchProgress } from './batch-job.ts'
import type { BatchPlan } from './batch-input.ts'
import type { BatchJournal } from './batch-journal.ts'

interface BatchOutputs {
  readonly objects: ObjectStore
  readonly plan: BatchPlan
  readonly journal: BatchJournal
  readonly progress: BatchProgress
}

/**
 * Puts the answers below `OUTPUT/JOB-ID/`: for each file of records one of the same name and `.out`, and at last the counts.
 * Source: https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-results.html
 */
export async function writeBatchOutputs(
  job: Pick<BatchJob, 'id' | 'spec'>,
  { objects, plan, journal, progress }: BatchOutputs,
): Promise<void> {
  const root = below(parseObjectUri(job.spec.output), job.id)
  for (const [file, { name }] of plan.files.entries()) {
    const { bucket, key } = below(root, `${name}.out`)
    await objects.put(bucket, key, journal.answers(file), { contentType: 'application/jsonl' })
  }
  const { succeeded, failed, inputTokens, outputTokens, total } = progress
  const manifest: Manifest = {
    totalRecordCount: total ?? 0,
    processedRecordCount: succeeded + failed,
    successRecordCount: succeeded,
    errorRecordCount: failed,
    inputTokenCount: inputTokens,
    outputTokenCount: outputTokens,
  }
  const { bucket, key } = manifestPlace(job)
  const body = chunks(Buffer.from(JSON.stringify(manifest)))
  await objects.put(bucket, key, body, { contentType: 'application/json' })
}

const manifestFile = z.object({
  totalRecordCount: z.int(),
  processedRecordCount: z.int(),
  successRecordCount: z.int(),
  errorRecordCount: z.int(),
  inputTokenCount: z.int(),
  outputTokenCount: z.int(),
})
type Manifest = z.infer<typeof manifestFile>

const manifestPlace = ({ id, spec }: Pick<BatchJob, 'id' | 'spec'>): ReturnType<typeof below> =>
  below(below(parseObjectUri(spec.output), id), 'manifest.json.out')

/** What a job whose output is written came to; undefined for one whose output is not there. */
export async function findBatchManifest(
  objects: ObjectStore,
  job: Pick<BatchJob, 'id' | 'spec'>,
): Promise<Omit<BatchProgress, 'stage' | 'note'> | undefined> {
  const { bucket, key } = manifestPlace(job)
  let body: string
  try {
    body = await text((await objects.get(bucket, key)).body)
  } catch (error) {
    if (error instanceof ObjectStoreError) return undefined
    throw error
  }
  const read = manifestFile.parse(JSON.parse(body))
  return {
    total: read.totalRecordCount,
    succeeded: read.successRecordCount,
    failed: read.errorRecordCount,
    inputTokens: read.inputTokenCount,
    outputTokens: read.outputTokenCount,
    outcome: read.processedRecordCount === read.totalRecordCount ? 'completed' : 'partially-completed',
  }
}
