import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readJsonFile, readTextFile } from './read-json-file.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hone-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a file, with or without a byte order mark', async () => {
  const file = join(folder, 'a.json')
  writeFileSync(file, '\uFEFF{"a":"é"}')
  expect(await readJsonFile(file, 'E_MODEL_FILE')).toEqual({ a: 'é' })
})

test('no file', async () => {
  expect(await readJsonFile(join(folder, 'none'), 'E_MODEL_FILE')).toBeUndefined()
})

test.each([
  ['{"a":', 'not JSON'],
  [Buffer.from([0x22, 0xff, 0x22]), 'not UTF-8'],
])('%s is refused', async (content, words) => {
  const file = join(folder, 'a.json')
  writeFileSync(file, content)
  await expect(readJsonFile(file, 'E_MODEL_FILE')).rejects.toMatchObject({
    code: 'E_MODEL_FILE',
    message: expect.stringContaining(words),
    at: { file },
  })
})

test('a folder is no file', async () => {
  await expect(readTextFile(folder, 'E_MODEL_FILE')).rejects.toMatchObject({ code: 'E_MODEL_FILE' })
})
