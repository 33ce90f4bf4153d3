import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { replaceFile, replaceFileWith } from './replace-file.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hone-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('the new content replaces the old', async () => {
  const file = join(folder, 'a.json')
  writeFileSync(file, 'old and longer')
  await replaceFileWith(file, 'new')
  expect(readFileSync(file, 'utf8')).toBe('new')
  expect(readdirSync(folder)).toEqual(['a.json'])
})

test('a failure halfway leaves the old file and nothing else', async () => {
  const file = join(folder, 'a.json')
  writeFileSync(file, 'old')
  const failure = replaceFile(file, async (writer) => {
    await writer.write(Buffer.from('half'))
    throw new Error('stopped')
  })
  await expect(failure).rejects.toThrow('stopped')
  expect(readFileSync(file, 'utf8')).toBe('old')
  expect(readdirSync(folder)).toEqual(['a.json'])
})

test('a full disk says what was needed', async () => {
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC', syscall: 'write' })
  const failure = replaceFile(join(folder, 'a.bin'), (writer) => writer.write(new Uint8Array(10)), {
    expectedBytes: 538_000_000,
    openWriter: async () => ({
      write: () => Promise.reject(full),
      sync: () => Promise.resolve(),
      close: () => Promise.resolve(),
    }),
  })
  await expect(failure).rejects.toMatchObject({
    code: 'E_DISK',
    message: expect.stringMatching(/the disk is full: 538 MB are needed, [\d,]+ MB are free/),
  })
})

test('a folder that is not there', async () => {
  await expect(replaceFileWith(join(folder, 'none', 'a.json'), 'x')).rejects.toMatchObject({
    code: 'E_DISK',
    message: 'cannot write: ENOENT',
  })
})
