import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Example } from '../../../core/example.ts'
import { withoutLosses } from '../losses.ts'
import { readParsedRecord } from '../read-record.ts'
import { features, type Feature, type RecordFormat } from '../record-format.ts'
import { detectFormat, recordFormats, searchFormat } from '../record-formats.ts'
import { anyExample } from '../../testing/any-example.ts'

interface Official {
  readonly format: string
  /** Where the provider shows records of this shape; the words are our own. */
  readonly after: string
  readonly record: object
}

const official = JSON.parse(
  readFileSync(new URL('fixtures/official.json', import.meta.url), 'utf8'),
) as readonly Official[]

interface Read {
  readonly example: Example | undefined
  readonly format: string | undefined
  readonly reported: readonly string[]
}

function read(record: unknown, format?: RecordFormat): Read {
  const reported: string[] = []
  const {
    messages,
    format: id,
    ...rest
  } = readParsedRecord(
    JSON.parse(JSON.stringify(record)),
    (rule, pointer) => reported.push(`${rule} ${pointer}`),
    { textOnly: false, format },
  )
  return { example: messages && { id: 'x:1', messages, ...rest }, format: id, reported }
}

/** What is lost is collected; the record is undefined where nothing sensible is left. */
function write(format: RecordFormat, example: Example): { record: unknown; lost: string[] } {
  const lost: string[] = []
  const lose = (what: Feature): number => lost.push(what)
  const held = withoutLosses(example, format.holds, lose)
  return { record: held && format.write(held, lose), lost }
}

describe.each(recordFormats.map((format) => [format.id, format] as const))('%s', (id, format) => {
  test('what it holds is written and read back without a loss', () => {
    let runs = 0
    fc.assert(
      fc.property(anyExample(format.holds), (example) => {
        const { record, lost } = write(format, example)
        expect(lost).toEqual([])
        const back = read(record, format)
        expect(back.reported).toEqual([])
        expect(back.example).toEqual(example)
        runs++
      }),
      { numRuns: 300 },
    )
    expect(runs).toBeGreaterThan(100)
  })

  test('what it writes of anything is read again, and written the same', () => {
    let written = 0
    fc.assert(
      fc.property(anyExample(Object.keys(features) as Feature[]), (example) => {
        const { record, lost } = write(format, example)
        expect(record !== undefined || lost.length > 0).toBe(true)
        if (record === undefined) return
        const back = read(record, format)
        expect(back.reported).toEqual([])
        if (back.example === undefined) throw new Error('not read')
        expect(lost.length === 0 ? back.example : example).toEqual(example)
        expect(write(format, back.example)).toEqual({ record, lost: [] })
        written++
      }),
      { numRuns: 300 },
    )
    expect(written).toBeGreaterThan(0)
  })

  test('its records are told by themselves', () => {
    // Records of these are also those of a more common form, and read the same.
    const alike: Readonly<Record<string, readonly string[]>> = {
      hone: ['openai-chat', 'preference-messages'],
      'anthropic-messages': ['openai-chat', 'bedrock-chat'],
      'bedrock-chat': ['openai-chat'],
      'preference-messages': ['hone'],
    }
    const seen = new Set<string | undefined>()
    fc.assert(
      fc.property(anyExample(format.holds), (example) => {
        const { record } = write(format, example)
        const told = detectFormat(JSON.parse(JSON.stringify(record)))
        seen.add(told?.id)
        expect(searchFormat(JSON.parse(JSON.stringify(record)))).toBe(told)
        expect([id, ...(alike[id] ?? [])]).toContain(told?.id)
        expect(read(record).example).toEqual(example)
      }),
      { numRuns: 200 },
    )
    expect(seen).toContain(id)
  })
})

