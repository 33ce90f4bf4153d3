import {
  array,
  assert,
  constantFrom,
  dictionary,
  integer,
  jsonValue,
  property,
  record,
  string,
} from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject, Message, Tool, ToolCall } from '../../core/example.ts'
import { createChatText, type ChatText } from '../chat-text.ts'
import { tinyTemplate, tinyTokenizer, type TemplateName } from '../testing/tiny-model.ts'
import { toolTemplate, toolTemplateNames, type ToolTemplateName } from '../testing/tool-templates.ts'
import type { WrittenCall } from './call-form.ts'

const tiny = tinyTokenizer()
const tools: readonly Tool[] = [
  {
    name: 'find_claim',
    description: 'Finds one',
    parameters: { type: 'object', properties: { id: { type: 'string' } } },
  },
  { name: 'send-mail' },
]
const user: Message = { role: 'user', content: 'Where is <|im_end|> C-7?' }
const call: ToolCall = { id: 'toolu_01AbC', name: 'find_claim', arguments: { id: 'C-7 <|im_end|></s>' } }
const calling: Message = { role: 'assistant', content: '', toolCalls: [call] }
const result: Message = { role: 'tool', content: 'paid', toolCallId: call.id }

type Name = ToolTemplateName | TemplateName
/** Each template with the way of cutting text that its models have. */
const chatTextOf = (name: Name): ChatText => {
  const tokenizer = ['object', 'llama-3'].includes(name) ? tinyTokenizer('llama-bpe') : tiny
  return createChatText(
    tokenizer,
    toolTemplateNames.includes(name as ToolTemplateName)
      ? toolTemplate(name as ToolTemplateName)
      : tinyTemplate(name as TemplateName),
  )
}
const chatTexts: Readonly<Record<'template' | 'layout', readonly (readonly [Name, ChatText])[]>> = {
  template: (['list', 'object', 'tags', 'thinking-tags'] as const).map(
    (name) => [name, chatTextOf(name)] as const,
  ),
  layout: (['chatml-default-system', 'gemma', 'llama-2', 'llama-3', 'zephyr'] as const).map(
    (name) => [name, chatTextOf(name)] as const,
  ),
}
const all = [...chatTexts.template, ...chatTexts.layout]
const [, layout] = chatTexts.layout[0] as readonly [Name, ChatText]

function trainedText(chatText: ChatText, messages: readonly Message[]): string {
  const { tokens, trained } = chatText.encodeExample(messages, { tools })
  return tiny.decode(tokens.filter((_, index) => trained[index]))
}

const promptText = (chatText: ChatText, messages: readonly Message[], given = tools): string =>
  tiny.decode(chatText.encodePrompt(messages, given), { special: true })

/** Two calls with their results. */
function twoCalls(ids: readonly [string, string], isTurned: boolean): Message[] {
  const calls = ids.map((id) => ({ ...call, id }))
  const results = ids.map((toolCallId, at): Message => ({
    role: 'tool',
    content: `result ${at}`,
    toolCallId,
  }))
  return [user, { ...calling, toolCalls: calls }, ...(isTurned ? results.toReversed() : results)]
}

function readInPieces(
  chatText: ChatText,
  answer: string,
  length: number,
): { text: string; calls: readonly WrittenCall[] } {
  const reader = chatText.callReader(tools)
  let text = ''
  for (let at = 0; at < answer.length; at += length) text += reader.push(answer.slice(at, at + length))
  const rest = reader.end()
  return { text: text + rest.text, calls: rest.calls }
}

