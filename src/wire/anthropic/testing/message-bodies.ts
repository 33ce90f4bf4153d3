import type Anthropic from '@anthropic-ai/sdk'
import * as fc from 'fast-check'
import type { Message, Tool } from '../../../core/example.ts'
import type { DialectRequest } from '../../dialect-request.ts'

type CreateBody = Anthropic.MessageCreateParams
type Answered = Anthropic.ContentBlockParam['type'] & ('text' | 'image' | 'tool_use' | 'tool_result')

const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => text.trim() !== '')
const name = fc.stringMatching(/^[a-zA-Z0-9_-]{1,20}$/)
const mark = fc.constantFrom(null, { type: 'ephemeral' } as const, {
  type: 'ephemeral' as const,
  ttl: '1h' as const,
})
const json = fc.dictionary(
  word.filter((key) => key !== '__proto__'),
  fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null)),
  { maxKeys: 3 },
)

const text: fc.Arbitrary<Anthropic.TextBlockParam> = fc.record(
  { type: fc.constant('text' as const), text: word, cache_control: mark, citations: fc.constant(null) },
  { requiredKeys: ['type', 'text'] },
)
const image: fc.Arbitrary<Anthropic.ImageBlockParam> = fc.record({
  type: fc.constant('image' as const),
  source: fc.oneof(
    fc.constant({ type: 'base64' as const, media_type: 'image/png' as const, data: 'AAAA' }),
    fc.webUrl().map((url) => ({ type: 'url' as const, url })),
    name.map((id) => ({ type: 'file' as const, file_id: id })),
  ),
})

/** One of every kind of block that a message may hold; the record demands all of them. */
export const blocks: {
  readonly [Type in Anthropic.ContentBlockParam['type']]: Type extends Answered
    ? fc.Arbitrary<Anthropic.ContentBlockParam>
    : 'refused'
} = {
  text,
  image,
  tool_use: fc.record(
    {
      type: fc.constant('tool_use' as const),
      id: name,
      name,
      input: json,
      cache_control: mark,
      caller: fc.constant({ type: 'direct' as const }),
    },
    { requiredKeys: ['type', 'id', 'name', 'input'] },
  ),
  tool_result: fc.record(
    {
      type: fc.constant('tool_result' as const),
      tool_use_id: name,
      content: fc.oneof(word, fc.array(fc.oneof(text, image), { maxLength: 2 })),
      is_error: fc.boolean(),
      cache_control: mark,
    },
    { requiredKeys: ['type', 'tool_use_id'] },
  ),
  document: 'refused',
  search_result: 'refused',
  thinking: 'refused',
  redacted_thinking: 'refused',
  server_tool_use: 'refused',
  web_search_tool_result: 'refused',
  web_fetch_tool_result: 'refused',
  code_execution_tool_result: 'refused',
  bash_code_execution_tool_result: 'refused',
  text_editor_code_execution_tool_result: 'refused',
  tool_search_tool_result: 'refused',
  container_upload: 'refused',
}

