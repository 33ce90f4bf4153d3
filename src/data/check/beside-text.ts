import type { JsonObject } from '../../core/example.ts'
import { isJsonObject } from '../records/record-format.ts'

/** What a record says beside its texts, such as pictures and calls of tools, as JSON; empty for most records. */
export interface BesideText {
  /** Before the last message. */
  readonly input: string
  /** In the last message. */
  readonly answer: string
}

const none: BesideText = { input: '', answer: '' }

/** Two records with the same texts are not the same where these differ: two pictures and one question about them. */
export function besideText(record: JsonObject): BesideText {
  const { messages, conversations, contents, input } = record
  const list = [messages, conversations, contents, isJsonObject(input) ? input['messages'] : undefined].find(
    (each) => Array.isArray(each),
  )
  if (list === undefined) return none
  const said = list.map((message: unknown) => (isJsonObject(message) ? besideOf(message) : ''))
  if (said.every((text) => text === '')) return none
  return { input: said.slice(0, -1).join('\n'), answer: said.at(-1) ?? '' }
}

function besideOf(message: JsonObject): string {
  const { content, parts, tool_calls: calls, function_call: call } = message
  if (typeof content === 'string' && calls === undefined && call === undefined) return ''
  const blocks = Array.isArray(content) ? content : Array.isArray(parts) ? parts : []
  const others = blocks.filter((block: unknown) => !isJsonObject(block) || typeof block['text'] !== 'string')
  const beside = [calls, call, others.length === 0 ? undefined : others].filter((each) => each !== undefined)
  return beside.length === 0 ? '' : JSON.stringify(beside)
}
