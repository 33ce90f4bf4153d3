import { expect, test } from 'vitest'
import type { TrainingRunDetails } from '../../service/training-runs/training-run.ts'
import { jobPlace, LogPosition } from './log-position.ts'

const begun = (createdAt: string): Pick<TrainingRunDetails, 'job'> => ({
  job: { createdAt } as TrainingRunDetails['job'],
})
const first = begun('2026-11-22T03:00:00.000Z')
const second = begun('2026-11-22T04:00:00.000Z')

test('a place is read back, and belongs to one log', () => {
  expect(LogPosition.read(jobPlace(first, 1234), first).byte).toBe(1234)
  expect(LogPosition.read(jobPlace(first, 1234), second).byte).toBe(0)
  expect(LogPosition.read(undefined, first).byte).toBe(0)
})

test.each(['', '.', 'x', `${jobPlace(first, 0)}x`, '-1', '9'.repeat(400)])('%j is the beginning', (text) => {
  expect(LogPosition.read(text, first).byte).toBe(0)
})

test('a run that is begun anew is read from its beginning', () => {
  const at = LogPosition.read(jobPlace(first, 10), first).at(20)
  expect(at.in(first).byte).toBe(20)
  expect(at.in(second).byte).toBe(0)
  // Before training there is no log.
  expect(LogPosition.read(undefined, { job: null }).at(5).in(first).byte).toBe(0)
})
