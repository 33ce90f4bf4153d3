import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runHone } from './testing/run-hone.ts'
import { colourRecords, tinyHome, writeRecords } from './testing/tiny-home.ts'

test('stats, tokens and mask of a file, as built; a second count is the first one again', async () => {
  const { home, base, work } = await tinyHome()
  const file = writeRecords(work, 'colours.jsonl', colourRecords(40))
  const stats = await runHone(['data', 'stats', file, '--json'], { home })
  expect(JSON.parse(stats.stdout)).toMatchObject({ schema: 1, records: 40, labels: { distinct: 3 } })
  const count = ['data', 'tokens', file, '--base', base, '--json']
  const first: unknown = JSON.parse((await runHone(count, { home })).stdout)
  expect(first).toMatchObject({ schema: 1, records: 40, failed: 0, reused: false })
  const second: unknown = JSON.parse((await runHone(count, { home })).stdout)
  expect(second).toMatchObject({ schema: 1, records: 40, failed: 0, reused: true })
  const mask = await runHone(['data', 'mask', file, '--base', base, '--rows', '2', '--json'], { home })
  expect(JSON.parse(mask.stdout)).toMatchObject({ schema: 1, records: [{ line: 2, error: null }] })
})

test('what cannot be read is an error with a code, never a crash', async () => {
  const { home, base, work } = await tinyHome()
  const hostile = join(work, 'hostile.jsonl')
  writeFileSync(hostile, Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x00, 0xff, 0x0a, 0x5b, 0x5d, 0x0a, 0x22]))
  for (const command of ['stats', 'tokens', 'mask']) {
    const named = command === 'stats' ? [] : ['--base', base]
    for (const file of [join(work, 'none.jsonl'), work]) {
      const { status, stderr } = await runHone(['data', command, file, ...named], { home })
      expect(status).toBe(2)
      expect(stderr).toContain('error E_DATA')
    }
    const { status, stderr } = await runHone(['data', command, hostile, ...named], { home })
    expect({ command, status, stderr }).toMatchObject({ status: 0 })
  }
})
