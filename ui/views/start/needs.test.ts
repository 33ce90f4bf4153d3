import { expect, test } from 'vitest'
import type { Evaluation, Upload } from '../../api/contract.ts'
import { needsOf } from './needs.ts'

test('each need leads to where it is seen to, and what went well needs nobody', () => {
  const needs = needsOf(
    [
      { what: 'job-failed', id: 'j1', message: 'a failed: the disk is full' },
      { what: 'not-promoted', id: 'm/1', message: 'the gate does not promote m/1' },
    ],
    [
      { id: 'e1', name: 'first', state: 'failed', failure: { code: 'E_DISK', message: 'the disk is full' } },
      { id: 'e2', name: 'second', state: 'succeeded', failure: null },
    ] as unknown as Evaluation[],
    [{ id: 'u1', name: 'claims.csv', bytes: 200, offset: 50 }] as unknown as Upload[],
  )
  expect(needs.map(({ href }) => href)).toEqual(['/jobs/j1', '/models/m%2F1', '/evaluations/e1', '/datasets'])
  expect(needs[0]?.message).toBe('A failed: the disk is full')
  expect(needs[3]?.message).toMatch(/25\s?% of 200 B/)
})
