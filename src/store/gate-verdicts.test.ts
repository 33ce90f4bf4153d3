import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readGateVerdict, writeGateVerdict, type StoredGateVerdict } from './gate-verdicts.ts'

let folder = ''
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'hone-gate-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

const verdict: StoredGateVerdict = {
  schema: 1,
  kind: 'gate-verdict',
  at: '2026-11-22T00:00:00.000Z',
  model: 'claims-1',
  evidence: [{ set: 'test', file: 'evaluation.json', sha256: 'a'.repeat(64), rows: 9 }],
  verdict: {
    schema: 1,
    verdict: 'not promoted',
    candidate: 'tuned',
    baseline: 'base',
    rules: [{ rule: 'accuracy >= 0.9', outcome: 'fail', reason: '80 %' }],
  },
}

test('a verdict is a file beside the model, and the last one counts', async () => {
  expect(await readGateVerdict(folder)).toBeUndefined()
  await writeGateVerdict(folder, { ...verdict, model: 'other' })
  const file = await writeGateVerdict(folder, verdict)
  expect(file).toBe(join(folder, 'gate.json'))
  expect(await readGateVerdict(folder)).toEqual(verdict)
})

test.each(['{}', '[]', 'no', '{"schema":2}'])('%s is no verdict', async (text) => {
  await writeFile(join(folder, 'gate.json'), text)
  await expect(readGateVerdict(folder)).rejects.toMatchObject({ code: 'E_MODEL_FILE' })
})
