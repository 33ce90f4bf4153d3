import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { runHone, type Finished } from './testing/run-hone.ts'
import { colourRecords, tinyHome, writeRecords } from './testing/tiny-home.ts'

async function longRun(
  afterMilliseconds: number,
): Promise<{ home: string; out: string; run: Promise<Finished> }> {
  const { home, base, work } = await tinyHome()
  const data = writeRecords(work, 'colours.jsonl', colourRecords(60))
  const out = join(work, 'out')
  const settings = '--max-steps 100000 --epochs 1000 --batch 4 --checkpoint-every 5'.split(' ')
  const args = ['train', '--data', data, '--base', base, '--out', out, ...settings]
  return { home, out, run: runHone(args, { home, kill: { signal: 'SIGTERM', afterMilliseconds } }) }
}

test('a service manager that stops the whole group gets a checkpoint and the command that goes on', async () => {
  const { out, run } = await longRun(6000)
  const result = await run
  expect(result.status).toBe(130)
  expect(result.stderr).toContain('E_INTERRUPTED')
  expect(result.stderr).toContain(`hone train --resume ${out}`)
})

test('two processes do not train in one folder', async () => {
  const { home, out, run } = await longRun(12_000)
  for (let tries = 0; tries < 100 && !existsSync(join(out, 'train.lock')); tries++) await wait(100)
  const second = await runHone(['train', '--resume', out], { home })
  expect(second.status).toBe(3)
  expect(second.stderr).toContain('E_LOCKED')
  expect((await run).status).toBe(130)
})
