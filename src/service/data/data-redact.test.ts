import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { HoneError } from '../../core/errors.ts'
import { temporaryFolder } from '../../data/testing/temporary-folder.ts'
import { dataRedact, type DataRedactRequest } from './data-redact.ts'

let folder = ''
let file = ''
let home = ''
const at = (name: string): string => join(folder, name)

beforeEach(async () => {
  const temporary = await temporaryFolder()
  folder = temporary.path
  const homeFolder = await temporaryFolder()
  home = homeFolder.path
  onTestFinished(() => homeFolder[Symbol.asyncDispose]())
  file = at('in.jsonl')
  onTestFinished(() => temporary[Symbol.asyncDispose]())
  write([
    '{"prompt":"I am jo@whit.co","completion":"ok"}',
    '{ "prompt": "clean",  "completion":"row" }',
    '',
    '{"prompt":"password: Winter2024!","completion":"x"}',
  ])
})

const write = (lines: readonly string[]): void => writeFileSync(file, `${lines.join('\n')}\n`)
const redact = (
  request: Partial<DataRedactRequest> = {},
  env: NodeJS.ProcessEnv = {},
  signal?: AbortSignal,
): ReturnType<typeof dataRedact> => dataRedact({ home, env }, { file, ...request }, { signal })
const written = async (env: NodeJS.ProcessEnv): Promise<string> => {
  const anew = { force: true, fresh: true }
  const { repeatable } = await redact({ to: at('out.jsonl'), pseudonyms: 'file', ...anew }, env)
  expect(repeatable).toBe('HONE_REDACT_KEY' in env)
  return readFileSync(at('out.jsonl'), 'utf8')
}
const refused = async (...args: Parameters<typeof redact>): Promise<unknown> => {
  const before = readdirSync(folder)
  const error: unknown = await redact(...args).then(
    () => 'no error',
    (reason: unknown) => reason,
  )
  expect(readdirSync(folder)).toEqual(before)
  return HoneError.isInstance(error) ? [error.code, error.message, error.at.line] : error
}

describe('a file', () => {
  test('is only counted without --to', async () => {
    const redaction = await redact()
    expect(redaction).toMatchObject({
      schema: 1,
      to: null,
      records: 3,
      changed: 2,
      dropped: 0,
      policy: 'default',
    })
    const found = redaction.kinds.filter((kind) => kind.found > 0)
    expect(found.map(({ kind, found: count, records }) => [kind, count, records])).toEqual([
      ['email', 1, 1],
      ['secret', 1, 1],
    ])
    expect(readdirSync(folder)).toEqual(['in.jsonl'])
  })

  test('is written with nothing else changed, and a report without values', async () => {
    await redact({ to: at('out.jsonl'), report: at('report.jsonl') })
    expect(readFileSync(at('out.jsonl'), 'utf8')).toBe(
      '{"prompt":"I am [EMAIL]","completion":"ok"}\n{ "prompt": "clean",  "completion":"row" }\n{"prompt":"password: [SECRET]","completion":"x"}\n',
    )
    const report = readFileSync(at('report.jsonl'), 'utf8')
    expect(
      report
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { schema: 1, file, to: at('out.jsonl'), policy: 'default' },
      {
        line: 1,
        pointer: '/prompt',
        start: 5,
        end: 15,
        kind: 'email',
        action: 'replace',
        shape: 'xx@xxxx.xx',
      },
      {
        line: 4,
        pointer: '/prompt',
        start: 10,
        end: 21,
        kind: 'secret',
        action: 'replace',
        shape: 'xxxxxx9999!',
      },
    ])
    expect((await redact({ file: at('out.jsonl') })).changed).toBe(0)
    expect(readdirSync(folder).toSorted()).toEqual(['in.jsonl', 'out.jsonl', 'report.jsonl'])
  })

  test('loses the records that a policy drops, and says how many', async () => {
    writeFileSync(at('policy.json'), '{"schema":1,"kinds":{"secret":"drop"}}')
    const redaction = await redact({ to: at('out.jsonl'), policy: at('policy.json') })
    expect(redaction).toMatchObject({ records: 3, changed: 1, dropped: 1 })
    expect(readFileSync(at('out.jsonl'), 'utf8').trim().split('\n')).toHaveLength(2)
  })

  test('gets the same pseudonyms with the same secret only', async () => {
    const secret = { HONE_REDACT_KEY: 'a secret of some length' }
    const first = await written(secret)
    expect(first).toContain('@example.com')
    expect(await written(secret)).toBe(first)
    expect(await written({ HONE_REDACT_KEY: 'another secret, as long' })).not.toBe(first)
    expect(await written({})).not.toBe(await written({}))
  })

  test('of many records is redacted in one go', async () => {
    const lines = Array.from(
      { length: 5_000 },
      (_, row) => `{"prompt":"mail a${row}@whit.co ${'x'.repeat(600)}"}`,
    )
    write(lines)
    expect(await redact({ to: at('out.jsonl') })).toMatchObject({ records: 5_000, changed: 5_000 })
    const out = readFileSync(at('out.jsonl'), 'utf8').trim().split('\n')
    expect(out).toHaveLength(5_000)
    expect(out.every((line) => line.startsWith('{"prompt":"mail [EMAIL] xxx'))).toBe(true)
  })
})

describe('refused, with nothing left behind', () => {
  test('a line that is not JSON', async () => {
    write(['{"a":"jo@whit.co"}', '{"a":'])
    expect(await refused({ to: at('out.jsonl'), report: at('r.jsonl') })).toEqual([
      'E_DATA',
      'not JSON, so that personal data in it may stay unseen',
      2,
    ])
  })

  test('bytes that are no text', async () => {
    writeFileSync(file, Buffer.of(0x22, 0xff, 0x22, 0x0a))
    expect(await refused({ to: at('out.jsonl') })).toEqual(['E_DATA', 'the line is not UTF-8', 1])
  })

  test('an output that is the input, is there, or is named twice', async () => {
    expect(await refused({ to: file, force: true })).toMatchObject([
      'E_USAGE',
      'the new file would replace what it is made of',
      undefined,
    ])
    writeFileSync(at('out.jsonl'), 'mine')
    expect(await refused({ to: at('out.jsonl') })).toMatchObject([
      'E_EXISTS',
      'there is a file of this name',
      undefined,
    ])
    expect(await refused({ to: at('x'), report: at('x') })).toMatchObject([
      'E_USAGE',
      '--to and --report name the same file',
      undefined,
    ])
    expect(readFileSync(at('out.jsonl'), 'utf8')).toBe('mine')
  })

  test('a file that is not there, a country that is none, a short secret', async () => {
    expect(await refused({ file: at('none') })).toMatchObject(['E_DATA', 'there is no such file', undefined])
    expect(await refused({ country: 'Germany' })).toMatchObject([
      'E_USAGE',
      '"Germany" is no country code',
      undefined,
    ])
    expect(await refused({}, { HONE_REDACT_KEY: 'short' })).toMatchObject([
      'E_USAGE',
      expect.stringContaining('5 characters'),
      undefined,
    ])
  })

  test('what is stopped', async () => {
    const stop = new Error('stopped')
    expect(await refused({ to: at('out.jsonl') }, {}, AbortSignal.abort(stop))).toBe(stop)
    expect(existsSync(at('out.jsonl'))).toBe(false)
  })
})
