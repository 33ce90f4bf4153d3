import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createRandom } from '../src/lib/random.ts'
import { runHone } from './testing/run-hone.ts'
import { colourRecords, tinyHome, writeRecords } from './testing/tiny-home.ts'

const isLong = process.env['HONE_TEST_LONG'] === '1'
const kills = isLong ? 200 : 20

const adapterHash = (model: string): string =>
  createHash('sha256')
    .update(readFileSync(join(model, 'adapter', 'adapter_model.safetensors')))
    .digest('hex')

test(
  `killed ${kills} times at random moments, a training run ends with the identical adapter`,
  async () => {
    const { home, base, work } = await tinyHome()
    const data = writeRecords(work, 'colours.jsonl', colourRecords(60))
    const settings = '--max-steps 240 --epochs 30 --batch 4 --checkpoint-every 7 --validation-every 20'.split(
      ' ',
    )
    const train = (out: string): string[] => [
      'train',
      '--data',
      data,
      '--base',
      base,
      '--out',
      out,
      ...settings,
    ]
    const whole = join(work, 'whole')
    const started = performance.now()
    const finished = await runHone(train(whole), { home })
    const milliseconds = performance.now() - started
    expect(finished).toMatchObject({ status: 0 })

    const cut = join(work, 'cut')
    const random = createRandom(2026)
    let killed = 0
    const others: (number | null)[] = []
    for (let attempt = 0; attempt < kills; attempt++) {
      const args = existsSync(join(cut, 'job.json')) ? ['train', '--resume', cut] : train(cut)
      const afterMilliseconds = 200 + random.next() * milliseconds * 0.5
      const result = await runHone(args, { home, kill: { signal: 'SIGKILL', afterMilliseconds } })
      if (result.signal === 'SIGKILL') killed += 1
      else others.push(result.status)
    }
    // A run that always ended before its kill would prove nothing.
    expect(killed).toBeGreaterThan(3)
    expect(others.filter((status) => status !== 0)).toEqual([])
    const last = await runHone(['train', '--resume', cut], { home })
    expect(last).toMatchObject({ status: 0 })
    expect(adapterHash(cut)).toBe(adapterHash(whole))
    for (const csv of ['step_wise_training_metrics.csv', 'validation_metrics.csv']) {
      expect(readFileSync(join(cut, csv), 'utf8')).toBe(readFileSync(join(whole, csv), 'utf8'))
    }
    expect(readdirSync(join(cut, 'checkpoints')).filter((name) => name.endsWith('.tmp'))).toEqual([])
  },
  isLong ? 3_600_000 : 600_000,
)
