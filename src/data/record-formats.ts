import type { JsonObject } from '../core/example.ts'
import { bedrockChat } from './formats/bedrock-chat.ts'
import { inputOutput } from './formats/input-output.ts'
import { openaiChat } from './formats/openai-chat.ts'
import { openaiPreference } from './formats/openai-preference.ts'
import { preferenceMessages, preferencePrompt } from './formats/preference.ts'
import { promptCompletion } from './formats/prompt-completion.ts'
import type { RecordFormat } from './record-format.ts'

/** Every format that can be read. The first whose required keys a record has is taken, so the more exact come first. */
export const recordFormats: readonly RecordFormat[] = [
  preferenceMessages,
  preferencePrompt,
  openaiPreference,
  bedrockChat,
  openaiChat,
  promptCompletion,
  inputOutput,
]

/** The format of a record, by its keys. */
export function detectFormat(record: JsonObject): RecordFormat | undefined {
  return recordFormats.find(({ requiredKeys }) => requiredKeys.every((key) => Object.hasOwn(record, key)))
}
