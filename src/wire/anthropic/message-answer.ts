import type { ToolCall } from '../../core/example.ts'
import type { AnswerContext, DialectAnswer, DialectPart, DialectStop } from '../dialect-request.ts'

/** What the forms of the API write differently. */
export interface AnswerForm {
  /** Members of a message beside those that all forms have. */
  readonly message: object
  readonly textBlock: object
  readonly toolBlock: object
  /** The first of a stream's deltas follows a ping. */
  readonly pings: boolean
  /** Of a whole answer, and of the start of a stream. */
  usage(usage: DialectAnswer['usage']): object
  /** Of the end of a stream. */
  endUsage(usage: DialectAnswer['usage']): object
  /** Members of the last event of a stream. */
  stop(end: DialectAnswer['usage'], timed: { readonly firstByte: number; readonly elapsed: number }): object
  /** Members of what says how a stream ended. */
  readonly delta: object
}

/** An event of a stream. */
export type MessageEvent = { readonly type: string } & Readonly<Record<string, unknown>>

const stopReasons: Readonly<Record<DialectStop, string>> = {
  end: 'end_turn',
  length: 'max_tokens',
  'stop-sequence': 'stop_sequence',
  'tool-call': 'tool_use',
}

/** An answer as a message. */
export function writeMessage(
  answer: DialectAnswer,
  { id, model }: Pick<AnswerContext, 'id' | 'model'>,
  form: AnswerForm,
): object {
  const { text, toolCalls, stop, stopSequence, usage } = answer
  return {
    id: `msg_${id}`,
    type: 'message',
    role: 'assistant',
    model,
    content: [
      ...(text === '' && toolCalls.length > 0 ? [] : [{ type: 'text', text, ...form.textBlock }]),
      ...toolCalls.map((call) => ({ ...startOf(call), ...form.toolBlock, input: call.arguments })),
    ],
    stop_reason: stopReasons[stop],
    stop_sequence: stopSequence ?? null,
    ...form.message,
    usage: form.usage(usage),
  }
}

/** The events of a stream in the order that the API documents. */
export async function* messageEvents(
  parts: AsyncIterable<DialectPart>,
  context: AnswerContext,
  form: AnswerForm,
): AsyncGenerator<MessageEvent> {
  let index = -1
  let textIsOpen = false
  let firstByte: number | undefined
  function* open(block: object): Generator<MessageEvent> {
    index++
    yield { type: 'content_block_start', index, content_block: block }
    if (index === 0 && form.pings) yield { type: 'ping' }
  }
  const openText = (): Generator<MessageEvent> => {
    textIsOpen = true
    return open({ type: 'text', text: '', ...form.textBlock })
  }
  for await (const part of parts) {
    if (firstByte === undefined) {
      firstByte = context.elapsed()
      yield { type: 'message_start', message: startOfMessage(context, form) }
    }
    if (part.type === 'text') {
      if (!textIsOpen) yield* openText()
      yield { type: 'content_block_delta', index, delta: { type: 'text_delta', text: part.text } }
    } else if (part.type === 'tool-call') {
      if (textIsOpen) yield { type: 'content_block_stop', index }
      textIsOpen = false
      yield* open({ ...startOf(part.call), ...form.toolBlock })
      const json = JSON.stringify(part.call.arguments)
      yield { type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json: json } }
      yield { type: 'content_block_stop', index }
    } else {
      // An answer without a word still has its one block.
      if (index === -1) yield* openText()
      if (textIsOpen) yield { type: 'content_block_stop', index }
      yield {
        type: 'message_delta',
        delta: {
          stop_reason: stopReasons[part.stop],
          stop_sequence: part.stopSequence ?? null,
          ...form.delta,
        },
        usage: form.endUsage(part.usage),
      }
      yield {
        type: 'message_stop',
        ...form.stop(part.usage, { firstByte, elapsed: context.elapsed() }),
      }
    }
  }
}

const startOf = ({ id, name }: ToolCall): object => ({ type: 'tool_use', id, name, input: {} })

const startOfMessage = ({ id, model, inputTokens }: AnswerContext, form: AnswerForm): object => ({
  id: `msg_${id}`,
  type: 'message',
  role: 'assistant',
  model,
  content: [],
  stop_reason: null,
  stop_sequence: null,
  ...form.message,
  usage: form.usage({ inputTokens: inputTokens(), outputTokens: 0 }),
})
