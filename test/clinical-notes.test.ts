import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

const folder = join('examples', 'clinical-notes')
const read = (name: string): string => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n')

const messageSchema = z.strictObject({ role: z.string(), content: z.string().min(1) })
const recordSchema = z.strictObject({ messages: z.tuple([messageSchema, messageSchema, messageSchema]) })
const answerSchema = z.strictObject({
  diagnosis_icd10: z.string().regex(/^[A-Z]\d\d(?:\.[\dA-Z]{1,4})?$/),
  symptoms: z.array(z.string()).min(1).max(5),
  prescribed_medications: z.array(z.string()).max(2),
  follow_up_date: z.iso.date().nullable(),
})

const records = read('data.jsonl')
  .trimEnd()
  .split('\n')
  .map((line) => recordSchema.parse(JSON.parse(line)).messages)
  .map(([system, user, assistant]) => ({
    system: system.content,
    note: user.content,
    answer: answerSchema.parse(JSON.parse(assistant.content)),
  }))

describe('examples/clinical-notes', () => {
  test('the generator writes exactly the committed file', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'generate.mjs'), '-'], {
      maxBuffer: 16 * 1024 * 1024,
    })
    expect(stdout === read('data.jsonl')).toBe(true)
  })

  test('every record has the system prompt of the example, and no note is there twice', () => {
    expect(records.length).toBeGreaterThanOrEqual(600)
    expect(new Set(records.map(({ system }) => system))).toEqual(new Set([read('system.txt').trim()]))
    expect(new Set(records.map(({ note }) => note)).size).toBe(records.length)
  })

  test('no note says its code, and every code occurs often enough to be learned', () => {
    const counts = new Map<string, number>()
    for (const { note, answer } of records) {
      expect(note.toUpperCase()).not.toContain(answer.diagnosis_icd10)
      counts.set(answer.diagnosis_icd10, (counts.get(answer.diagnosis_icd10) ?? 0) + 1)
    }
    expect(Math.min(...counts.values())).toBeGreaterThanOrEqual(20)
  })

  test('the README counts the notes without a next visit', () => {
    const said = read('README.md')
    const none = records.filter(({ answer }) => answer.follow_up_date === null)
    expect(said).toContain(`there is none (${none.length} records)`)
  })
})