describe('records as providers show them', () => {
  test.each(official.map(({ format, after, record }) => [format, after, record] as const))(
    '%s: %s',
    (id, _, record) => {
      const back = read(record)
      expect(back).toMatchObject({ format: id, reported: [] })
      const format = recordFormats.find((each) => each.id === id)
      if (format === undefined || back.example === undefined) throw new Error('not read')
      expect(write(format, back.example)).toEqual({ record, lost: [] })
    },
  )

  test('every format that a provider documents has one', () => {
    const own = ['hone', 'human-messages', 'input-output', 'preference-messages']
    const shown = new Set([...own, ...official.map(({ format }) => format)])
    expect(recordFormats.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([])
  })
})

describe('other ways to write the same', () => {
  const user = { role: 'user', content: 'q' }
  const assistant = { role: 'assistant', content: 'a' }
  const invocation = {
    schemaType: 'ModelInvocationLog',
    schemaVersion: '1.0',
    timestamp: '2026-01-02T03:04:05Z',
    accountId: '123456789012',
    identity: { arn: 'arn:aws:iam::123456789012:user/me' },
    region: 'us-west-2',
    requestId: 'request',
    operation: 'InvokeModel',
    modelId: 'a.model',
  }
  const call = { id: 'call_2', name: 'look', arguments: { at: 1 } }
  test.each([
    [
      'openai-chat',
      { messages: [{ role: 'developer', content: 's' }, user, assistant] },
      ['system', 'user', 'assistant'],
    ],
    ['human-messages', { messages: [{ role: 'human', content: 'q' }, assistant] }, ['user', 'assistant']],
    ['conversations', { conversations: [{ human: 'q', assistant: 'a' }] }, ['user', 'assistant']],
    [
      'conversations',
      {
        conversations: [
          { from: 'user', text: 'q' },
          { from: 'assistant', text: 'a' },
        ],
      },
      ['user', 'assistant'],
    ],
    ['prompt-completion', { prompt: [user], completion: [assistant] }, ['user', 'assistant']],
    [
      'gemini-contents',
      {
        system_instruction: 's',
        contents: [
          { role: 'user', parts: [{ text: 'q' }] },
          { role: 'model', parts: [{ text: 'a' }] },
        ],
      },
      ['system', 'user', 'assistant'],
    ],
    [
      'anthropic-messages',
      { system: [{ type: 'text', text: 's' }], messages: [user, assistant] },
      ['system', 'user', 'assistant'],
    ],
    [
      'openai-chat',
      {
        functions: [{ name: 'look' }],
        messages: [
          user,
          { role: 'assistant', content: null, function_call: { name: 'look', arguments: '{"at": 1}' } },
          { role: 'function', name: 'look', content: 'r' },
          assistant,
        ],
      },
      ['user', 'assistant', 'tool', 'assistant'],
    ],
  ])('%s: %j', (id, record, roles) => {
    const back = read(record)
    expect(back).toMatchObject({ format: id, reported: [] })
    expect(back.example?.messages.map(({ role }) => role)).toEqual(roles)
    const made = back.example?.messages.find(({ toolCalls }) => toolCalls !== undefined)
    expect(made?.toolCalls ?? [call]).toEqual([call])
  })

  test.each([
    [
      'of Anthropic',
      { anthropic_version: 'v', max_tokens: 4, system: 's', messages: [user] },
      { id: 'msg', type: 'message', role: 'assistant', content: [{ type: 'text', text: 'a' }] },
    ],
    [
      'of a stream of Anthropic',
      { anthropic_version: 'v', system: [{ type: 'text', text: 's' }], messages: [user] },
      [
        { type: 'message_start', message: { content: [] } },
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
        { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'a' } },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
      ],
    ],
    [
      'of Nova',
      {
        system: [{ text: 's' }],
        messages: [{ role: 'user', content: [{ text: 'q' }] }],
        inferenceConfig: {},
      },
      { output: { message: { role: 'assistant', content: [{ text: 'a' }] } }, stopReason: 'end_turn' },
    ],
    [
      'of a stream of Nova',
      { system: [{ text: 's' }], messages: [{ role: 'user', content: [{ text: 'q' }] }] },
      [
        { messageStart: { role: 'assistant' } },
        { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'a' } } },
        { messageStop: { stopReason: 'end_turn' } },
      ],
    ],
    [
      'of Llama',
      {
        prompt:
          '<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\ns<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nq<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
      },
      { generation: 'a', stop_reason: 'stop' },
    ],
  ])('a logged invocation %s', (_, inputBodyJson, outputBodyJson) => {
    const back = read({
      ...invocation,
      input: { inputContentType: 'application/json', inputBodyJson, inputTokenCount: 1 },
      output: { outputContentType: 'application/json', outputBodyJson, outputTokenCount: 1 },
    })
    expect(back).toMatchObject({ format: 'bedrock-invocation-log', reported: [] })
    expect(back.example?.messages).toEqual([{ role: 'system', content: 's' }, user, assistant])
  })

  test.each([
    [
      'roles/missing',
      { input: { inputBodyJson: { messages: [user] } }, errorCode: 'ThrottlingException' },
      '/errorCode',
    ],
    ['roles/missing', { input: { inputTokenCount: 1 }, output: { outputTokenCount: 1 } }, '/input'],
    [
      'content/part',
      { input: { inputBodyS3Path: 's3://b/k' }, output: { outputBodyJson: {} } },
      '/input/inputBodyS3Path',
    ],
    [
      'content/part',
      {
        input: { inputBodyJson: { anthropic_version: 'v', messages: [user] } },
        output: { outputBodyJson: [{ content_block: { type: 'tool_use' } }] },
      },
      '/output/outputBodyJson',
    ],
    [
      'content/not-text',
      {
        input: { inputBodyJson: { messages: [{ role: 'user', content: [{ text: 1 }] }] } },
        output: { outputBodyJson: { output: { message: { content: [{ text: 'a' }] } } } },
      },
      '/input/inputBodyJson/messages/0/content/0/text',
    ],
    [
      'content/part',
      {
        input: { inputBodyJson: { messages: [{ role: 'user', content: [{ text: 'q' }] }] } },
        output: { outputBodyJson: { output: { message: { content: [{ reasoningContent: {} }] } } } },
      },
      '/output/outputBodyJson/output/message/content/0',
    ],
    [
      'content/not-text',
      { input: { inputBodyJson: { inputText: 'q' } }, output: { outputBodyJson: { results: [] } } },
      '/output/outputBodyJson',
    ],
  ])('a logged invocation that is none: %s %j', (rule, record, pointer) => {
    const back = read({ ...invocation, ...record })
    expect(back.example).toBeUndefined()
    expect(back.reported[0]).toBe(`${rule} ${pointer}`)
  })

  test.each([
    ['tools/definition', { messages: [user, assistant], tools: [{}] }, '/tools/0'],
    [
      'tools/call',
      {
        messages: [
          user,
          { role: 'assistant', tool_calls: [{ id: '1', function: { name: 'f', arguments: '[]' } }] },
        ],
      },
      '/messages/1/tool_calls/0',
    ],
    [
      'tools/call',
      { messages: [user, { role: 'assistant', content: [{ type: 'tool_use', name: 'f', input: {} }] }] },
      '/messages/1/content/0',
    ],
    [
      'tools/result',
      { messages: [user, { role: 'tool', tool_call_id: 'x', content: 'r' }, assistant] },
      '/messages/1/role',
    ],
    [
      'tools/result',
      {
        messages: [
          user,
          { role: 'assistant', tool_calls: [{ id: '1', function: { name: 'f', arguments: '{}' } }] },
          user,
          assistant,
        ],
      },
      '/messages/2/role',
    ],
    [
      'content/part',
      {
        messages: [
          user,
          { role: 'assistant', content: [{ type: 'thinking', thinking: 't' }, { type: 'tool_use' }] },
        ],
      },
      '/messages/1/content/0',
    ],
    [
      'content/part',
      {
        schemaVersion: 'x',
        messages: [{ role: 'user', content: [{ image: { format: 'png' } }] }, assistant],
      },
      '/messages/0/content/0/image',
    ],
    [
      'content/part',
      { contents: [{ role: 'user', parts: [{ executableCode: {} }] }] },
      '/contents/0/parts/0',
    ],
    ['record/unsupported', { chosen: [user, assistant], rejected: [assistant, user] }, '/rejected'],
  ])('%s: %j', (rule, record, pointer) => {
    const back = read(record)
    expect(back.example).toBeUndefined()
    expect(back.reported[0]).toBe(`${rule} ${pointer}`)
  })
})

