import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BodyFault } from '../dialect-request.ts'
import { readMessageRequest } from './message-request.ts'
import { askedFor, blocks, members, writeMessageBody } from './testing/message-bodies.ts'

const body = { model: 'm', max_tokens: 5, messages: [{ role: 'user', content: 'Hi' }] }

function faultOf(sent: unknown): BodyFault {
  try {
    readMessageRequest(sent)
  } catch (error) {
    if (error instanceof BodyFault) return error
    throw error
  }
  throw new Error('the body was read')
}

describe('a body', () => {
  test('of whatever can be asked for is read as just that', () => {
    fc.assert(
      fc.property(askedFor, (asked) => {
        const sent: unknown = JSON.parse(JSON.stringify(writeMessageBody('m', asked)))
        expect(readMessageRequest(sent)).toEqual({ model: 'm', stream: false, caches: false, asked })
      }),
    )
  })

  const answered = Object.fromEntries(Object.entries(members).map(([key, { answered: each }]) => [key, each]))
  test("of the official client's type is read when it holds nothing that is refused by name", () => {
    expect(Object.keys(answered).length).toBeGreaterThan(15)
    fc.assert(
      fc.property(
        fc.record(answered, { requiredKeys: ['model', 'messages', 'max_tokens'] }) as fc.Arbitrary<{
          model: string
        }>,
        (sent) => {
          expect(readMessageRequest(sent).model).toBe(sent.model)
        },
      ),
    )
  })

  const refused = Object.entries(members).flatMap(([key, each]) =>
    each.refused === undefined ? [] : [[key, each.refused] as const],
  )
  test.each(refused)("whose %s is of the official client's type and not done here names it", (key, value) => {
    expect(faultOf({ ...body, [key]: value }).pointer).toMatch(new RegExp(`^/${key}`))
  })

  const kinds = Object.entries(blocks)
  const unread = kinds.flatMap(([type, block]) => (block === 'refused' ? [type] : []))
  test.each(unread)('with a block of the type %s says that it is not read', (type) => {
    const { pointer, message } = faultOf({ ...body, messages: [{ role: 'user', content: [{ type }] }] })
    expect(pointer).toBe('/messages/0/content/0/type')
    expect(message).toContain(JSON.stringify(type))
  })

  const readable = kinds.flatMap(([type, block]) => (block === 'refused' ? [] : [[type, block] as const]))
  test.each(readable)('with a block of the type %s is read', (type, block) => {
    const role = type === 'tool_use' ? 'assistant' : 'user'
    fc.assert(
      fc.property(block, (each) => {
        const messages = [{ role, content: [each] }, body.messages[0]]
        expect(readMessageRequest({ ...body, messages }).asked.messages.length).toBeGreaterThan(0)
      }),
      { numRuns: 30 },
    )
  })

  test('with a name that the API does not know is refused, wherever it stands', () => {
    expect(faultOf({ ...body, tempurature: 1 }).message).toContain('tempurature')
    const block = { type: 'text', text: 'Hi', colour: 'red' }
    const fault = faultOf({ ...body, messages: [{ role: 'user', content: [block] }] })
    expect(fault).toMatchObject({
      pointer: '/messages/0/content/0',
      message: expect.stringContaining('colour'),
    })
  })

  const begun = { role: 'assistant', content: '' }
  test.each([
    ['', '/messages/0/content'],
    [' \n', '/messages/0/content'],
    [[], '/messages/0/content'],
    [
      [
        { type: 'text', text: 'Hi' },
        { type: 'text', text: '\t' },
      ],
      '/messages/0/content/1/text',
    ],
  ])('with a message that says nothing, such as %j, is refused', (content, pointer) => {
    expect(faultOf({ ...body, messages: [{ role: 'user', content }, begun] })).toMatchObject({
      pointer,
      message: expect.stringMatching(/non-(empty|whitespace)/),
    })
  })

  test('may begin an answer with nothing, at the end only', () => {
    const messages = [...body.messages, begun]
    expect(readMessageRequest({ ...body, messages }).asked.messages[0]).toEqual(body.messages[0])
    expect(faultOf({ ...body, messages: [...messages, ...body.messages] }).pointer).toBe(
      '/messages/1/content',
    )
  })

  test('with a form of the answer asks for one that keeps to it', () => {
    const schema = { type: 'object', properties: { colour: { type: 'string' } } }
    const { asked } = readMessageRequest({
      ...body,
      output_config: { format: { type: 'json_schema', schema } },
    })
    expect(asked.constraint).toEqual({ type: 'json-schema', schema })
  })

  test('with a strict tool asks for calls that keep to its schema', () => {
    const tools = [{ name: 'paint', input_schema: { type: 'object' }, strict: true }]
    expect(readMessageRequest({ ...body, tools }).asked.strictTools).toEqual(['paint'])
    const choice = { type: 'tool', name: 'paint', disable_parallel_tool_use: true }
    expect(readMessageRequest({ ...body, tools, tool_choice: choice }).asked.toolChoice).toEqual({
      name: 'paint',
    })
  })

  test('with a mark for the cache anywhere asks for its use to be told', () => {
    const mark = { type: 'ephemeral' }
    const text = { type: 'text', text: 'Hi', cache_control: mark }
    const nested = { type: 'tool_result', tool_use_id: 'a', content: [text] }
    const tool = { name: 'f', input_schema: { type: 'object' }, cache_control: mark }
    const marked = [
      { cache_control: mark },
      { system: [text] },
      { tools: [tool] },
      { messages: [{ role: 'user', content: [text] }] },
      { messages: [{ role: 'user', content: [nested] }] },
    ]
    expect(readMessageRequest({ ...body, cache_control: null }).caches).toBe(false)
    for (const each of marked) expect(readMessageRequest({ ...body, ...each }).caches).toBe(true)
  })
})

const read = (messages: unknown[]): unknown => readMessageRequest({ ...body, messages }).asked.messages
const result = (id: string): object => ({ type: 'tool_result', tool_use_id: id, content: id })

describe('turns', () => {
  test('of the same speaker are joined', () => {
    expect(
      read([
        { role: 'user', content: 'a' },
        { role: 'user', content: [{ type: 'text', text: 'b' }] },
      ]),
    ).toEqual([{ role: 'user', content: 'a\n\nb' }])
  })

  test('of results of tools are not: each is a message of its own, before what the user says', () => {
    expect(
      read([{ role: 'user', content: [{ type: 'text', text: 'a' }, result('x'), result('y')] }]),
    ).toEqual([
      { role: 'tool', content: 'x', toolCallId: 'x' },
      { role: 'tool', content: 'y', toolCallId: 'y' },
      { role: 'user', content: 'a' },
    ])
  })
})
