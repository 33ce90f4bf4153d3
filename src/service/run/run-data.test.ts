import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../config/read-config.ts'
import { readRunData } from './run-data.ts'

/** Records that say whom they are about, beside the conversation or in their metadata. */
async function dataOf(group: string, keyOf: (at: number) => object) {
  const folder = mkdtempSync(join(tmpdir(), 'hone-group-'))
  const records = Array.from({ length: 60 }, (_, at) => ({
    messages: [
      { role: 'user', content: `word${at} other${at} third${at}` },
      { role: 'assistant', content: at % 2 === 0 ? 'yes' : 'no' },
    ],
    ...keyOf(at),
  }))
  writeFileSync(join(folder, 'data.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''))
  writeFileSync(
    join(folder, 'hone.yaml'),
    `schema: 1\nname: grouped\ndata: data.jsonl\ntask: { kind: labels, group: ${group} }\n`,
  )
  return readRunData(await readConfig(folder), undefined)
}

describe('task.group', () => {
  test.each([
    ['beside the conversation', (at: number) => ({ patient_id: at % 12 })],
    ['in the metadata', (at: number) => ({ metadata: { patient_id: at % 12 } })],
  ])('%s: a group stays in one split', async (_, keyOf) => {
    const { split, warnings } = await dataOf('patient_id', keyOf)
    expect(split.manifest.group).toEqual({ key: 'patient_id', groups: 12, without: 0 })
    const trained = new Set(split.train.map(({ group }) => group))
    expect(split.test.length).toBeGreaterThan(0)
    expect(split.test.filter(({ group }) => group === undefined || trained.has(group))).toEqual([])
    expect(warnings.filter((line) => line.includes('patient_id'))).toEqual([])
  })

  test('records without a group are counted, and a key that none has is refused', async () => {
    const { warnings } = await dataOf('patient_id', (at) => (at < 6 ? {} : { patient_id: at % 12 }))
    expect(warnings).toContain('6 of 60 records have no "patient_id", and count as a group each')
    await expect(dataOf('patient', (at) => ({ patient_id: at }))).rejects.toMatchObject({
      code: 'E_CONFIG',
      message: 'none of 60 records has the key "patient" of task.group',
    })
  })
})

test('a label that is put together from other characters is the same label', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hone-label-'))
  const labels = ['caf\u00e9', 'cafe\u0301', 'bar']
  const records = Array.from({ length: 60 }, (_, at) => ({
    messages: [
      { role: 'user', content: `word${at} other${at} third${at}` },
      { role: 'assistant', content: labels[at % 3] },
    ],
  }))
  writeFileSync(join(folder, 'data.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''))
  writeFileSync(join(folder, 'hone.yaml'), 'schema: 1\nname: t\ndata: data.jsonl\ntask: { kind: labels }\n')
  const { task, warnings } = await readRunData(await readConfig(folder), undefined)
  expect(task).toMatchObject({ labels: ['bar', expect.stringMatching(/^caf/) as string] })
  expect(warnings.join()).toContain('differ in writing only')
})
