import { expect, test } from 'vitest'
import { digitsLost } from '../loses-digits.ts'
import { parseRecord, readParsedRecord, type ReadRecord } from '../read-record.ts'

const user = { role: 'user', content: 'q' }
const assistant = { role: 'assistant', content: 'a' }

function read(record: object): { readonly example: ReadRecord; readonly reported: readonly string[] } {
  const reported: string[] = []
  const example = readParsedRecord(record, (rule, pointer) => reported.push(`${rule} ${pointer}`), {
    textOnly: false,
  })
  return { example, reported }
}

test('calls and results without ids, as chat templates of Hugging Face write them', () => {
  const calls = ['look', 'find'].map((name, at) => ({
    type: 'function',
    function: { name, arguments: { at } },
  }))
  const back = read({
    messages: [
      user,
      { role: 'assistant', tool_calls: calls },
      { role: 'tool', name: 'find', content: 'second' },
      { role: 'tool', name: 'look', content: 'first' },
      { role: 'assistant', tool_calls: calls.slice(0, 1) },
      { role: 'tool', content: 'third' },
      assistant,
    ],
  })
  expect(back.reported).toEqual([])
  expect(back.example.messages?.flatMap(({ toolCalls = [] }) => toolCalls)).toEqual([
    { id: 'call_1', name: 'look', arguments: { at: 0 } },
    { id: 'call_2', name: 'find', arguments: { at: 1 } },
    { id: 'call_3', name: 'look', arguments: { at: 0 } },
  ])
  expect(back.example.messages?.filter(({ role }) => role === 'tool')).toEqual([
    { role: 'tool', content: 'second', toolCallId: 'call_2' },
    { role: 'tool', content: 'first', toolCallId: 'call_1' },
    { role: 'tool', content: 'third', toolCallId: 'call_3' },
  ])
})

test.each([
  ['a prompt beside them', { prompt: 'q' }, []],
  ['the messages beside them', { prompt: 'q', messages: [user, assistant] }, []],
  ['another prompt beside them', { prompt: 'other' }, ['record/ignored-key /prompt']],
  ['other messages beside them', { messages: [user] }, []],
  ['a message more beside them', { messages: [assistant, user] }, ['record/ignored-key /messages']],
])('preferences as two whole conversations, %s', (_, beside, reported) => {
  const back = read({
    ...beside,
    chosen: [user, assistant],
    rejected: [user, { ...assistant, content: 'b' }],
  })
  expect(back.reported).toEqual(reported)
  expect(back.example).toMatchObject({ messages: [user, assistant], rejected: 'b' })
})

test('what a tool or an image says beside what is held is told', () => {
  const tool = { type: 'function', function: { name: 'f', strict: true, parameters: {} } }
  const image = { type: 'image_url', image_url: { url: 'https://a.b/c.png', detail: 'low' } }
  const back = read({ messages: [{ role: 'user', content: [image] }, assistant], tools: [tool] })
  expect(back.reported.toSorted()).toEqual([
    'record/ignored-key /messages/0/content/0/image_url/detail',
    'record/ignored-key /tools/0/strict',
  ])
})

test.each([
  ['{"id": 9007199254740993}', true],
  ['{"id": -12345678901234567890}', true],
  ['{"id": 9007199254740992, "of": "9007199254740993", "at": 0.12345678901234567, "by": 1e20}', false],
])('digits that are lost are told: %s', (given, isTold) => {
  const call = { id: 'c', type: 'function', function: { name: 'f', arguments: given } }
  const told: string[] = []
  const value = parseRecord(given, (id, _, message) => told.push(`${id} ${message}`))
  expect(value).toEqual(JSON.parse(given))
  const { reported } = read({ messages: [user, { role: 'assistant', tool_calls: [call] }] })
  expect(told).toEqual(isTold ? [`record/ignored-key ${digitsLost}`] : [])
  expect(reported).toEqual(isTold ? ['record/ignored-key /messages/1/tool_calls/0'] : [])
})

test('schemas of Gemini become JSON Schema', () => {
  const parameters = {
    type: 'OBJECT',
    properties: { type: { type: 'ARRAY', items: { type: 'STRING', enum: ['STRING'] } } },
    required: ['type'],
  }
  const contents = [
    { role: 'user', parts: [{ text: 'q' }] },
    { role: 'model', parts: [{ text: 'a' }] },
  ]
  const back = read({ contents, tools: [{ functionDeclarations: [{ name: 'f', parameters }] }] })
  expect(back.example.tools?.[0]?.parameters).toEqual({
    type: 'object',
    properties: { type: { type: 'array', items: { type: 'string', enum: ['STRING'] } } },
    required: ['type'],
  })
})