/** Values of every member of a body: of which some are answered, and one that is refused, where there is one. */
export const members: {
  readonly [Key in Exclude<keyof CreateBody, 'user_profile_id' | 'workspace_id'>]-?: {
    readonly answered: fc.Arbitrary<CreateBody[Key]>
    readonly refused: CreateBody[Key] | undefined
  }
} = {
  model: { answered: name, refused: undefined },
  max_tokens: { answered: fc.integer({ min: 1, max: 9 }), refused: 0 },
  messages: {
    answered: fc.array(
      fc.record({
        role: fc.constant('user' as const),
        content: fc.oneof(word, fc.array(text, { minLength: 1, maxLength: 3 })),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    refused: [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'The ' },
    ],
  },
  cache_control: { answered: mark, refused: undefined },
  container: { answered: fc.constant(null), refused: 'container_1' },
  diagnostics: { answered: fc.constant(null), refused: { previous_message_id: 'msg_1' } },
  inference_geo: { answered: fc.constant(null), refused: 'us' },
  metadata: {
    answered: fc.record({ user_id: fc.option(word) }, { requiredKeys: [] }),
    refused: undefined,
  },
  output_config: {
    answered: fc.constantFrom<Anthropic.OutputConfig>(
      {},
      { effort: null, format: null },
      { format: { type: 'json_schema', schema: { type: 'object' } } },
    ),
    refused: { effort: 'high' },
  },
  service_tier: { answered: fc.constantFrom('auto' as const, 'standard_only' as const), refused: undefined },
  speed: { answered: fc.constantFrom(null, 'standard' as const), refused: 'fast' },
  stop_sequences: { answered: fc.array(word, { maxLength: 3 }), refused: [''] },
  stream: { answered: fc.constant(false as const), refused: undefined },
  system: { answered: fc.oneof(word, fc.array(text, { maxLength: 2 })), refused: undefined },
  thinking: { answered: fc.constant({ type: 'disabled' as const }), refused: { type: 'adaptive' } },
  tool_choice: {
    answered: fc.constantFrom(
      { type: 'auto' as const },
      { type: 'auto' as const, disable_parallel_tool_use: true },
      { type: 'none' as const },
    ),
    refused: undefined,
  },
  tools: {
    answered: fc.array(
      fc.record(
        {
          name,
          description: word,
          input_schema: fc.record({ type: fc.constant('object' as const), properties: json }),
          type: fc.constantFrom('custom' as const, null),
          cache_control: mark,
        },
        { requiredKeys: ['name', 'input_schema'] },
      ),
      { maxLength: 2 },
    ),
    refused: [{ type: 'bash_20250124', name: 'bash' }],
  },
}

/** What a client would send to ask for this. */
export function writeMessageBody(model: string, asked: DialectRequest): object {
  const [first, ...others] = asked.messages
  const system = first?.role === 'system' ? first.content : undefined
  const turns: { role: string; content: object[] }[] = []
  for (const message of system === undefined ? asked.messages : others) {
    const role = message.role === 'assistant' ? 'assistant' : 'user'
    const last = turns.at(-1)
    if (last !== undefined && last.role === 'user' && role === 'user') last.content.push(...blocksOf(message))
    else turns.push({ role, content: blocksOf(message) })
  }
  return {
    model,
    max_tokens: asked.maxTokens,
    messages: turns,
    ...(system === undefined ? {} : { system }),
    ...(asked.temperature === undefined ? {} : { temperature: asked.temperature }),
    ...(asked.topP === undefined ? {} : { top_p: asked.topP }),
    ...(asked.topK === undefined ? {} : { top_k: asked.topK }),
    ...(asked.stop === undefined ? {} : { stop_sequences: asked.stop }),
    ...(asked.tools === undefined ? {} : { tools: asked.tools.map(toolOf) }),
    ...(asked.toolChoice === undefined ? {} : { tool_choice: choiceOf(asked.toolChoice) }),
  }
}

const choiceOf = (choice: NonNullable<DialectRequest['toolChoice']>): object =>
  typeof choice === 'string' ? { type: choice } : { type: 'tool', name: choice.name }

const toolOf = ({ name: own, description, parameters }: Tool): object => ({
  name: own,
  input_schema: parameters,
  ...(description === undefined ? {} : { description }),
})

function blocksOf({ role, content, toolCalls = [], toolCallId, failed }: Message): object[] {
  if (role === 'tool') {
    return [
      {
        type: 'tool_result',
        tool_use_id: toolCallId,
        content: [{ type: 'text', text: content }],
        ...(failed === undefined ? {} : { is_error: failed }),
      },
    ]
  }
  return [
    ...(content === '' ? [] : [{ type: 'text', text: content }]),
    ...toolCalls.map((call) => ({ type: 'tool_use', id: call.id, name: call.name, input: call.arguments })),
  ]
}

const call = fc.record({ id: name, name, arguments: json })
const turn = (before: fc.Arbitrary<Message[]>): fc.Arbitrary<Message[]> =>
  fc
    .tuple(before, word, fc.array(call, { maxLength: 2 }), word, fc.boolean())
    .map(([earlier, answer, toolCalls, next, failed]): Message[] => [
      ...earlier,
      { role: 'assistant', content: answer, ...(toolCalls.length === 0 ? {} : { toolCalls }) },
      ...toolCalls.map(({ id }): Message => ({
        role: 'tool',
        content: next,
        toolCallId: id,
        ...(failed ? { failed } : {}),
      })),
      { role: 'user', content: next },
    ])
const start = word.map((content): Message[] => [{ role: 'user', content }])

/** What a model can be asked for, in the one form that a body of the API is read as. */
export const askedFor: fc.Arbitrary<DialectRequest> = fc.record(
  {
    messages: fc
      .tuple(fc.option(word), fc.oneof(start, turn(start), turn(turn(start))))
      .map(([system, turns]) => [
        ...(system === null ? [] : [{ role: 'system' as const, content: system }]),
        ...turns,
      ]),
    maxTokens: fc.integer({ min: 1, max: 99_999 }),
    temperature: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0),
    topP: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0),
    topK: fc.nat(500),
    stop: fc.array(word, { maxLength: 3 }),
    tools: fc.array(
      fc.record({ name, description: word, parameters: json }, { requiredKeys: ['name', 'parameters'] }),
      { maxLength: 3 },
    ),
    toolChoice: fc.oneof(
      fc.constantFrom('auto' as const, 'any' as const, 'none' as const),
      fc.record({ name }),
    ),
  },
  { requiredKeys: ['messages', 'maxTokens'] },
)
