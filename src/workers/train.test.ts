import { constants, getPriority } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { builtWorker } from '../providers/local/testing/tiny-base.ts'
import type { FromTrainingWorker, ToTrainingWorker } from '../providers/local/training-protocol.ts'
import { WorkerProcess } from '../providers/local/worker-process.ts'

/** Priority of a training process after it was asked for a job that is not there. */
async function priorityOfTraining(background: boolean): Promise<number> {
  let processId = 0
  const answered = new Promise<FromTrainingWorker>((resolve) => {
    const worker = new WorkerProcess<ToTrainingWorker, FromTrainingWorker>(builtWorker('train'), {
      onMessage: resolve,
      onDeath: (error) => resolve({ type: 'failed', error: error.toJSON() }),
    })
    onTestFinished(() => worker[Symbol.asyncDispose]())
    worker.send({ type: 'train', jobFolder: 'nowhere', options: { cacheFolder: 'nowhere', background } })
    processId = worker.processId ?? 0
  })
  expect(await answered).toMatchObject({ type: 'failed' })
  return getPriority(processId)
}

test('training in the background lets everything else run first; otherwise it runs as what started it', async () => {
  expect(await priorityOfTraining(true)).toBe(constants.priority.PRIORITY_LOW)
  expect(await priorityOfTraining(false)).toBe(getPriority())
})
