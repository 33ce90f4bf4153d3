import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { HoneError } from '../../core/errors.ts'
import type { Profile } from '../../profiles/profile.ts'
import { findProfile, profiles } from '../../profiles/profiles.ts'
import { checkFile } from './check-file.ts'
import { LineFixer } from './fix-file.ts'
import type { TargetModel } from './rule.ts'
import { chat, converse } from '../testing/make-records.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'

const isLong = process.env['HONE_TEST_LONG'] === '1'
const profileOf = (name: string): Profile => findProfile(name).profile
const textOf = (lines: readonly (object | string)[]): string =>
  lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')

/** Ids of the errors about single records. */
async function errorsOf(lines: readonly (object | string)[], name: string): Promise<string[]> {
  await using folder = await temporaryFolder()
  const { problems } = await checkFile(await folder.write('x.jsonl', textOf(lines)), {
    profile: profileOf(name),
  })
  return problems.findings
    .filter(({ severity, at }) => severity === 'error' && at.line !== undefined)
    .map(({ id }) => id)
}

// The examples of the services' own pages, in other words.
const official: readonly (readonly [name: string, record: object])[] = [
  ['bedrock:claude-3-haiku', chat('Which gas do plants take in?', 'Carbon dioxide.')],
  [
    'bedrock:claude-3-haiku',
    chat('Which gas do plants take in?', 'Carbon dioxide.', { system: 'You teach biology.' }),
  ],
  [
    'bedrock:claude-3-haiku',
    {
      system: 'You teach biology.',
      messages: [
        { role: 'user', content: 'a?' },
        { role: 'assistant', content: 'b' },
        { role: 'user', content: 'c?' },
        { role: 'assistant', content: 'd' },
      ],
    },
  ],
  ['bedrock:titan-text-express', { prompt: 'Name a river.', completion: 'The Rhine.' }],
  ['bedrock:llama-3.1-8b', { prompt: 'Name a river.', completion: 'The Rhine.' }],
  ['bedrock:cohere-command', { prompt: 'Name a river.', completion: 'The Rhine.' }],
  [
    'bedrock:llama-3.3-70b',
    converse('Name a river.', 'The Rhine.', { system: [{ text: 'You teach geography.' }] }),
  ],
  [
    'bedrock:nova-lite',
    {
      schemaVersion: 'bedrock-conversation-2024',
      system: [{ text: 'You describe pictures.' }],
      messages: [
        {
          role: 'user',
          content: [
            { text: 'What is it?' },
            {
              image: {
                format: 'png',
                source: { s3Location: { uri: 's3://bucket/a.png', bucketOwner: '123456789012' } },
              },
            },
          ],
        },
        { role: 'assistant', content: [{ text: 'A bridge.' }] },
      ],
    },
  ],
  [
    'bedrock:nova-lite',
    {
      schemaVersion: 'bedrock-conversation-2024',
      messages: [
        {
          role: 'user',
          content: [
            { text: 'What happens?' },
            {
              video: {
                format: 'mp4',
                source: { s3Location: { uri: 's3://bucket/a.mp4', bucketOwner: '123456789012' } },
              },
            },
          ],
        },
        { role: 'assistant', content: [{ text: 'A train leaves.' }] },
      ],
    },
  ],
  [
    'bedrock:distillation',
    {
      schemaVersion: 'bedrock-conversion-2024',
      system: [{ text: 'Be brief.' }],
      messages: [{ role: 'user', content: [{ text: 'Name a river.' }] }],
    },
  ],
  ['bedrock:rft', { messages: [{ role: 'user', content: '2 + 2?' }], reference_answer: '4' }],
  [
    'openai:gpt-4o-mini',
    {
      messages: [
        { role: 'system', content: 'You are dry.' },
        { role: 'user', content: 'Name a river.' },
        { role: 'assistant', content: 'Water, mostly.' },
      ],
    },
  ],
  [
    'openai:gpt-4o-mini',
    {
      messages: [
        { role: 'user', content: 'a' },
        { role: 'assistant', content: 'b', weight: 0 },
        { role: 'user', content: 'c' },
        { role: 'assistant', content: 'd', weight: 1 },
      ],
    },
  ],
  [
    'openai:gpt-4o-mini',
    {
      messages: [
        { role: 'user', content: 'Weather in Rome?' },
        {
          role: 'assistant',
          tool_calls: [
            { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city": "Rome"}' } },
          ],
        },
      ],
      parallel_tool_calls: false,
      tools: [
        {
          type: 'function',
          function: {
            name: 'weather',
            description: 'Looks up.',
            parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
          },
        },
      ],
    },
  ],
  [
    'openai:gpt-4o',
    {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is it?' },
            { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } },
          ],
        },
        { role: 'assistant', content: 'A bridge.' },
      ],
    },
  ],
  [
    'openai:gpt-4.1:dpo',
    {
      input: { messages: [{ role: 'user', content: 'Hi' }], tools: [], parallel_tool_calls: true },
      preferred_output: [{ role: 'assistant', content: 'Good day.' }],
      non_preferred_output: [{ role: 'assistant', content: 'Yo.' }],
    },
  ],
  ['openai:o4-mini:rft', { messages: [{ role: 'user', content: '2 + 2?' }], answer: '4', difficulty: 1 }],
]

