import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { copyFileWithDigest } from './copy-file.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hone-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('the copy has the bytes and its digest is told', async () => {
  writeFileSync(join(folder, 'a'), 'abc')
  expect(await copyFileWithDigest(join(folder, 'a'), join(folder, 'b'))).toEqual({
    bytes: 3,
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  })
  expect(readFileSync(join(folder, 'b'), 'utf8')).toBe('abc')
})

test('stopped halfway, nothing is left', async () => {
  writeFileSync(join(folder, 'a'), Buffer.alloc(3 << 20))
  const controller = new AbortController()
  const copy = copyFileWithDigest(join(folder, 'a'), join(folder, 'b'), {
    signal: controller.signal,
    onProgress: () => controller.abort('stopped'),
  })
  await expect(copy).rejects.toBe('stopped')
  expect(readdirSync(folder)).toEqual(['a'])
})
