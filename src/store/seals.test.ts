import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { countLooks, recordLook, sealedFiles, sealTestSplit } from './seals.ts'

let home = ''
beforeEach(async () => (home = await mkdtemp(join(tmpdir(), 'hone-test-'))))
afterEach(() => rm(home, { recursive: true, force: true }))

const examples = 'a'.repeat(64)
const file = 'b'.repeat(64)
const look = { command: 'run', purpose: 'evaluate claims' }

test('looks are counted, and the record is only added to', async () => {
  await sealTestSplit(home, examples, file)
  await sealTestSplit(home, examples, file)
  expect([await recordLook(home, examples, look), await recordLook(home, examples, look)]).toEqual([1, 2])
  const lines = (await readFile(join(home, 'seals', `${examples}.jsonl`), 'utf8')).trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { schema: 1, kind: 'seal', file },
    { schema: 1, kind: 'look', ...look },
    { schema: 1, kind: 'look', ...look },
  ])
  expect(await countLooks(home, file)).toBe(0)
})

test('a file is known by its content', async () => {
  expect((await sealedFiles(home)).get(file)).toBeUndefined()
  await sealTestSplit(home, examples, null)
  expect((await sealedFiles(home)).get(file)).toBeUndefined()
  await sealTestSplit(home, examples, file)
  expect((await sealedFiles(home)).get(file)).toBe(examples)
})

test('a line that a crash cut loses itself only', async () => {
  await recordLook(home, examples, look)
  await appendFile(join(home, 'seals', `${examples}.jsonl`), '{"schema":1,"kind":"lo')
  expect(await recordLook(home, examples, look)).toBe(2)
})
