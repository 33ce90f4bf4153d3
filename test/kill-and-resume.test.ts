import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, watch } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createRandom } from '../src/lib/random.ts'
import { runHone } from './testing/run-hone.ts'
import { colourRecords, tinyHome, writeRecords } from './testing/tiny-home.ts'

const isLong = process.env['HONE_TEST_LONG'] === '1'
const kills = isLong ? 200 : 10

/** Two answers to each question, the right colour preferred. */
function colourPairs(count: number): object[] {
  return colourRecords(count).map((record, index) => {
    const { messages } = record as { messages: { role: string; content: string }[] }
    const rejected = ['pink', 'brown', 'black'][index % 3]
    return { messages: messages.slice(0, 1), chosen: messages[1]?.content, rejected, weight: 1 + (index % 2) }
  })
}

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

test('a run that is killed while it makes its folder leaves nothing in the way of the next', async () => {
  const { home, base, work } = await tinyHome()
  const data = writeRecords(work, 'colours.jsonl', colourRecords(60))
  const out = join(work, 'early')
  const args = ['train', '--data', data, '--base', base, '--out', out, '--max-steps', '2']
  const found: boolean[] = []
  while (found.length < 2 || (found.length < 12 && !found.includes(false))) {
    const watcher = watch(work)
    const killAt = once(watcher, 'change').then((): NodeJS.Signals => 'SIGKILL')
    expect(await runHone(args, { home, killAt })).toMatchObject({ signal: 'SIGKILL' })
    watcher.close()
    found.push(existsSync(join(out, 'job.json')))
    if (found.at(-1) === true) rmSync(out, { recursive: true })
  }
  // A kill that always came too late would prove nothing.
  expect(found).toContain(false)
  expect(await runHone(args, { home })).toMatchObject({ status: 0 })
})

test('preferences with dropout, continued from a tuned model of its last layer and killed in between, end with the identical adapter', async () => {
  const { home, base, work } = await tinyHome()
  const answers = writeRecords(work, 'answers.jsonl', colourRecords(30))
  const pairs = writeRecords(work, 'pairs.jsonl', colourPairs(60))
  const start = join(work, 'start')
  const first = [
    'train',
    '--data',
    answers,
    '--base',
    base,
    '--out',
    start,
    '--max-steps',
    '8',
    '--rank',
    '2',
    // Continued on the last layer only, what comes out of those below is kept in the job's folder.
    '--layers',
    '1',
  ]
  expect(await runHone([...first, '--scaling', 'rslora'], { home })).toMatchObject({ status: 0 })
  const settings =
    '--dropout 0.2 --max-steps 60 --epochs 30 --batch 4 --checkpoint-every 3 --validation-every 9'
  const train = (out: string): string[] => [
    'train',
    `--data=${pairs}`,
    `--from=${start}`,
    `--out=${out}`,
    ...settings.split(' '),
  ]
  const whole = join(work, 'whole')
  const started = performance.now()
  expect(await runHone(train(whole), { home })).toMatchObject({ status: 0 })
  const milliseconds = performance.now() - started

  const cut = join(work, 'cut')
  const random = createRandom(7)
  let killed = 0
  const others: (number | null)[] = []
  for (let attempt = 0; attempt < 6; attempt++) {
    const args = existsSync(join(cut, 'job.json')) ? ['train', '--resume', cut] : train(cut)
    const afterMilliseconds = 300 + random.next() * milliseconds * 0.7
    const result = await runHone(args, { home, kill: { signal: 'SIGKILL', afterMilliseconds } })
    if (result.signal === 'SIGKILL') killed += 1
    else others.push(result.status)
  }
  expect(killed).toBeGreaterThan(1)
  expect(others.filter((status) => status !== 0)).toEqual([])
  expect(await runHone(['train', '--resume', cut], { home })).toMatchObject({ status: 0 })
  expect(adapterHash(cut)).toBe(adapterHash(whole))
  expect(adapterHash(cut)).not.toBe(adapterHash(start))
  const csv = readFileSync(join(cut, 'step_wise_training_metrics.csv'), 'utf8')
  expect(csv).toBe(readFileSync(join(whole, 'step_wise_training_metrics.csv'), 'utf8'))
  expect(csv).toMatch(/^step_number,epoch_number,training_loss,reward_margin,reward_accuracy\n1,1,0\.69/)
  expect(JSON.parse(readFileSync(join(cut, 'manifest.json'), 'utf8'))).toMatchObject({
    settings: { method: 'dpo', rank: 2, scaling: 'rslora', dropout: 0.2 },
    start: { model: 'start', folder: start, weights: adapterHash(start) },
  })
}, 600_000)