describe('official examples', () => {
  test.each(official)('%s takes %#', async (name, record) => {
    expect(await errorsOf([record], name)).toEqual([])
  })

  test("the page's example with a comma too many is refused, and can be mended", async () => {
    const line =
      '{"system":"s","messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},]}'
    expect(await errorsOf([line], 'bedrock:claude-3-haiku')).toEqual(['json/syntax'])
    await using folder = await temporaryFolder()
    const { mendable } = await checkFile(await folder.write('x.jsonl', `${line}\n`))
    expect(mendable.error).toBe(1)
  })
})

describe('a file', () => {
  test('findings have place, excerpt and fix, and come in order', async () => {
    await using folder = await temporaryFolder()
    const lines = [
      chat('q', 'a'),
      chat('r', 'b', { id: 'x'.repeat(100) }),
      '{"messages":',
      '7',
      chat('s', ['c']),
    ]
    const file = await folder.write('x.jsonl', textOf(lines))
    const { problems, records, mendable } = await checkFile(file, {
      profile: profileOf('bedrock:claude-3-haiku'),
    })
    const found = problems.findings.filter(({ at }) => at.line !== undefined)
    expect(
      found.map(({ id, at, excerpt, fix }) => [at.line, at.pointer, id, excerpt, fix !== undefined]),
    ).toEqual([
      [2, '/id', 'bedrock/extraneous-key', `"${'x'.repeat(60)}"…`, true],
      [3, undefined, 'json/syntax', undefined, false],
      [4, undefined, 'record/not-object', undefined, false],
      [5, '/messages/1/content', 'bedrock/content-type', '["c"]', false],
    ])
    expect([records, mendable.error]).toEqual([5, 1])
  })

  test('without a profile the rules of reading hold, and what is not read is said once', async () => {
    await using folder = await temporaryFolder()
    const lines = [
      ...Array.from({ length: 20 }, (_, at) => chat(`q${at}`, `a${at}`, { id: at })),
      { text: 'x' },
    ]
    const { problems } = await checkFile(await folder.write('x.jsonl', textOf(lines)))
    expect(problems.byRule).toEqual({ 'record/ignored-key': 1, 'record/unknown-format': 1 })
    expect(problems.findings[0]).toMatchObject({
      message: '"id" is not read (20 records)',
      at: { pointer: '/id' },
    })
  })

  test('bytes that are no UTF-8, and lines that are too long, are findings of their lines', async () => {
    await using folder = await temporaryFolder()
    const good = Buffer.from(textOf([chat('q', 'a')]))
    const long = Buffer.concat([Buffer.alloc(17 * 2 ** 20, 'x'), Buffer.from('\n')])
    const file = await folder.write(
      'x.jsonl',
      Buffer.concat([good, Buffer.from([0xff, 0xfe, 0x0a]), long, good]),
    )
    const { problems, records } = await checkFile(file)
    expect(records).toBe(4)
    expect(problems.findings.slice(0, 2).map(({ id, at }) => [id, at.line])).toEqual([
      ['json/encoding', 2],
      ['json/too-long', 3],
    ])
    expect(problems.findings.at(-1)).toMatchObject({ id: 'duplicate/exact', at: { line: 4 } })
  })

  test('personal data is only looked for where that is asked, and never quoted', async () => {
    await using folder = await temporaryFolder()
    const file = await folder.write(
      'x.jsonl',
      textOf([chat('jane.roe@correo-norte.es and jon.moe@correo-norte.es', 'a'), chat('q', 'a')]),
    )
    expect((await checkFile(file)).problems.byRule).not.toHaveProperty('privacy/personal-data')
    const { problems } = await checkFile(file, { privacy: true })
    const found = problems.findings.filter(({ id }) => id === 'privacy/personal-data')
    expect(found).toMatchObject([
      {
        severity: 'warning',
        at: { line: 1, pointer: '/messages/0/content' },
        message: '2 places with what looks like personal data: 2 email',
      },
    ])
    expect(JSON.stringify(found)).not.toContain('roe')
  })

  test('sizes over the limit are said in numbers', async () => {
    await using folder = await temporaryFolder()
    const profile = profileOf('bedrock:titan-text-lite')
    const small = { ...profile, files: { training: { value: 10, source: 'bedrock-data' as const } } }
    const { problems } = await checkFile(
      await folder.write('x.jsonl', textOf([{ prompt: 'q', completion: 'a' }])),
      { profile: small },
    )
    expect(problems.byRule['bedrock/file-size']).toBe(1)
  })
})