const fragments = [
  '<tool_call>',
  '</tool_call>',
  '{"name": "find_claim", "arguments": {}}',
  '"',
  '\\',
  '}',
  ']',
  '[TOOL_CALLS]',
  '<|im_end|>',
  '</s>',
  '<s>',
  '\n',
  ' ',
]
const text = array(constantFrom(...fragments, 'é', 'a', '🙂', '\u2028')).map((parts) => parts.join(''))
const jsonText = jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown)
const args = record({ said: text, any: jsonText, named: dictionary(string({ maxLength: 5 }), text) }).map(
  (value): JsonObject => value,
)
const someCall = record({ name: constantFrom(...tools.map(({ name }) => name)), arguments: args })
const isPlain = (answer: string): boolean => !/[<{[]/.test(answer) && answer.trim() === answer

describe.each(all)('%s', (name, chatText) => {
  const several = name === 'object' ? 1 : 3
  const withText = !['list', 'object'].includes(name)

  test('what is learned of a message that calls is read back as its calls, whatever they say', () => {
    const message = record({
      calls: array(someCall, { minLength: 1, maxLength: several }),
      content: text.filter(isPlain),
      length: integer({ min: 1, max: 9 }),
    })
    assert(
      property(message, ({ calls, content, length }) => {
        const said = withText ? content : ''
        const toolCalls = calls.map((each, at) => ({ ...each, id: `any ${at}` }))
        const answer = trainedText(chatText, [user, { role: 'assistant', content: said, toolCalls }])
        const read = readInPieces(chatText, answer, length)
        expect(read.calls).toEqual(calls)
        expect(read.text.replace('<think>\n\n</think>', '').trim()).toBe(said)
      }),
      { numRuns: 60 },
    )
  })

  test('an answer of text is no call, and none of it is lost', () => {
    assert(
      property(text, integer({ min: 1, max: 9 }), (answer, length) => {
        const read = readInPieces(chatText, answer, length)
        const isCall = read.calls.length > 0 && read.calls.every((each) => each.name === 'find_claim')
        expect(isCall || read.text === answer).toBe(true)
      }),
    )
  })

  test('a prompt goes on where the calls of an example start, and where the answer to their results starts', () => {
    const messages: Message[] = [user, calling, result, { role: 'assistant', content: 'It is paid.' }]
    for (const length of [1, 3]) {
      const prompt = chatText.encodePrompt(messages.slice(0, length), tools)
      const { tokens, trained } = chatText.encodeExample(messages.slice(0, length + 1), {
        tools,
        answers: 'last',
      })
      expect(tokens.slice(0, prompt.length)).toEqual(prompt)
      expect(trained.indexOf(true)).toBe(prompt.length)
      expect(chatText.endOfTurn).toContain(tokens[trained.lastIndexOf(true)])
    }
  })

  test('special-token text in a tool or a call is text', () => {
    const special = new Set(tiny.specialTokens.values())
    const count = (said: string): number => {
      const given = [{ name: 'find_claim', description: said, parameters: { [said]: { enum: [said] } } }]
      const toolCalls = [{ ...call, arguments: { id: said, [said]: [said] } }]
      const messages: Message[] = [
        { ...user, content: 'q' },
        { role: 'assistant', content: '', toolCalls },
      ]
      return chatText.encodeExample(messages, { tools: given }).tokens.filter((id) => special.has(id)).length
    }
    expect(count([...tiny.specialTokens.keys()].join(''))).toBe(count('plain'))
  })

  test('ids of calls do not matter, and results stand in the order of the calls', () => {
    if (several === 1) return
    const prompt = promptText(chatText, twoCalls(['a', 'b'], false))
    expect(promptText(chatText, twoCalls(['toolu_02', 'toolu_01'], true))).toBe(prompt)
    expect(prompt.indexOf('result 0')).toBeGreaterThan(0)
    expect(prompt.indexOf('result 1')).toBeGreaterThan(prompt.indexOf('result 0'))
  })

  test('a call that failed is told from one that did not', () => {
    const prompt = promptText(chatText, [user, calling, { ...result, failed: true }])
    expect(prompt).toContain('Error: paid')
  })
})

describe('the layout', () => {
  const conversation: Message[] = [
    { role: 'system', content: 'You help.' },
    { role: 'user', content: 'Both?' },
    {
      role: 'assistant',
      content: 'I look.',
      toolCalls: [call, { id: 'b', name: 'send-mail', arguments: {} }],
    },
    result,
    { role: 'tool', content: 'sent', toolCallId: 'b' },
    { role: 'assistant', content: 'Done.' },
  ]

  test('is as documented', () => {
    expect(promptText(layout, conversation.slice(0, -1))).toBe(`<|im_start|>system
You help.

# Tools

You may call these tools; each line is the JSON of one, with the JSON Schema of its arguments:
<tools>
{"name":"find_claim","description":"Finds one","parameters":{"type":"object","properties":{"id":{"type":"string"}}}}
{"name":"send-mail"}
</tools>

To call tools, end your answer with one such line for each call:
<tool_call>{"name": "…", "arguments": {…}}</tool_call>
The result of each call comes back in <tool_result></tool_result>.<|im_end|>
<|im_start|>user
Both?<|im_end|>
<|im_start|>assistant
I look.
<tool_call>{"name":"find_claim","arguments":{"id":"C-7 <|im_end|></s>"}}</tool_call>
<tool_call>{"name":"send-mail","arguments":{}}</tool_call><|im_end|>
<|im_start|>user
<tool_result>paid</tool_result>
<tool_result>sent</tool_result><|im_end|>
<|im_start|>assistant
`)
  })

  test('trains calls and answers, no result and no tool', () => {
    expect(trainedText(layout, conversation)).toBe(
      'I look.\n<tool_call>{"name":"find_claim","arguments":{"id":"C-7 <|im_end|></s>"}}</tool_call>\n<tool_call>{"name":"send-mail","arguments":{}}</tool_call>Done.',
    )
  })

  test("goes after a template's own system prompt, and before the question where there is no place for one", () => {
    expect(promptText(layout, [user])).toContain('You answer for a test bench.\n\n# Tools')
    const gemma = createChatText(tiny, tinyTemplate('gemma'))
    expect(promptText(gemma, [{ role: 'user', content: 'Where?' }])).toContain(
      '<tool_result></tool_result>.\n\nWhere?<end_of_turn>',
    )
  })

  test('puts a question that follows results into their turn', () => {
    const prompt = promptText(layout, [user, calling, result, { role: 'user', content: 'And now?' }], [])
    expect(prompt).toContain('<tool_result>paid</tool_result>\nAnd now?<|im_end|>')
    expect(prompt).not.toContain('# Tools')
  })
})

describe('refused', () => {
  const tags = createChatText(tiny, toolTemplate('tags'))
  const object = createChatText(tiny, toolTemplate('object'))
  const list = createChatText(tiny, toolTemplate('list'))

  test.each([
    ['a result without a call', layout, [user, result], '/messages/1'],
    ['a call without a result', tags, [user, calling, { role: 'user', content: 'And?' }], '/messages/1'],
    ['two results of a call', layout, [user, calling, result, result], '/messages/3'],
  ] as const)('%s', (_, chatText, messages, pointer) => {
    const failure = expect.objectContaining({ code: 'E_DATA', at: { pointer } })
    expect(() => chatText.encodePrompt(messages, tools)).toThrowError(failure)
  })

  test.each([
    ['several calls where the template writes one', object, '', [call, call], 'E_TEMPLATE'],
    ['text where the template leaves it out', object, 'I look.', [call], 'E_TEMPLATE'],
    ['text where the template leaves it out, in a list', list, 'I look.', [call], 'E_TEMPLATE'],
    ['a call of no tool', layout, '', [{ ...call, name: 'other' }], 'E_DATA'],
    [
      'text that would be read as a call',
      layout,
      '<tool_call>{"name":"send-mail","arguments":{}}</tool_call>',
      [],
      'E_TEMPLATE',
    ],
    [
      'text that would be read as a call by the template',
      object,
      '{"name":"send-mail","parameters":{}}',
      [],
      'E_TEMPLATE',
    ],
  ] as const)('%s', (_, chatText, content, toolCalls, code) => {
    const messages: Message[] = [
      { role: 'user', content: 'q' },
      { role: 'assistant', content, toolCalls },
    ]
    const failure = expect.objectContaining({ code, at: { pointer: '/messages/1' } })
    expect(() => chatText.encodeExample(messages, { tools })).toThrowError(failure)
  })
})

test.each([
  ['a call of a tool that was not offered', '<tool_call>{"name": "other", "arguments": {}}</tool_call>', 0],
  ['arguments that are no object', '<tool_call>{"name": "find_claim", "arguments": [1]}</tool_call>', 0],
  ['a call that is cut', '<tool_call>{"name": "find_claim", "argum', 0],
  ['text after a call', '<tool_call>{"name": "find_claim", "arguments": {}}</tool_call> so', 1],
  ['a call without its last tag', 'so\n<tool_call>{"name": "find_claim", "arguments": {}}', 1],
])('%s is read, and no text is lost', (_, answer, calls) => {
  const read = readInPieces(layout, answer, 4)
  expect(read.calls).toHaveLength(calls)
  expect(read.text).toBe(calls === 0 ? answer : 'so')
})
