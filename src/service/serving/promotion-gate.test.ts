import { expect, test } from 'vitest'
import type { StoredGateVerdict } from '../../store/gate-verdicts.ts'
import { passGate, type DeployedVerdict } from './promotion-gate.ts'

type Verdict = StoredGateVerdict['verdict']['verdict']

const stored = (verdict: Verdict): StoredGateVerdict => ({
  schema: 1,
  kind: 'gate-verdict',
  at: '2026-11-22T00:00:00.000Z',
  model: 'router-1',
  evidence: [],
  verdict: {
    schema: 1,
    verdict,
    candidate: 'tuned',
    baseline: 'base',
    rules: [
      { rule: 'accuracy >= 0.9', outcome: verdict === 'promoted' ? 'pass' : 'fail' },
      { rule: 'p95 <= 800 ms', outcome: 'pass' },
    ],
  },
})

async function deploy(verdict: Verdict | undefined, isObeyed = true): Promise<DeployedVerdict[]> {
  const told: DeployedVerdict[] = []
  const found = { model: 'router-1', verdict: verdict && stored(verdict) }
  await passGate(
    { isObeyed, verdictOf: () => Promise.resolve(found), onUnproven: (each) => told.push(each) },
    'abc',
  )
  return told
}

test('a promoted model passes, one that was never judged passes and is told', async () => {
  expect(await deploy('promoted')).toEqual([])
  expect(await deploy(undefined)).toEqual([{ model: 'router-1', verdict: null, isIgnored: false }])
})

test.each(['not promoted', 'not enough data'] as const)('%s is refused by the rule', async (verdict) => {
  await expect(deploy(verdict)).rejects.toMatchObject({
    code: 'E_GATE',
    message: `router-1 did not pass its gate: ${verdict}: accuracy >= 0.9: fail`,
  })
  expect(await deploy(verdict, false)).toEqual([{ model: 'router-1', verdict, isIgnored: true }])
})

test('a model that is not there is for others to refuse', async () => {
  const gate = { isObeyed: true, verdictOf: () => Promise.resolve(undefined) }
  await expect(passGate(gate, 'abc')).resolves.toBeUndefined()
})
