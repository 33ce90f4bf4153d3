import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { tinyGguf } from '../src/engine/weights/testing/hugging-face-folder.ts'
import { runHone, type Finished } from './testing/run-hone.ts'
import { colourRecords, tinyHome, writeRecords, type TinyHome } from './testing/tiny-home.ts'

let tiny: TinyHome

beforeAll(async () => {
  tiny = await tinyHome()
})

/** Runs a training that must fail, and checks that it left nothing behind. */
async function failingTraining(data: string, ...more: string[]): Promise<Finished> {
  const out = join(tiny.work, 'out')
  const before = readdirSync(join(tiny.home, 'models'))
  const args = ['train', '--data', data, '--base', tiny.base, '--out', out, ...more]
  const result = await runHone(args, { home: tiny.home })
  expect(existsSync(out), 'the output folder').toBe(false)
  expect(readdirSync(join(tiny.home, 'models'))).toEqual(before)
  expect(result.stdout).toBe('')
  expect(result.stderr).not.toMatch(/\n\s+at .*:\d+:\d+/)
  return result
}

const good = colourRecords(20)
const linesWith = (line: number, text: string): string => {
  const lines = good.map((record) => JSON.stringify(record))
  lines.splice(line - 1, 1, text)
  return `${lines.join('\n')}\n`
}
const conversation = (...roles: string[]): string =>
  JSON.stringify({ messages: roles.map((role) => ({ role, content: 'words' })) })

const recordsOf = (label: string, count: number): object[] =>
  Array.from({ length: count }, (_, index) => ({
    messages: [
      { role: 'user', content: `${label} case number ${index}` },
      { role: 'assistant', content: label },
    ],
  }))
const goodFile = (): string => writeRecords(tiny.work, 'good.jsonl', good)

describe('data that cannot be trained on', () => {
  test.each([
    ['an empty file', '', 'E_DATA_EMPTY', ''],
    ['one record', `${JSON.stringify(good[0])}\n`, 'E_DATA_TOO_FEW', ''],
    ['broken JSON in line 3', linesWith(3, '{"messages": ['), 'E_DATA', 'bad.jsonl:3'],
    ['a role that is none', linesWith(5, conversation('user', 'robot')), 'E_DATA', 'bad.jsonl:5'],
    [
      'two user turns in a row',
      linesWith(7, conversation('user', 'user', 'assistant')),
      'E_DATA',
      'bad.jsonl:7',
    ],
    [
      'no answer at the end',
      linesWith(2, conversation('user', 'assistant', 'user')),
      'E_DATA',
      'bad.jsonl:2',
    ],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x0a]), 'E_DATA', 'bad.jsonl'],
  ])('%s', async (_, content, code, place) => {
    const file = join(tiny.work, 'bad.jsonl')
    writeFileSync(file, content)
    const result = await failingTraining(file)
    expect(result.status).toBe(2)
    expect(result.stderr).toContain(code)
    expect(result.stderr).toContain(place)
  })

  test('a file that is not there', async () => {
    const result = await failingTraining(join(tiny.work, 'nowhere.jsonl'))
    expect(result).toMatchObject({ status: 2 })
    expect(result.stderr).toContain('E_DATA')
  })

  test('records longer than the context are counted and named, and left out only when asked', async () => {
    const long = {
      messages: [
        { role: 'user', content: 'word '.repeat(5000) },
        { role: 'assistant', content: 'red' },
      ],
    }
    const file = writeRecords(tiny.work, 'long.jsonl', [...good, long, long])
    const result = await failingTraining(file)
    expect(result.status).toBe(2)
    expect(result.stderr).toContain('E_DATA_TOO_LONG')
    expect(result.stderr).toMatch(/2 of 22 records/)
    expect(result.stderr).toContain('long.jsonl:21')

    const args = ['train', '--data', file, '--base', tiny.base, '--drop-long', '--dry-run', '--json']
    const plan = await runHone(args, { home: tiny.home })
    expect(plan).toMatchObject({ status: 0 })
    expect(JSON.parse(plan.stdout)).toMatchObject({ examples: { dropped: 2 } })
  })

  test('a label that is tested but never trained', async () => {
    writeRecords(tiny.work, 'train.jsonl', [...recordsOf('north', 12), ...recordsOf('south', 12)])
    writeRecords(tiny.work, 'test.jsonl', [...recordsOf('north', 2), ...recordsOf('west', 2)])
    const data = '{ train: train.jsonl, test: test.jsonl }'
    const config = `schema: 1\nname: unseen\ndata: ${data}\ntask: { kind: labels }\nbase: ${tiny.base}\n`
    writeFileSync(join(tiny.work, 'hone.yaml'), config)
    const result = await runHone(['run', tiny.work], { home: tiny.home, cwd: tiny.work })
    expect(result.status).toBe(2)
    expect(result.stderr).toContain('E_LABEL_UNSEEN')
    expect(result.stderr).toContain('west')
    expect(existsSync(join(tiny.work, 'out'))).toBe(false)
  })
})

