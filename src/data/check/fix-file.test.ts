import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findProfile } from '../../profiles/profiles.ts'
import { checkFile } from './check-file.ts'
import { fixedNames, fixFile, LineFixer } from './fix-file.ts'
import { describedRules } from './rule-table.ts'
import { applyDiff } from '../testing/apply-diff.ts'
import { chat, converse } from '../testing/make-records.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'

const profileNames = [
  'bedrock:claude-3-haiku',
  'bedrock:nova-lite',
  'bedrock:llama-3.3-70b',
  'openai:gpt-4o-mini',
  'bedrock:titan-text-lite',
  'openai:gpt-4o:dpo',
]

const exists = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined)) !== undefined

const fixedLines = (lines: readonly string[], name: string): (string | null)[] => {
  const fixer = new LineFixer({ profile: findProfile(name).profile })
  return lines.map((line, at) => {
    const result = fixer.fix(Buffer.from(line), at + 1)
    return result === undefined ? line : result
  })
}

const fixedLine = (record: object | string, name = 'bedrock:claude-3-haiku'): unknown => {
  const [line] = fixedLines([typeof record === 'string' ? record : JSON.stringify(record)], name)
  return line === null || line === undefined ? line : (JSON.parse(line) as unknown)
}

const message = (role: string, content: unknown, more: object = {}): object => ({ role, content, ...more })

describe('each fix', () => {
  test.each([
    ['other keys go', chat('q', 'a', { id: 1, metadata: {} }), chat('q', 'a')],
    ['what is to be learned stays', chat('q', 'a', { tools: [1] }), chat('q', 'a', { tools: [1] })],
    [
      'a greeting goes',
      { messages: [message('assistant', 'hi'), message('user', 'q'), message('assistant', 'a')] },
      chat('q', 'a'),
    ],
    [
      'two in a row are joined',
      { messages: [message('user', 'q'), message('user', 'r'), message('assistant', 'a')] },
      chat('q\n\nr', 'a'),
    ],
    [
      'a question without an answer goes',
      { messages: [message('user', 'q'), message('assistant', 'a'), message('user', 'r')] },
      chat('q', 'a'),
    ],
    [
      'a record of questions stays',
      { messages: [message('user', 'q')] },
      { messages: [message('user', 'q')] },
    ],
    [
      'a system message moves',
      { messages: [message('system', 's'), message('user', 'q'), message('assistant', 'a')] },
      chat('q', 'a', { system: 's' }),
    ],
    [
      'one beside a system prompt stays',
      { system: 't', messages: [message('system', 's'), message('user', 'q'), message('assistant', 'a')] },
      { system: 't', messages: [message('system', 's'), message('user', 'q'), message('assistant', 'a')] },
    ],
    [
      'blocks of text are one text',
      {
        messages: [message('user', [{ type: 'text', text: 'q' }, { text: 'r' }]), message('assistant', 'a')],
      },
      chat('qr', 'a'),
    ],
    [
      'pictures stay',
      { messages: [message('user', [{ image: {} }]), message('assistant', 'a')] },
      { messages: [message('user', [{ image: {} }]), message('assistant', 'a')] },
    ],
    ['control characters go', chat('a\u0000b\tc', 'a'), chat('ab\tc', 'a')],
    [
      'all of it at once',
      {
        id: 1,
        messages: [
          message('system', 's'),
          message('assistant', 'x', { name: 'n' }),
          message('user', [{ text: 'q' }]),
          message('user', 'r'),
          message('assistant', 'a'),
          message('user', 't'),
        ],
      },
      chat('q\n\nr', 'a', { system: 's' }),
    ],
  ])('%s', (_, before, after) => {
    expect(fixedLine(before)).toEqual(after)
  })

  test('in the form of Converse', () => {
    expect(fixedLine(chat('q', 'a', { system: [{ text: 's' }] }), 'bedrock:nova-lite')).toEqual(
      converse('q', 'a', { system: [{ text: 's' }] }),
    )
  })

  test('trailing commas go, commas in texts stay', () => {
    const line = '{"messages":[{"role":"user","content":"a,]"},{"role":"assistant","content":"b,}" , }, ] }'
    expect(fixedLine(line)).toEqual(chat('a,]', 'b,}'))
    expect(fixedLines(['{"messages":[,]}', '{"a":1,,}'], 'bedrock:claude-3-haiku')).toEqual([
      '{"messages":[,]}',
      '{"a":1,,}',
    ])
  })

  test('a record with numbers that JavaScript cannot hold is not written again', () => {
    const line =
      '{"id":12345678901234567890,"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}'
    expect(fixedLines([line], 'bedrock:claude-3-haiku')).toEqual([line])
  })
})

