import { expect, test } from 'vitest'
import { BodyFault } from '../dialect-request.ts'
import { readConverse } from './converse.ts'
import { novaMessages } from './nova-messages.ts'

const hello = [{ role: 'user', content: [{ text: 'Hello' }] }]

test.each([
  ['an empty text', { messages: [{ role: 'user', content: [{ text: '' }] }] }, '/messages/0/content/0/text'],
  [
    'white space after another text',
    { messages: [{ role: 'user', content: [{ text: 'Hello' }, { text: ' \n' }] }] },
    '/messages/0/content/1/text',
  ],
  ['a message without blocks', { messages: [{ role: 'user', content: [] }] }, '/messages/0/content'],
  [
    'an empty system prompt',
    { messages: hello, system: [{ cachePoint: { type: 'default' } }, { text: '' }] },
    '/system/1/text',
  ],
])('%s is refused with its place', (_, body, pointer) => {
  for (const read of [readConverse, novaMessages.read.bind(novaMessages)]) {
    const found = (() => {
      try {
        return read(body)
      } catch (error) {
        return error
      }
    })()
    expect(found).toBeInstanceOf(BodyFault)
    expect(found).toMatchObject({ pointer })
  }
  expect(readConverse({ messages: hello }).messages).toEqual([{ role: 'user', content: 'Hello' }])
})

test('the result of a tool may be empty', () => {
  const call = { toolUse: { toolUseId: 'x', name: 'look', input: {} } }
  const result = { toolResult: { toolUseId: 'x', content: [{ text: '' }] } }
  const messages = [...hello, { role: 'assistant', content: [call] }, { role: 'user', content: [result] }]
  expect(readConverse({ messages }).messages.at(-1)).toEqual({ role: 'tool', content: '', toolCallId: 'x' })
})
