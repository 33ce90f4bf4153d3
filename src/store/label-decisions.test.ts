import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { labelDecisionReader, removeLabelDecision, writeLabelDecision } from './label-decisions.ts'

test('a server sees a decision that is written, replaced and removed, and reads it once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hone-decisions-'))
  const decisionOf = labelDecisionReader()
  const decision = { schema: 1, kind: 'label-decision', model: 'm', labels: ['a'], shares: [] } as const
  expect(await decisionOf(folder)).toBeUndefined()
  for (const tau of [0.25, 0.75]) {
    await writeLabelDecision(folder, { ...decision, tau, chosenOn: null })
    const read = await decisionOf(folder)
    expect(read).toMatchObject({ tau })
    expect(await decisionOf(folder)).toBe(read)
  }
  await removeLabelDecision(folder)
  expect(await decisionOf(folder)).toBeUndefined()
  writeFileSync(join(folder, 'label-decision.json'), '{}')
  await expect(decisionOf(folder)).rejects.toMatchObject({ code: 'E_MODEL_FILE' })
})