describe('models that cannot be used', () => {
  test('an unknown base', async () => {
    const out = join(tiny.work, 'out')
    const args = ['train', '--data', goodFile(), '--base', 'smollm2-135m-instrct', '--out', out]
    const result = await runHone(args, { home: tiny.home })
    expect(result.status).toBe(2)
    expect(result.stderr).toContain('E_MODEL_UNKNOWN')
    expect(result.stderr).toContain('smollm2-135m-instruct')
    expect(existsSync(out)).toBe(false)
  })

  test.each(['cut.gguf', 'noise.gguf'])('a damaged file, %s', async (name) => {
    const file = join(tiny.work, name)
    const whole = readFileSync(tinyGguf)
    writeFileSync(file, name === 'cut.gguf' ? whole.subarray(0, whole.length - 100) : Buffer.alloc(5000, 7))
    const result = await runHone(['models', 'import', file], { home: tiny.home })
    expect(result.status).toBe(2)
    expect(result.stderr).toContain('E_MODEL_FILE')
  })

  test('no source can be reached', async () => {
    const env = { HONE_OFFLINE: '1' }
    const result = await runHone(['models', 'pull', 'smollm2-135m-instruct'], { home: tiny.home, env })
    expect(result.status).toBe(3)
    expect(result.stderr).toContain('E_DOWNLOAD')
    expect(result.stderr).toContain('hone models import')
  })
})

describe('places that cannot be written', () => {
  test('an output folder below a file', async () => {
    const file = goodFile()
    const out = join(file, 'model')
    const args = ['train', '--data', file, '--base', tiny.base, '--out', out, '--max-steps', '1']
    const result = await runHone(args, { home: tiny.home })
    expect(result.status).toBe(3)
    expect(result.stderr).toContain('E_DISK')
  })

  test('a folder that holds something else is not overwritten', async () => {
    const file = goodFile()
    const args = ['train', '--data', file, '--base', tiny.base, '--out', tiny.work]
    const result = await runHone(args, { home: tiny.home })
    expect(result.status).toBe(2)
    expect(result.stderr).toContain('E_EXISTS')
    const forced = await runHone([...args, '--force'], { home: tiny.home })
    expect(forced.status).toBe(2)
    expect(forced.stderr).toContain('E_EXISTS')
    expect(existsSync(file)).toBe(true)
  })
})

describe('options and settings', () => {
  test.each([
    [['train', '--epoch', '3'], 'E_USAGE', '--epochs'],
    [['trian'], 'E_USAGE', 'train'],
    [['train', '--resume', '/nowhere/at/all'], 'E_', '/nowhere/at/all'],
  ])('%j', async (args, code, hint) => {
    const result = await runHone(args, { home: tiny.home })
    expect(result.status).toBe(2)
    expect(result.stderr).toContain(code)
    expect(result.stderr).toContain(hint)
  })
})
