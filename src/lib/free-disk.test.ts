import { statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freeDiskBytes } from './free-disk.ts'

test('a folder that is not there yet has the room of the one it would be made in', async () => {
  const { bsize, blocks } = await statfs(tmpdir())
  const free = await freeDiskBytes(join(tmpdir(), 'hone-not-there', 'nor-there'))
  expect(free).toBeGreaterThan(0)
  expect(free).toBeLessThanOrEqual(bsize * blocks)
})
