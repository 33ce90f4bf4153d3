import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HoneError } from '../../core/errors.ts'
import type { ExampleFile, ScanOptions } from './example-scan.ts'
import { minimumRecords, readExamples, scanExamples } from './read-examples.ts'
import { readingRules } from './reading-rules.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'

const user = { role: 'user', content: 'Where is my card?' }
const assistant = { role: 'assistant', content: 'card_arrival' }
const good = JSON.stringify({ messages: [user, assistant] })

const chat = (...list: unknown[]): string => JSON.stringify({ messages: list })

async function scan(content: string | Uint8Array, options: ScanOptions = {}): Promise<ExampleFile> {
  await using folder = await temporaryFolder()
  return await scanExamples(await folder.write('data.jsonl', content), options)
}

async function refusal(work: Promise<unknown>): Promise<HoneError> {
  const error: unknown = await work.then(
    () => new Error('nothing was refused'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof HoneError)) throw error
  return error
}

async function readText(content: string, minimum?: number): Promise<ExampleFile> {
  await using folder = await temporaryFolder()
  const file = await folder.write('data.jsonl', content)
  return await readExamples(file, minimum === undefined ? {} : { minimum })
}

describe('formats', () => {
  const spoken = [
    { role: 'user', content: 'q' },
    { role: 'assistant', content: 'a' },
  ]
  const system = { role: 'system', content: 's' }
  test.each([
    ['openai-chat', { messages: spoken }, spoken],
    ['openai-chat', { messages: [system, ...spoken] }, [system, ...spoken]],
    ['openai-chat', { messages: [{ role: 'developer', content: 's' }, ...spoken] }, [system, ...spoken]],
    ['bedrock-chat', { system: 's', messages: spoken }, [system, ...spoken]],
    ['bedrock-chat', { system: null, messages: [...spoken, ...spoken] }, [...spoken, ...spoken]],
    ['prompt-completion', { prompt: 'q', completion: 'a' }, spoken],
    ['prompt-completion', { system: 's', prompt: 'q', completion: 'a' }, [system, ...spoken]],
    ['input-output', { input: 'q', output: 'a' }, spoken],
  ])('%s is told by its keys (%j)', async (format, record, messages) => {
    const scanned = await scan(JSON.stringify(record))
    expect(scanned.problems.findings).toEqual([])
    expect(scanned.formats).toEqual({ [format]: 1 })
    expect(scanned.examples).toEqual([{ id: 'data.jsonl:1', messages, at: { file: scanned.file, line: 1 } }])
  })

  const pair = { messages: spoken, rejected: 'b' }
  test.each([
    ['preference-prompt', { prompt: 'q', chosen: 'a', rejected: 'b' }, pair],
    [
      'preference-prompt',
      { prompt: [spoken[0]], chosen: [spoken[1]], rejected: [{ role: 'assistant', content: 'b' }] },
      pair,
    ],
    ['preference-messages', { messages: [spoken[0]], chosen: 'a', rejected: 'b' }, pair],
    [
      'openai-preference',
      {
        input: { messages: [system, spoken[0]], tools: [], parallel_tool_calls: true },
        preferred_output: [spoken[1]],
        non_preferred_output: [{ role: 'assistant', content: 'b' }],
      },
      { messages: [system, ...spoken], rejected: 'b' },
    ],
    ['prompt-completion', { prompt: 'q', completion: 'a', weight: 0.25 }, { messages: spoken, weight: 0.25 }],
    ['openai-chat', { messages: spoken, weight: 1 }, { messages: spoken }],
    [
      'openai-chat',
      { messages: [spoken[0], { ...spoken[1], weight: 0 }, spoken[0], { ...spoken[1], weight: 1 }] },
      { messages: [...spoken, ...spoken], learned: [false, true] },
    ],
  ])('%s with what beside the conversation decides what is learned (%j)', async (format, record, example) => {
    const scanned = await scan(JSON.stringify(record))
    expect(scanned.problems.findings).toEqual([])
    expect(scanned.formats).toEqual({ [format]: 1 })
    expect(scanned.examples).toEqual([
      { id: 'data.jsonl:1', ...example, at: { file: scanned.file, line: 1 } },
    ])
  })

  test('a byte order mark, CRLF and blank lines do no harm, and blank lines are counted', async () => {
    const scanned = await scan(`\uFEFF${good}\r\n\r\n  \n${good}\r\n`)
    expect(scanned).toMatchObject({ records: 2, refused: 0, blankLines: 2 })
    expect(scanned.examples.map(({ id }) => id)).toEqual(['data.jsonl:1', 'data.jsonl:4'])
    expect(scanned.problems.findings).toMatchObject([
      { id: 'file/blank-line', severity: 'note', at: { line: 2 }, message: '2 blank lines skipped' },
    ])
  })

  test('the system prompt of the options goes to records without one, and they are counted', async () => {
    const own = JSON.stringify({ system: 'own', messages: [user, assistant] })
    const scanned = await scan(`${good}\n${own}`, { system: 'added', name: 'train' })
    expect(scanned.systemAdded).toBe(1)
    expect(scanned.examples.map(({ id, messages }) => [id, messages[0]?.content])).toEqual([
      ['train:1', 'added'],
      ['train:2', 'own'],
    ])
  })
})

