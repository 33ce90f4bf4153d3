import type { JsonObject } from '../../core/example.ts'
import type { FormatFinder } from './format-finder.ts'
import { readDraft } from './read-record.ts'
import { isJsonObject } from './record-format.ts'

/** A text of a record, and where it stands there. */
export interface RecordTurn {
  /** `system`, `user`, `assistant` or `tool` where the record's word is known, else that word. */
  readonly role: string
  readonly text: string
  /** JSON pointer of the text. */
  readonly pointer: string
  /** False for an answer that counts as context only. */
  readonly learned: boolean
}

function knownRole(said: string): string {
  switch (said) {
    case 'developer':
      return 'system'
    case 'human':
      return 'user'
    case 'gpt':
    case 'model':
    case 'bot':
      return 'assistant'
    case 'function':
      return 'tool'
    default:
      return said
  }
}

/** Fields that hold one text each, and who says it. */
const fields: readonly (readonly [key: string, role: string])[] = [
  ['system', 'system'],
  ['prompt', 'user'],
  ['instruction', 'user'],
  ['question', 'user'],
  ['input', 'user'],
  ['completion', 'assistant'],
  ['response', 'assistant'],
  ['answer', 'assistant'],
  ['output', 'assistant'],
  ['chosen', 'assistant'],
]

/**
 * The texts of a record of any known form, in their order, each with its place in the record as it was written. What is no
 * text is left out, and nothing is refused: what a record must look like is for rules to say.
 */
export function recordTurns(record: JsonObject): RecordTurn[] {
  const turns: RecordTurn[] = []
  const { messages, conversations, input } = record
  const list = Array.isArray(messages) ? messages : Array.isArray(conversations) ? conversations : undefined
  if (list !== undefined) {
    if (record['system'] !== undefined) addContent(turns, 'system', record['system'], '/system', true)
    addMessages(turns, list, list === messages ? '/messages' : '/conversations')
    if (record['chosen'] !== undefined) addAnswer(turns, record['chosen'], '/chosen')
  } else if (isJsonObject(input)) {
    if (Array.isArray(input['messages'])) {
      addMessages(turns, input['messages'], '/input/messages')
    }
    addAnswer(turns, record['preferred_output'], '/preferred_output')
  } else {
    for (const [key, role] of fields) {
      const value = record[key]
      if (typeof value === 'string') turns.push({ role, text: value, pointer: `/${key}`, learned: true })
      else if (Array.isArray(value)) {
        if (role === 'assistant') addAnswer(turns, value, `/${key}`)
        else addMessages(turns, value, `/${key}`)
      }
    }
  }
  return turns
}

/** The texts of a record as the reader of its form sees them; `undefined` where it has no known form. */
export function turnsByFormat(record: JsonObject, forms: FormatFinder): RecordTurn[] | undefined {
  const format = forms.find(record)
  if (format === undefined) return undefined
  const { messages, contentAt, learned } = readDraft(record, format, () => undefined, false)
  let answered = 0
  return messages.flatMap(({ role, content, toolCalls }, at) => {
    const isLearned = role !== 'assistant' || learned[answered++] !== false
    // A message that only calls a tool has no text.
    if (content === '' && toolCalls !== undefined) return []
    return [{ role, text: content, pointer: contentAt[at] ?? '', learned: isLearned }]
  })
}

/** The last text that is an answer. */
export function lastAnswer(turns: readonly RecordTurn[]): RecordTurn | undefined {
  const last = turns.at(-1)
  return last?.role === 'assistant' ? last : turns.findLast(({ role }) => role === 'assistant')
}

// Made once: nearly all records have few messages, and making pointers would cost more than reading them.
const contentPointers = Array.from({ length: 64 }, (_, at) => `/messages/${at}/content`)

function addMessages(turns: RecordTurn[], list: readonly unknown[], base: string): void {
  for (let at = 0; at < list.length; at++) {
    const message = list[at]
    if (typeof message !== 'object' || message === null) continue
    const { role, from, content, value, weight } = message as JsonObject
    const said = role ?? from
    const known = typeof said === 'string' ? knownRole(said) : ''
    const usual = base === '/messages' && content !== undefined ? contentPointers[at] : undefined
    const pointer = usual ?? `${base}/${at}/${content === undefined ? 'value' : 'content'}`
    addContent(turns, known, content ?? value, pointer, weight !== 0)
  }
}

function addAnswer(turns: RecordTurn[], value: unknown, pointer: string): void {
  if (Array.isArray(value)) addMessages(turns, value, pointer)
  else addContent(turns, 'assistant', value, pointer, true)
}

function addContent(
  turns: RecordTurn[],
  role: string,
  value: unknown,
  pointer: string,
  learned: boolean,
): void {
  if (typeof value === 'string') turns.push({ role, text: value, pointer, learned })
  else if (Array.isArray(value)) {
    value.forEach((block: unknown, at) => {
      if (isJsonObject(block) && typeof block['text'] === 'string') {
        turns.push({ role, text: block['text'], pointer: `${pointer}/${at}/text`, learned })
      }
    })
  }
}
