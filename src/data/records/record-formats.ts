import type { JsonObject } from '../../core/example.ts'
import { alpaca } from './formats/alpaca.ts'
import { anthropicMessages } from './formats/anthropic-messages.ts'
import { bedrockChat } from './formats/bedrock-chat.ts'
import { bedrockConverse } from './formats/bedrock-converse.ts'
import { bedrockInvocationLog } from './formats/bedrock-invocation-log.ts'
import { conversations, humanMessages } from './formats/conversations.ts'
import { geminiContents } from './formats/gemini-contents.ts'
import { hone } from './formats/hone.ts'
import { inputOutput } from './formats/input-output.ts'
import { openaiChat } from './formats/openai-chat.ts'
import { openaiPreference } from './formats/openai-preference.ts'
import { preferenceConversations, preferenceMessages, preferencePrompt } from './formats/preference.ts'
import { promptCompletion } from './formats/prompt-completion.ts'
import { sharegpt } from './formats/sharegpt.ts'
import { isJsonObject, type RecordFormat } from './record-format.ts'

/** Every format. The first that a record fits is taken, so the more exact come first. */
export const recordFormats: readonly RecordFormat[] = [
  preferenceMessages,
  hone,
  bedrockInvocationLog,
  bedrockConverse,
  anthropicMessages,
  humanMessages,
  bedrockChat,
  openaiChat,
  sharegpt,
  conversations,
  geminiContents,
  openaiPreference,
  preferencePrompt,
  preferenceConversations,
  promptCompletion,
  alpaca,
  inputOutput,
]

/** By the first required key, so that few formats are asked for each record. */
const byFirstKey = new Map<string, RecordFormat[]>()
for (const format of recordFormats) {
  const [key = ''] = format.requiredKeys.includes('messages') ? ['messages'] : format.requiredKeys
  byFirstKey.set(key, [...(byFirstKey.get(key) ?? []), format])
}
const firstKeys = [...byFirstKey]

/** The format of a record, by its keys and what stands under them. */
export function detectFormat(record: JsonObject): RecordFormat | undefined {
  return plainChat(record) ?? searchFormat(record)
}

/** The usual records, told at one glance; what it finds is what `searchFormat` finds. */
function plainChat(record: JsonObject): RecordFormat | undefined {
  const { messages, system } = record
  if (!Array.isArray(messages) || (system !== undefined && typeof system !== 'string')) return undefined
  for (const key in record) {
    if (key !== 'messages' && key !== 'system' && key !== 'id') return undefined
  }
  for (let at = 0; at < messages.length; at++) {
    const message: unknown = messages[at]
    if (!isJsonObject(message) || typeof message['content'] !== 'string' || message['role'] === 'human') {
      return undefined
    }
  }
  return system === undefined ? openaiChat : bedrockChat
}

/** The first format that a record fits. */
export function searchFormat(record: JsonObject): RecordFormat | undefined {
  for (const [key, formats] of firstKeys) {
    if (!Object.hasOwn(record, key)) continue
    for (const format of formats) {
      if (
        format.requiredKeys.every((required) => Object.hasOwn(record, required)) &&
        format.fits?.(record) !== false
      ) {
        return format
      }
    }
  }
  return undefined
}

export const formatById = (id: string): RecordFormat | undefined =>
  recordFormats.find((format) => format.id === id)