describe('what is wrong with a record', () => {
  const cases: [string, string, string | undefined][] = [
    ['json/syntax', '{"messages": [', undefined],
    ['json/syntax', '{"messages": "x', undefined],
    ['json/syntax', '{messages: []}', undefined],
    ['json/syntax', 'hello', undefined],
    ['record/not-object', '3', undefined],
    ['record/not-object', '"text"', undefined],
    ['record/not-object', chat('hi'), '/messages/0'],
    ['record/unknown-format', '{}', undefined],
    ['record/unknown-format', '{"prompt": "no completion"}', undefined],
    ['tools/definition', JSON.stringify({ messages: [user, assistant], tools: [{}] }), '/tools/0'],
    ['tools/call', chat(user, { ...assistant, tool_calls: [{}] }), '/messages/1/tool_calls/0'],
    ['record/unsupported', chat(user, { ...assistant, weight: 0.5 }), '/messages/1/weight'],
    ['record/weight', chat(user, { ...assistant, weight: 0 }), '/messages'],
    ['record/weight', JSON.stringify({ messages: [user, assistant], weight: 0 }), '/weight'],
    ['record/weight', JSON.stringify({ messages: [user, assistant], weight: 'much' }), '/weight'],
    ['record/same-answers', '{"prompt": "q", "chosen": "a", "rejected": "a"}', undefined],
    ['content/not-text', '{"prompt": "q", "chosen": "a", "rejected": 3}', '/rejected'],
    [
      'roles/last-assistant',
      JSON.stringify({ prompt: [user], chosen: [user], rejected: [assistant] }),
      '/chosen/0/role',
    ],
    [
      'roles/missing',
      JSON.stringify({
        input: { messages: [user] },
        preferred_output: [assistant, assistant],
        non_preferred_output: [assistant],
      }),
      '/preferred_output',
    ],
    [
      'tools/definition',
      JSON.stringify({
        input: { messages: [user], tools: [{}] },
        preferred_output: [assistant],
        non_preferred_output: [{ ...assistant, content: 'other' }],
      }),
      '/input/tools/0',
    ],
    ['roles/missing', '{"messages": []}', '/messages'],
    ['roles/missing', '{"messages": {"role": "user"}}', '/messages'],
    ['roles/unknown', chat({ role: 'robot', content: 'q' }, assistant), '/messages/0/role'],
    ['roles/unknown', chat({ role: 'toString', content: 'q' }, assistant), '/messages/0/role'],
    ['roles/unknown', chat({ content: 'q' }, assistant), '/messages/0/role'],
    ['roles/system-first', chat(user, { role: 'system', content: 's' }, assistant), '/messages/1/role'],
    [
      'roles/system-first',
      JSON.stringify({ system: 's', messages: [{ role: 'system', content: 's' }, user, assistant] }),
      '/messages/0/role',
    ],
    ['roles/first-user', chat(assistant), '/messages/0/role'],
    ['roles/alternation', chat(user, user, assistant), '/messages/1/role'],
    ['roles/alternation', chat(user, assistant, assistant), '/messages/2/role'],
    ['roles/last-assistant', chat(user), '/messages/0/role'],
    ['content/not-text', chat({ role: 'user', content: 3 }, assistant), '/messages/0/content'],
    ['content/not-text', '{"input": 3, "output": "a"}', '/input'],
    ['content/not-text', chat(user, { role: 'assistant' }), '/messages/1/content'],
    ['content/empty', chat(user, { role: 'assistant', content: ' \n' }), '/messages/1/content'],
    ['content/empty', '{"system": "", "input": "q", "output": "a"}', '/system'],
    ['record/label', '{"input": "q", "output": "a", "label": {}}', '/label'],
    ['record/unsupported', '{"input": "q", "output": "a", "label": false}', '/label'],
    [
      'record/unsupported',
      chat(
        { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://a.b/c.png' } }] },
        assistant,
      ),
      '/messages/0/content/0',
    ],
    [
      'tools/call',
      chat({ role: 'user', content: [{ text: 'q' }] }, { role: 'assistant', content: [{ toolUse: {} }] }),
      '/messages/1/content/0',
    ],
    [
      'tools/result',
      chat(user, assistant, { role: 'tool', tool_call_id: 'a', content: 'r' }, assistant),
      '/messages/2/role',
    ],
    [
      'record/unsupported',
      chat(
        user,
        { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'look', input: {} }] },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'a',
              content: [{ type: 'image', source: { type: 'url', url: 'https://a.b/c.png' } }],
            },
          ],
        },
        assistant,
      ),
      '/messages/2/content/0',
    ],
    ['content/ill-formed', String.raw`{"input": "\ud800", "output": "a"}`, '/input'],
  ]

  test.each(cases)('%s: %s', async (id, line, pointer) => {
    const { problems, examples, records, refused, file } = await scan(`${good}\n${good}\n${line}\n${good}`)
    const told = problems.findings.filter((finding) => finding.id !== 'record/mixed-formats')
    expect(told.map((finding) => finding.id)).toEqual([id])
    expect(problems.findings[0]?.at).toEqual({
      file,
      line: 3,
      ...(pointer === undefined ? {} : { pointer }),
    })
    expect({ records, refused, examples: examples.length }).toEqual({ records: 4, refused: 1, examples: 3 })
  })

  test('every rule that refuses a record has a case here or below', () => {
    // The first two need bytes; the others are of tools, which are refused here as a whole, and of tables.
    const elsewhere = [
      'json/encoding',
      'json/too-long',
      'table/row',
      'content/part',
      'tools/definition',
      'tools/call',
      'tools/result',
    ]
    const covered = new Set([...cases.map(([id]) => id), ...elsewhere])
    const errors = Object.entries(readingRules).filter(([, { severity }]) => severity === 'error')
    expect(errors.length).toBeGreaterThan(10)
    expect(errors.map(([id]) => id).filter((id) => !covered.has(id))).toEqual([])
  })

  test('one record can have several findings, each at its place', async () => {
    const { problems } = await scan(chat(user, user, { role: 'assistant', content: '' }))
    expect(problems.findings.map(({ id, at }) => [id, at.pointer])).toEqual([
      ['content/empty', '/messages/2/content'],
      ['roles/alternation', '/messages/1/role'],
    ])
  })

  test('invalid UTF-8 and too long lines are refused with their line', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`${good}\n{"input": "`),
      Buffer.from([0xe9]),
      Buffer.from(`", "output": "a"}\n{"input": "${'x'.repeat(17 * 2 ** 20)}", "output": "a"}\n${good}`),
    ])
    const scanned = await scan(bytes)
    expect(scanned).toMatchObject({ records: 4, refused: 2 })
    expect(scanned.problems.findings).toMatchObject([
      { id: 'json/encoding', at: { line: 2 } },
      { id: 'json/too-long', at: { line: 3 }, message: 'the line has 17.0 MiB, the limit is 16 MiB' },
    ])
  })

  test('keys that are not read are said once, with the number of records', async () => {
    const record = JSON.stringify({
      id: 7,
      'a/b': 1,
      messages: [
        { ...user, name: 'Ann' },
        { ...assistant, tool_calls: null, name: 'Bot' },
      ],
    })
    const { problems, examples } = await scan(`${good}\n${record}\n${record}`)
    expect(examples).toHaveLength(3)
    expect(problems.findings.map(({ id, at, message }) => [id, at.line, at.pointer, message])).toEqual([
      ['record/ignored-key', 2, '/id', '"id" is not read (2 records)'],
      ['record/ignored-key', 2, '/a~1b', '"a/b" is not read (2 records)'],
      ['record/ignored-key', 2, '/messages/0/name', '"name" of messages is not read (2 records)'],
    ])
  })

  test('a system prompt in some records only is not a mixture', async () => {
    const bedrock = JSON.stringify({ system: 's', messages: [user, assistant] })
    expect((await scan(`${good}\n${bedrock}`)).problems.findings).toEqual([])
  })

  test('a mixture of forms is a warning at the rarer one', async () => {
    const { problems } = await scan(`${good}\n${good}\n{"input": "q", "output": "a"}`)
    expect(problems.findings).toMatchObject([
      {
        id: 'record/mixed-formats',
        at: { line: 3 },
        message: 'records of several forms: 2 × openai-chat, 1 × input-output',
      },
    ])
  })
})

