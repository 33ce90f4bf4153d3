import { expect, test } from 'vitest'
import { datasetOf, eventWords, progressOf } from './job-words.ts'

const run = { state: 'running', phase: 'training', step: 3, steps: 12, secondsLeft: 90 } as const

test('how far a job is, whatever it does', () => {
  expect(progressOf(run)).toBe('step 3 of 12, 1 min 30 s left')
  expect(progressOf({ ...run, secondsLeft: null })).toBe('step 3 of 12')
  expect(progressOf({ ...run, phase: 'waiting', state: 'queued', steps: 0 })).toBe(
    'waits for the training worker',
  )
  expect(progressOf({ ...run, state: 'paused' })).toBe('paused at step 3 of 12')
  expect(progressOf({ ...run, state: 'failed', phase: 'ended', steps: 0 })).toBe('failed')
})

const data = (training: string) => ({ data: { training, validation: [] } })

test('a dataset is told from a file', () => {
  expect(datasetOf(data('dataset:claims@1f/train'))).toBe('claims@1f')
  expect(datasetOf(data('/data/claims.jsonl'))).toBeUndefined()
  expect(datasetOf({ data: null })).toBeUndefined()
})

test('events are sentences; steps have charts', () => {
  const time = '2026-01-01T00:00:00Z'
  expect(eventWords({ type: 'validation', time, step: 4, epoch: 1, loss: 0.5, best: true })).toContain(
    'best so far',
  )
  expect(eventWords({ type: 'early-stop', time, step: 9, bestStep: 4 })).toContain('step 4')
  expect(eventWords({ type: 'reference', time, done: 1, total: 2 })).toBeUndefined()
})
