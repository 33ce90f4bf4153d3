import { mkdtempSync, readdirSync, readFileSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { BatchJournal, type AnsweredRow } from './batch-journal.ts'

const folderOf = (): string => mkdtempSync(join(tmpdir(), 'hone-journal-'))

const row = (line: number, change: Partial<AnsweredRow> = {}): AnsweredRow => ({
  file: 0,
  line,
  ok: true,
  inputTokens: 1,
  outputTokens: 2,
  text: JSON.stringify({ line }),
  ...change,
})

async function texts(journal: BatchJournal, file: number): Promise<string[]> {
  const all: string[] = []
  for await (const answer of journal.answers(file)) all.push(answer.toString('utf8').trimEnd())
  return all
}

test('whatever was added before a cut at any byte is there again, in order, and nothing else', async () => {
  const answer = fc.record({
    file: fc.integer({ min: 0, max: 2 }),
    ok: fc.boolean(),
    // Some are longer than what is read at once.
    text: fc
      .oneof(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 200_000, max: 600_000 }).map((length) => 'x'.repeat(length)),
      )
      .map((text) => JSON.stringify({ text })),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(answer, { minLength: 1, maxLength: 8 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (answers, share) => {
        const folder = folderOf()
        // Later lines are answered first.
        const rows = answers.map((each, at) => row(answers.length - at, each))
        {
          await using journal = await BatchJournal.open(folder)
          await Promise.all(rows.map((each) => journal.add(each)))
        }
        const file = join(folder, readdirSync(folder)[0] ?? '')
        const whole = readFileSync(file)
        const size = Math.round(whole.length * share)
        truncateSync(file, size)
        const kept = rows.slice(0, whole.subarray(0, size).toString('latin1').split('\n').length - 1)
        await using journal = await BatchJournal.open(folder)
        expect(journal.totals).toEqual({
          succeeded: kept.filter(({ ok }) => ok).length,
          failed: kept.filter(({ ok }) => !ok).length,
          inputTokens: kept.length,
          outputTokens: 2 * kept.length,
        })
        for (const number of [0, 1, 2]) {
          const expected = kept.filter((each) => each.file === number).toReversed()
          expect(await texts(journal, number)).toEqual(expected.map(({ text }) => text))
        }
        for (const each of rows) expect(journal.has(each.file, each.line)).toBe(kept.includes(each))
      },
    ),
    { numRuns: 60 },
  )
})

test('of two answers of one record one stands, in the totals too', async () => {
  const folder = folderOf()
  {
    // A worker that lost the job goes on for a while beside the one that has it.
    await using lost = await BatchJournal.open(folder)
    await using held = await BatchJournal.open(folder)
    await lost.add(row(1))
    await held.add(row(1))
    await held.add(row(2))
    expect(held.totals.succeeded).toBe(2)
  }
  await using journal = await BatchJournal.open(folder)
  expect(journal.totals).toEqual({ succeeded: 2, failed: 0, inputTokens: 2, outputTokens: 4 })
  expect(await texts(journal, 0)).toEqual(['{"line":1}', '{"line":2}'])
})
