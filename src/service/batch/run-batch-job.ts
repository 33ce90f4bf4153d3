import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ObjectStore } from '../../store/objects/object-store.ts'
import type { FollowJob } from '../jobs/job-worker.ts'
import {
  batchDeadline,
  type AnswerRow,
  type BatchJob,
  type BatchProgress,
  type RowAnswer,
} from './batch-job.ts'
import {
  findBatchPlan,
  planBatch,
  readBatchRecords,
  type BatchPlan,
  type BatchRecord,
} from './batch-input.ts'
import { BatchJournal } from './batch-journal.ts'
import { findBatchManifest, writeBatchOutputs } from './batch-outputs.ts'

export interface RunBatchJob {
  readonly home: string
  readonly objects: ObjectStore
  /** What answers the records of a job. @throws HoneError where its model is gone */
  readonly openModel: (job: BatchJob) => Promise<AnswerRow>
  /** How many records may be answered at once as things are now; asked before each. */
  readonly rowsAtOnce: (running: number) => number
  readonly now: () => number
}

const workFolder = (home: string, job: Pick<BatchJob, 'id'>): string => join(home, 'jobs', job.id)

/**
 * Answers a batch job from wherever it is. Each answer is on the disk before it counts, and none is asked for again by an
 * attempt that goes on; the objects of the output are written at the end, each whole.
 *
 * @throws HoneError with what is wrong; `signal.reason`
 */
export async function runBatchJob(
  job: BatchJob,
  options: RunBatchJob,
  { signal, onProgress }: FollowJob<BatchProgress>,
): Promise<BatchProgress> {
  const { home, objects, now } = options
  const folder = workFolder(home, job)
  const deadline = batchDeadline(job)
  // Written last: an attempt that died after it has left nothing to do but to say so.
  const manifest = await findBatchManifest(objects, job)
  if (manifest !== undefined) return { ...job.progress, ...manifest, stage: 'running' }
  let plan = await findBatchPlan(folder)
  let progress = job.progress
  if (plan === undefined) {
    if (now() >= deadline) {
      const note = `The job did not begin within its ${job.spec.timeoutHours} hours.`
      return { ...progress, outcome: 'expired', note }
    }
    onProgress((progress = { ...progress, stage: 'validating' }))
    plan = await planBatch(job, { objects, folder, signal })
  }
  progress = { ...progress, stage: 'running', total: totalOf(plan), note: noteOf(plan) }
  onProgress(progress)
  const answer = await options.openModel(job)
  await using journal = await BatchJournal.open(folder)
  const isWhole = await answerAll({
    job,
    folder,
    plan,
    journal,
    signal,
    answer,
    rowsAtOnce: options.rowsAtOnce,
    isOver: () => now() >= deadline,
    onAnswer: () => onProgress({ ...progress, ...journal.totals }),
  })
  signal.throwIfAborted()
  progress = { ...progress, ...journal.totals, outcome: isWhole ? 'completed' : 'partially-completed' }
  await writeBatchOutputs(job, { objects, plan, journal, progress })
  return progress
}

/**
 * Ends a job that was stopped or failed: what was answered by then is written, and its folder goes.
 *
 * @returns the progress that stays
 */
export async function abandonBatchJob(
  job: BatchJob,
  { home, objects }: Pick<RunBatchJob, 'home' | 'objects'>,
  ended: { readonly state: 'stopped' | 'failed'; readonly progress: BatchProgress },
): Promise<BatchProgress> {
  const folder = workFolder(home, job)
  const plan = ended.state === 'stopped' ? await findBatchPlan(folder) : undefined
  if (plan === undefined) return ended.progress
  await using journal = await BatchJournal.open(folder)
  const progress = { ...ended.progress, ...journal.totals, total: totalOf(plan) }
  await writeBatchOutputs(job, { objects, plan, journal, progress })
  return progress
}

/** Removes what lies on this machine of a job that has ended. */
export const removeBatchFiles = (home: string, job: Pick<BatchJob, 'id'>): Promise<void> =>
  rm(workFolder(home, job), { recursive: true, force: true })

const totalOf = ({ files }: BatchPlan): number => files.reduce((sum, { records }) => sum + records, 0)

const noteOf = ({ passedOver }: BatchPlan): string | null =>
  passedOver === 0
    ? null
    : `${passedOver} ${passedOver === 1 ? 'object was' : 'objects were'} not read, because only names that end with .jsonl are.`

interface AnswerAll {
  readonly job: BatchJob
  readonly folder: string
  readonly plan: BatchPlan
  readonly journal: BatchJournal
  readonly answer: AnswerRow
  readonly rowsAtOnce: RunBatchJob['rowsAtOnce']
  /** The job's time has run out. */
  readonly isOver: () => boolean
  readonly onAnswer: () => void
  readonly signal: AbortSignal
}

/** Answers several records at once. @returns false when the time ran out before the last */
async function answerAll(options: AnswerAll): Promise<boolean> {
  const { job, folder, plan, journal, signal } = options
  const running = new Set<Promise<void>>()
  const failures: unknown[] = []
  const begin = (file: number, record: BatchRecord): void => {
    const row = answerOne(file, record, options)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => running.delete(row))
    running.add(row)
  }
  try {
    for (const [file, { name }] of plan.files.entries()) {
      for await (const record of readBatchRecords(folder, file, { job, signal, name })) {
        if (journal.has(file, record.line)) continue
        while (running.size > 0 && running.size >= options.rowsAtOnce(running.size))
          await Promise.race(running)
        if (failures.length > 0) throw failures[0]
        if (options.isOver()) return false
        begin(file, record)
      }
    }
  } finally {
    await Promise.all(running)
  }
  if (failures.length > 0) throw failures[0]
  return true
}

async function answerOne(file: number, record: BatchRecord, options: AnswerAll): Promise<void> {
  const { line, recordId, modelInput } = record
  const answer: RowAnswer = await options.answer(modelInput, options.signal)
  const ok = 'output' in answer
  const result = ok
    ? { modelOutput: answer.output }
    : { error: { errorCode: answer.error.code, errorMessage: answer.error.message } }
  await options.journal.add({
    file,
    line,
    ok,
    inputTokens: ok ? answer.inputTokens : 0,
    outputTokens: ok ? answer.outputTokens : 0,
    text: JSON.stringify({ recordId, modelInput, ...result }),
  })
  options.onAnswer()
}