const words = (number: number): string => Array.from({ length: number }, () => 'word').join(' ')

const count = (text: string): number => text.split(' ').length

describe('the context of a model', () => {
  const target: TargetModel = {
    name: 'tiny',
    context: 12,
    controlTokens: ['<|stop|>'],
    countTokens: (turns) => {
      const sizes = turns.map(({ text }) => count(text))
      const all = sizes.reduce((a, b) => a + b, 0)
      return { all, prompt: all - (sizes.at(-1) ?? 0) }
    },
  }

  test('an answer that is cut, one that is not learned, one that just fits', async () => {
    await using folder = await temporaryFolder()
    const lines = [
      chat(words(6), words(6)),
      chat(words(6), words(7)),
      chat(words(12), words(1)),
      chat('<|stop|>', 'a'),
    ]
    const { problems } = await checkFile(await folder.write('x.jsonl', textOf(lines)), {
      profile: profileOf('local'),
      target,
    })
    const cut = problems.findings.filter(({ id }) => id === 'answer/cut')
    expect(cut.map(({ at, message }) => [at.line, message])).toEqual([
      [2, 'the last 1 tokens of the answer would be cut (13 tokens, tiny holds 12)'],
      [
        3,
        'the prompt alone fills the context: nothing of the answer would be learned (13 tokens, tiny holds 12)',
      ],
    ])
    expect(problems.findings.find(({ id }) => id === 'text/control-token')?.message).toContain('of tiny')
  })
})

/** A generator of numbers below 2^32 (xorshift), the same on every machine. */
const random = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

describe('hostile files', () => {
  const seeds = official.map(([, record]) => JSON.stringify(record))

  const pieces = [
    '"',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    'null',
    '1e999',
    '\\u0000',
    '\\ud800',
    '\ud83d',
    '\ufeff',
    '\n',
    '\r\n',
    '"messages":',
    '"content":[]',
    '"role":7',
    '__proto__',
    '<|im_end|>',
    '-1',
    'x'.repeat(300),
  ]

  function mutated(seed: number): Buffer {
    const next = random(seed * 2_654_435_761 + 1)
    const lines = Array.from({ length: 1 + (next() % 4) }, () => seeds[next() % seeds.length] ?? '')
    let text = lines.join('\n')
    for (let change = next() % 6; change >= 0; change--) {
      const at = next() % (text.length + 1)
      const piece = pieces[next() % pieces.length] ?? ''
      text = text.slice(0, at) + (next() % 3 === 0 ? '' : piece) + text.slice(at + (next() % 12))
    }
    const bytes = Buffer.from(`${text}\n`)
    if (next() % 5 === 0) bytes[next() % bytes.length] = next() % 256
    return bytes
  }

  test(`${isLong ? '100,000' : '8,000'} mutated files: each is checked or refused, none breaks the check or the fix`, async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'x.jsonl')
    let checked = 0
    const files = isLong ? 100_000 : 8_000
    // Many mutants stand in one file: opening files would take most of the time.
    const inOneFile = 40
    for (let seed = 0; seed < files; seed += inOneFile) {
      const content = Buffer.concat(Array.from({ length: inOneFile }, (_, at) => mutated(seed + at + 1)))
      await writeFile(file, content)
      const profile = profiles[(seed / inOneFile) % profiles.length]
      try {
        const { problems, records } = await checkFile(file, { profile })
        expect(records).toBeGreaterThan(0)
        expect(problems.findings.every(({ message }) => message !== '')).toBe(true)
        const fixer = new LineFixer({ profile })
        for (const [at, line] of content.toString('latin1').split('\n').entries())
          fixer.fix(Buffer.from(line, 'latin1'), at + 1)
      } catch (error) {
        if (!HoneError.isInstance(error)) throw error
      }
      checked += inOneFile
    }
    expect(checked).toBe(files)
  })
})