describe('a file', () => {
  const broken = [
    `\ufeff${JSON.stringify(chat('q', 'a'))}`,
    JSON.stringify({
      messages: [message('assistant', 'hi'), message('user', 'q'), message('assistant', 'a')],
    }),
    '',
    'no JSON',
    `${JSON.stringify(chat('ü', 'ß'))}\r`,
    `${JSON.stringify(chat('q', 'a')).slice(0, -1)},}`,
    `${JSON.stringify(chat('again, "q",', 'a,'))} ,`,
  ].join('\n')

  test('is copied with a diff that makes one of the other, and never over', async () => {
    await using folder = await temporaryFolder()
    const file = await folder.write('claims.jsonl', broken)
    const profile = findProfile('bedrock:claude-3-haiku').profile
    const fixed = await fixFile(file, { profile, exists })
    expect([fixed.file, fixed.diff].map((path) => basename(path))).toEqual([
      'claims.fixed.jsonl',
      'claims.fixed.diff',
    ])
    expect(fixed.changed).toBe(6)
    expect(fixed.byRule).toEqual({
      'file/byte-order-mark': 1,
      'bedrock/first-role': 1,
      'bedrock/blank-line': 1,
      'file/carriage-return': 1,
      'json/syntax': 2,
    })
    const [after, diff] = await Promise.all([readFile(fixed.file, 'utf8'), readFile(fixed.diff, 'utf8')])
    expect(await readFile(file, 'utf8')).toBe(broken)
    expect(applyDiff(broken, diff)).toBe(after)
    expect(after.split('\n')[2]).toBe('no JSON')
    expect(after.split('\n').at(-1)).toBe(`${JSON.stringify(chat('again, "q",', 'a,'))} `)
    await expect(fixFile(file, { profile, exists })).rejects.toMatchObject({ code: 'E_EXISTS' })
    await expect(fixFile(file, { profile, exists, force: true })).resolves.toMatchObject({ changed: 6 })
    const { problems, mendable } = await checkFile(fixed.file, { profile })
    expect(mendable).toEqual({ error: 0, warning: 0, note: 0 })
    expect(problems.byRule['json/syntax']).toBe(1)
  })

  test('leaves nothing behind when it is stopped', async () => {
    await using folder = await temporaryFolder()
    const file = await folder.write('a.jsonl', broken)
    const reason = new Error('enough')
    const stopped = fixFile(file, { exists, signal: AbortSignal.abort(reason) })
    await expect(stopped).rejects.toThrow('enough')
    const names = fixedNames(file)
    expect([await exists(names.file), await exists(names.diff)]).toEqual([false, false])
  })
})

const texts = fc.oneof(
  fc.constantFrom('', 'q', 'a\u0000', '\ud800', 'User: x', '[]'),
  fc.string({ maxLength: 6 }),
)
const blocks = fc.array(
  fc.oneof(
    texts.map((text) => ({ text })),
    texts.map((text) => ({ type: 'text', text })),
    fc.constant({ image: { format: 'png' } }),
  ),
  { maxLength: 3 },
)
const someMessage = fc.record(
  {
    role: fc.constantFrom('user', 'assistant', 'system', 'tool', 'x'),
    content: fc.oneof(texts, blocks, fc.constant(null)),
    name: texts,
    weight: fc.constantFrom(0, 1, 2),
  },
  { requiredKeys: ['role'] },
)
const someRecord = fc.record(
  {
    messages: fc.array(someMessage, { maxLength: 6 }),
    system: fc.oneof(texts, blocks),
    id: fc.integer(),
    tools: fc.constantFrom([], [1]),
    schemaVersion: texts,
    prompt: texts,
    completion: texts,
    __proto__: fc.constant(undefined),
  },
  { requiredKeys: [] },
)
const someLine = fc.oneof(
  { weight: 6, arbitrary: someRecord.map((record) => JSON.stringify(record)) },
  {
    weight: 1,
    arbitrary: someRecord.map((record) => `\ufeff${JSON.stringify(record).replace(/([\]}])/g, ',$1')}\r`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      ' ',
      '\r',
      '\ufeff',
      '[]',
      'null',
      '{,}',
      '{"__proto__": 1, "messages": []}',
    ),
  },
)

describe('of any lines', () => {
  const mending = new Set(
    describedRules()
      .filter(({ fix }) => fix !== undefined)
      .map(({ id }) => id),
  )

  test.each(profileNames)('fixing twice is fixing once, for %s', (name) => {
    fc.assert(
      fc.property(fc.array(someLine, { maxLength: 8 }), (lines) => {
        const once = fixedLines(lines, name).filter((line) => line !== null)
        expect(fixedLines(once, name)).toEqual(once)
      }),
    )
  })

  test.each(profileNames.slice(0, 3))(
    'a fixed file has nothing left that can be mended, for %s',
    async (name) => {
      expect(mending.size).toBeGreaterThan(8)
      await using folder = await temporaryFolder()
      const { profile } = findProfile(name)
      await fc.assert(
        fc.asyncProperty(fc.array(someLine, { maxLength: 8 }), async (others) => {
          // A file whose first line is a list is refused as a whole.
          const lines = ['{}', ...others]
          const file = await folder.write('x.jsonl', `${lines.join('\n')}\n`)
          const fixed = await fixFile(file, { profile, exists, force: true })
          const written = await readFile(fixed.file, 'utf8')
          expect(applyDiff(`${lines.join('\n')}\n`, await readFile(fixed.diff, 'utf8'))).toBe(written)
          expect((await checkFile(fixed.file, { profile })).mendable).toEqual({
            error: 0,
            warning: 0,
            note: 0,
          })
        }),
        { numRuns: 60 },
      )
    },
  )
})