const formatOf = (id: string): RecordFormat => {
  const format = recordFormats.find((each) => each.id === id)
  if (format === undefined) throw new Error(id)
  return format
}

describe('what is lost', () => {
  const example: Example = {
    id: 'x:1',
    messages: [
      { role: 'system', content: 's' },
      { role: 'user', content: 'q', name: 'Ann' },
      { role: 'assistant', content: '', toolCalls: [{ id: 'c', name: 'f', arguments: {} }] },
      { role: 'tool', content: 'r', toolCallId: 'c', failed: true },
      { role: 'assistant', content: 'a' },
    ],
    tools: [{ name: 'f' }],
    label: 'l',
    weight: 2,
  }
  test('each thing is named, and the rest is written', () => {
    const { record, lost } = write(formatOf('anthropic-messages'), example)
    expect(lost.toSorted()).toEqual(['label', 'names', 'weight'])
    expect(record).toMatchObject({ system: 's' })
  })

  test('a conversation that would be another one is not written', () => {
    expect(write(formatOf('prompt-completion'), example).record).toBeUndefined()
    const { record, lost } = write(formatOf('preference-prompt'), {
      id: 'x:1',
      messages: example.messages.slice(3, 4),
    })
    expect(record).toBeUndefined()
    expect(lost).toContain('calls')
  })
})
