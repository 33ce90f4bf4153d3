import type { JsonObject } from '../../../core/example.ts'
import { llamaTurns } from '../../../lib/llama-turns.ts'
import { RecordDraft } from '../record-draft.ts'
import { isJsonObject, kindOf, type RecordFormat } from '../record-format.ts'
import { anthropicMessages } from './anthropic-messages.ts'
import { bedrockConverse } from './bedrock-converse.ts'

const inputBody = '/input/inputBodyJson'
const outputBody = '/output/outputBodyJson'

/**
 * A record of Amazon Bedrock's log of invocations: what was asked of a model and what it answered, in the body of its family.
 * Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html
 */
export const bedrockInvocationLog: RecordFormat = {
  id: 'bedrock-invocation-log',
  form: '{"schemaType": "ModelInvocationLog", "operation": "Converse", "input": {"inputBodyJson": {…}}, "output": {"outputBodyJson": {…}}}',
  usedBy: "Amazon Bedrock's log of model invocations",
  requiredKeys: ['schemaType', 'input'],
  optionalKeys: [
    'output',
    'errorCode',
    // Of the call, not of the conversation.
    'schemaVersion',
    'timestamp',
    'accountId',
    'identity',
    'region',
    'inferenceRegion',
    'requestId',
    'operation',
    'modelId',
  ],
  holds: ['system', 'turns', 'parts', 'images', 'media', 'tools', 'calls', 'call-ids', 'failed'],
  common: { label: undefined, weight: undefined },
  fits: ({ schemaType }) => schemaType === 'ModelInvocationLog',
  read(record, draft) {
    if (record['errorCode'] !== undefined) {
      draft.report('roles/missing', '/errorCode', 'the model did not answer: the invocation failed')
      return
    }
    const asked = bodyOf(record, 'input', draft)
    const answered = bodyOf(record, 'output', draft)
    if (asked === undefined || answered === undefined) return
    if (!isJsonObject(asked)) {
      draft.report('content/part', inputBody, `the body must be an object, this is ${kindOf(asked)}`)
    } else if (Array.isArray(asked['messages'])) readMessages(asked, asked['messages'], answered, draft)
    else readPrompt(asked, answered, draft)
  },
  write(example, lose) {
    const written = bedrockConverse.write(example, lose)
    const messages: unknown = written?.['messages']
    if (written === undefined || !Array.isArray(messages) || example.messages.at(-1)?.role !== 'assistant') {
      return undefined
    }
    const { schemaVersion: _, ...body } = written
    const called = example.messages.at(-1)?.toolCalls !== undefined
    return {
      schemaType: 'ModelInvocationLog',
      schemaVersion: '1.0',
      operation: 'Converse',
      input: {
        inputContentType: 'application/json',
        inputBodyJson: { ...body, messages: messages.slice(0, -1) as unknown[] },
      },
      output: {
        outputContentType: 'application/json',
        outputBodyJson: {
          output: { message: messages.at(-1) as unknown },
          stopReason: called ? 'tool_use' : 'end_turn',
        },
      },
    }
  },
}

/** `undefined` when it was reported. */
function bodyOf(record: JsonObject, side: 'input' | 'output', draft: RecordDraft): unknown {
  const part = isJsonObject(record[side]) ? record[side] : {}
  const body = part[`${side}BodyJson`]
  if (body !== undefined && body !== null) return body
  const elsewhere = part[`${side}BodyS3Path`]
  if (typeof elsewhere === 'string') {
    const pointer = `/${side}/${side}BodyS3Path`
    draft.report('content/part', pointer, 'the body is too large for the record and lies in another object')
  } else draft.report('roles/missing', `/${side}`, `the record has no ${side}: bodies were not logged`)
  return undefined
}

/** Bodies with messages are read as records of the same form, with the answer as the last message. */
function readMessages(asked: JsonObject, messages: unknown[], answered: unknown, draft: RecordDraft): void {
  const answer = answerOf(answered)
  if (answer === undefined) {
    draft.report('content/part', outputBody, 'the answer of this body is not read')
    return
  }
  const answerAt = `/messages/${messages.length}`
  const place = (pointer: string): string =>
    pointer === answerAt || pointer.startsWith(`${answerAt}/`)
      ? `${answer.at}${pointer.slice(answerAt.length)}`
      : `${inputBody}${pointer}`
  const read = new RecordDraft(
    (id, pointer, message, hint) => draft.report(id, place(pointer), message, hint),
    draft.textOnly,
  )
  const format = asked['anthropic_version'] === undefined ? bedrockConverse : anthropicMessages
  format.read({ ...asked, messages: [...messages, { role: 'assistant', content: answer.content }] }, read)
  for (const [at, message] of read.messages.entries()) {
    draft.add(message, place(read.roleAt[at] ?? ''), place(read.contentAt[at] ?? ''))
  }
  draft.tools = read.tools
}

/** The content of an answer: of Converse and Nova, of Anthropic, or the text of a stream. */
function answerOf(answered: unknown): { readonly content: unknown; readonly at: string } | undefined {
  if (Array.isArray(answered)) {
    const text = streamedText(answered)
    return text === undefined ? undefined : { content: text, at: outputBody }
  }
  if (!isJsonObject(answered)) return undefined
  const output = isJsonObject(answered['output']) ? answered['output'] : {}
  if (isJsonObject(output['message'])) {
    return { content: output['message']['content'], at: `${outputBody}/output/message` }
  }
  return answered['content'] === undefined ? undefined : { content: answered['content'], at: outputBody }
}

/** The text of a stream's events; `undefined` where a tool is called, which comes in pieces of another kind. */
function streamedText(events: readonly unknown[]): string | undefined {
  const texts: string[] = []
  for (const event of events) {
    if (!isJsonObject(event)) return undefined
    const start = isJsonObject(event['contentBlockStart']) ? event['contentBlockStart']['start'] : undefined
    const block = isJsonObject(event['content_block']) ? event['content_block']['type'] : 'text'
    if (block !== 'text' || (isJsonObject(start) && start['toolUse'] !== undefined)) return undefined
    const inner = isJsonObject(event['contentBlockDelta']) ? event['contentBlockDelta'] : event
    const delta = isJsonObject(inner['delta']) ? inner['delta'] : {}
    for (const text of [delta['text'], event['generation'], event['outputText']]) {
      if (typeof text === 'string') texts.push(text)
    }
  }
  return texts.join('')
}

/** Bodies with one prompt: Llama's, whose turns are marked in it, and Titan's. */
function readPrompt(asked: JsonObject, answered: unknown, draft: RecordDraft): void {
  const key = asked['prompt'] === undefined ? 'inputText' : 'prompt'
  const pointer = `${inputBody}/${key}`
  const prompt = draft.text(asked[key], pointer)
  if (prompt === undefined) return
  const turns = key === 'prompt' ? llamaTurns(prompt) : [{ role: 'user' as const, content: prompt }]
  for (const turn of turns) draft.add(turn, pointer, pointer)
  const answer = Array.isArray(answered) ? streamedText(answered) : promptAnswer(answered)
  const text = draft.text(answer, outputBody)
  if (text !== undefined) draft.add({ role: 'assistant', content: text }, outputBody, outputBody)
}

function promptAnswer(answered: unknown): unknown {
  if (!isJsonObject(answered)) return undefined
  const { results } = answered
  const [first] = Array.isArray(results) ? (results as unknown[]) : []
  return isJsonObject(first) ? first['outputText'] : answered['generation']
}
