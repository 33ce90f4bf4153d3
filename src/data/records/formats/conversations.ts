import { isJsonObject, type RecordFormat } from '../record-format.ts'
import { readSpeakerTurns } from './speaker-turns.ts'
import { splitSystem, systemField } from './split-system.ts'

/**
 * A conversation of human and assistant, as exports of chat systems have it: a list of turns under `conversations`, each
 * with its speaker and text, or of pairs.
 */
export const conversations: RecordFormat = {
  id: 'conversations',
  form: '{"conversations": [{"role": "human", "content": "…"}, {"role": "assistant", "content": "…"}]}',
  usedBy: 'exports of chat systems',
  requiredKeys: ['conversations'],
  optionalKeys: ['system'],
  holds: ['system', 'turns'],
  read(record, draft) {
    draft.addSystemField(record)
    readSpeakerTurns(record['conversations'], '/conversations', draft)
  },
  write({ messages }) {
    const { system, spoken } = splitSystem(messages)
    const turns = spoken.map(({ role, content }) => ({ role: role === 'user' ? 'human' : role, content }))
    return { ...systemField(system), conversations: turns }
  },
}

/** The same under `messages`; told from OpenAI's form by a speaker called human. */
export const humanMessages: RecordFormat = {
  ...conversations,
  id: 'human-messages',
  form: '{"messages": [{"role": "human", "content": "…"}, {"role": "assistant", "content": "…"}]}',
  requiredKeys: ['messages'],
  fits: ({ messages }) =>
    Array.isArray(messages) &&
    messages.some((turn: unknown) => isJsonObject(turn) && turn['role'] === 'human'),
  read(record, draft) {
    draft.addSystemField(record)
    readSpeakerTurns(record['messages'], '/messages', draft)
  },
  write(example, lose) {
    const { conversations: messages, ...rest } = conversations.write(example, lose) ?? {}
    return { ...rest, messages }
  },
}
