import type { Example, JsonObject, Message, Part } from '../../../core/example.ts'
import type { Lose } from '../record-format.ts'
import { typeOfUri } from './media-uri.ts'
import { writeOpenaiCall } from './openai-tools.ts'

/** A part as a format writes it; `undefined` where it cannot. */
export type WritePart = (part: Part, lose: Lose) => JsonObject | undefined

/** Text, and images that a URL or `data:` URL names: what OpenAI's chat form has. */
const writeOpenaiPart: WritePart = (part, lose) => {
  if (part.type === 'text') return { type: 'text', text: part.text }
  if (/^(?:https?|data):/.test(part.uri)) return { type: 'image_url', image_url: { url: part.uri } }
  lose('images', `an image at ${part.uri.slice(0, 40)} is neither https: nor data:`)
  return undefined
}

/** As `writeOpenaiPart`, and anything else with its type. */
export const writeAnyPart: WritePart = (part, lose) =>
  part.type === 'media' && (!/^(?:https?|data):/.test(part.uri) || typeOfUri(part.uri) !== part.mediaType)
    ? { type: 'media', media_type: part.mediaType, uri: part.uri }
    : writeOpenaiPart(part, lose)

/** Parts one after another, without those that cannot be written. */
export const writeParts = (parts: readonly Part[], lose: Lose, writePart: WritePart): JsonObject[] =>
  parts.flatMap((part): JsonObject[] => {
    const written = writePart(part, lose)
    return written === undefined ? [] : [written]
  })

/** Messages in OpenAI's form, with the weight 0 where an answer is not learned. `undefined` when nothing of one is left. */
export function writeMessages(
  { messages, learned }: Pick<Example, 'messages' | 'learned'>,
  lose: Lose,
  writePart: WritePart = writeOpenaiPart,
): JsonObject[] | undefined {
  let answer = 0
  const written: JsonObject[] = []
  for (const message of messages) {
    const content = contentOf(message, lose, writePart)
    if (content === undefined) return undefined
    const { role, name, toolCalls, toolCallId, failed } = message
    const isContext = role === 'assistant' && learned?.[answer++] === false
    written.push({
      role,
      content,
      ...(name === undefined ? {} : { name }),
      ...(toolCalls === undefined ? {} : { tool_calls: toolCalls.map(writeOpenaiCall) }),
      ...(toolCallId === undefined ? {} : { tool_call_id: toolCallId }),
      ...(failed === true ? { failed } : {}),
      ...(isContext ? { weight: 0 } : {}),
    })
  }
  return written
}

function contentOf(
  { content, parts, toolCalls }: Message,
  lose: Lose,
  writePart: WritePart,
): string | readonly JsonObject[] | null | undefined {
  if (parts === undefined) return content === '' && toolCalls !== undefined ? null : content
  const written = writeParts(parts, lose, writePart)
  return written.length === 0 ? undefined : written
}