describe('readExamples', () => {
  test('all errors in one refusal: 20 places, the rest counted', async () => {
    const error = await refusal(readText(`${good}\n`.repeat(2) + 'broken\n'.repeat(1_530)))
    expect(error.code).toBe('E_DATA')
    expect(error.at).toMatchObject({ line: 3 })
    const lines = error.message.split('\n')
    expect(lines[0]).toBe('1,530 errors in 1,532 records')
    expect(lines).toHaveLength(22)
    expect(lines[1]).toContain('data.jsonl:3  not JSON')
    expect(lines.at(-1)).toBe('  … and 1,510 more')
  })

  test('an end in the middle of a record is named as such', async () => {
    const error = await refusal(readText(`${good}\n${good}\n{"messages": [{"role": "user", "content": "`))
    expect(error.message).toContain('unexpected end of line after e": "user", "content": "  json/syntax')
  })

  test.each(['', '\n', '\uFEFF', ' \r\n\n'])('no record in %j', async (content) => {
    expect((await refusal(readText(content))).code).toBe('E_DATA_EMPTY')
  })

  test('too few records name the minimum and why', async () => {
    const error = await refusal(readText(good))
    expect(error.code).toBe('E_DATA_TOO_FEW')
    expect(error.message).toContain('has 1 record')
    expect(error.message).toContain(`at least ${minimumRecords}, because`)
    expect((await readText(`${good}\n`.repeat(minimumRecords))).records).toBe(minimumRecords)
    expect((await readText(good, 1)).records).toBe(1)
  })

  test.each([
    ['gzip', gzipSync(good)],
    ['UTF-16', Buffer.from(`\uFEFF${good}`, 'utf16le')],
    ['a list', Buffer.from(`\uFEFF [${good}]`)],
    ['several lines', Buffer.from(JSON.stringify(JSON.parse(good), null, 2))],
  ])('a file of another kind is read as well: %s', async (_, content) => {
    const { examples, refused } = await scan(content)
    expect(refused).toBe(0)
    expect(examples.map(({ messages }) => messages)).toEqual([[user, assistant]])
  })

  test.each([
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0]), 'compress it again'],
    ['Parquet', Buffer.from('PAR1...'), 'JSONL'],
    ['Excel', Buffer.from('PK\u0003\u0004...'), 'CSV'],
  ])('a damaged file is refused as a whole: %s', async (_, content, hint) => {
    const error = await refusal(scan(content))
    expect(error.code).toBe('E_DATA')
    expect(error.hint).toContain(hint)
  })

  test('no file, a folder', async () => {
    await using folder = await temporaryFolder()
    const missing = await refusal(readExamples(`${folder.path}/none.jsonl`))
    expect(missing).toMatchObject({ code: 'E_DATA', message: 'there is no such file' })
    const notFile = await refusal(readExamples(folder.path))
    expect(notFile).toMatchObject({ code: 'E_DATA', at: { file: folder.path } })
  })

  test('rejects with the reason of its signal', async () => {
    const reason = new Error('stop')
    await expect(scan(good, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})

describe('any content', () => {
  const json = fc.oneof(
    fc.json(),
    fc
      .record({
        messages: fc.array(
          fc.record({
            role: fc.constantFrom('user', 'assistant', 'system', 'x'),
            content: fc.oneof(fc.string(), fc.integer()),
          }),
        ),
      })
      .map((value) => JSON.stringify(value)),
    fc.record({ input: fc.string(), output: fc.string() }).map((value) => JSON.stringify(value)),
    fc.constantFrom(good, '', ' '),
    fc.string({ unit: 'binary' }),
    fc
      .tuple(fc.nat(), fc.string())
      .map(([at, text]) => good.slice(0, at % good.length) + text + good.slice((at + 1) % good.length)),
  )

  test('no record is lost: each is an example or refused with a finding', async () => {
    let seen = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          json.filter((line) => !line.includes('\n')),
          { maxLength: 12 },
        ),
        async (lines) => {
          const scanned = await scan([good, ...lines].join('\n'))
          const written = [good, ...lines].filter((line) => line.trim() !== '' && line !== '\uFEFF').length
          expect(scanned.records).toBe(written)
          expect(scanned.examples.length + scanned.refused).toBe(scanned.records)
          const errors = scanned.problems.findings.filter(({ severity }) => severity === 'error')
          const refusedLines = new Set(errors.map(({ at }) => at.line))
          expect(refusedLines.size).toBe(scanned.refused)
          expect(scanned.examples.filter(({ at }) => refusedLines.has(at?.line))).toEqual([])
          expect(scanned.problems.findings.filter(({ message }) => /\p{Cc}/u.test(message))).toEqual([])
          seen += scanned.refused
        },
      ),
      { numRuns: 300 },
    )
    expect(seen).toBeGreaterThan(0)
  })
})
