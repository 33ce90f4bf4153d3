import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { freshBatchProgress, type BatchJob } from '../../service/batch/batch-job.ts'
import { FileObjectStore } from '../../store/objects/file-object-store.ts'
import { batchResults, removeBatchObjects } from './batch-results.ts'

const jobOf = (state: 'stopped' | 'succeeded' | 'failed'): BatchJob => ({
  id: 'abcdefghijkl',
  kind: 'batch',
  name: 'batch',
  owner: 'somebody',
  state,
  spec: {
    modelId: 'm',
    input: 's3://files/in.jsonl',
    output: 's3://files/batches',
    timeoutHours: 24,
    dialect: {},
  },
  progress: freshBatchProgress,
  failure: state === 'failed' ? { code: 'E_DISK', message: 'no room' } : null,
  stopRequested: state === 'stopped',
  pauseRequested: false,
  attempts: 1,
  createdAt: 0,
  updatedAt: 1,
  endedAt: 1,
})

async function* lines(values: readonly unknown[]): AsyncGenerator<Uint8Array> {
  for (const value of values) yield Buffer.from(`${JSON.stringify(value)}\n`)
}

test('every request has one result, in order, whichever of them were answered', async () => {
  const objects = new FileObjectStore(await mkdtemp(join(tmpdir(), 'hone-results-')))
  await objects.createBucket('files')
  const outcome = fc.constantFrom('succeeded', 'errored', undefined)
  const state = fc.constantFrom('stopped', 'succeeded', 'failed')
  await fc.assert(
    fc.asyncProperty(fc.array(outcome, { maxLength: 12 }), state, async (outcomes, ended) => {
      // What separates lines for some programs is text here.
      const ids = outcomes.map((_, at) => `r${at}\u2028`)
      await objects.put('files', 'in.jsonl', lines(ids.map((recordId) => ({ recordId, modelInput: {} }))))
      const answers = outcomes.flatMap((each, at) => {
        if (each === undefined) return []
        const error = { errorCode: 429, errorMessage: 'too many' }
        return [
          { recordId: ids[at], ...(each === 'succeeded' ? { modelOutput: { id: `msg_${at}` } } : { error }) },
        ]
      })
      await objects.put('files', 'batches/abcdefghijkl/in.jsonl.out', lines(answers))
      const written = await text(await batchResults(objects, jobOf(ended)))
      const results = written
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { custom_id: string; result: { type: string } })
      const rest = { stopped: 'canceled', succeeded: 'expired', failed: 'errored' }[ended]
      expect(results.map(({ custom_id: id }) => id)).toEqual(ids)
      expect(results.map(({ result }) => result.type)).toEqual(outcomes.map((each) => each ?? rest))
      const errors = results.filter((_, at) => outcomes[at] === 'errored').map(({ result }) => result)
      const error = { type: 'rate_limit_error', message: 'too many' }
      expect(errors).toEqual(
        errors.map(() => ({ type: 'errored', error: { type: 'error', error, request_id: null } })),
      )
    }),
    { numRuns: 60 },
  )
  await removeBatchObjects(objects, jobOf('succeeded'))
  expect((await objects.list('files', { limit: 5 })).objects).toEqual([])
})
