import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sha256OfFile } from './sha256-of-file.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hone-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('the digest of FIPS 180-4, example 1', async () => {
  const file = join(folder, 'abc')
  writeFileSync(file, 'abc')
  const progress: number[] = []
  const digest = await sha256OfFile(file, { onProgress: (bytes) => progress.push(bytes) })
  expect(digest).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  expect(progress).toEqual([3])
})

test('aborting rejects with the reason', async () => {
  const file = join(folder, 'abc')
  writeFileSync(file, 'abc')
  const signal = AbortSignal.abort(new Error('stop'))
  await expect(sha256OfFile(file, { signal })).rejects.toThrow('stop')
})
