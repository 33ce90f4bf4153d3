import type { JsonObject } from '../../../core/example.ts'
import { ElementPointers } from '../element-pointers.ts'
import type { RecordDraft } from '../record-draft.ts'
import { isJsonObject, type Feature, type RecordFormat } from '../record-format.ts'
import { readAnswer, readMessages } from './chat-messages.ts'
import { addPreference, splitPreference } from './preference-pair.ts'
import { plainMessages, splitSystem, systemField } from './split-system.ts'

const promptAt = new ElementPointers('/prompt')
const chosenAt = new ElementPointers('/chosen')
const holds: readonly Feature[] = ['system', 'turns', 'rejected']

/** An answer is text, or a list of one assistant message. */
const answer = (record: JsonObject, key: string, draft: RecordDraft): string | undefined =>
  Array.isArray(record[key]) ? readAnswer(record[key], `/${key}`, draft) : draft.text(record[key], `/${key}`)

/** Whether both answers are whole conversations, so that a prompt or messages beside them say the same twice. */
const isWholeConversation = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 1 && isJsonObject(value[0]) && value[0]['role'] !== 'assistant'

const hasConversations = ({ chosen, rejected }: JsonObject): boolean =>
  isWholeConversation(chosen) && isWholeConversation(rejected)

/** Reads two whole conversations; what stands beside them and is not in them is said. */
function readConversations(record: JsonObject, draft: RecordDraft): void {
  preferenceConversations.read(record, draft)
  const { prompt, messages, chosen } = record
  const turns = Array.isArray(chosen) ? (chosen as readonly unknown[]) : []
  const isIn = (list: unknown): boolean =>
    [turns, turns.slice(0, -1)].some((each) => JSON.stringify(each) === JSON.stringify(list))
  const isSaid =
    typeof prompt === 'string'
      ? turns.some((turn) => isJsonObject(turn) && turn['content'] === prompt)
      : isIn(prompt)
  const other = '"KEY" differs from the conversations under "chosen" and is not read'
  if (prompt !== undefined && prompt !== null && !isSaid) {
    draft.report('record/ignored-key', '/prompt', other.replace('KEY', 'prompt'))
  }
  if (messages !== undefined && messages !== null && !isIn(messages)) {
    draft.report('record/ignored-key', '/messages', other.replace('KEY', 'messages'))
  }
}

function readPair(record: JsonObject, draft: RecordDraft): void {
  const chosen = answer(record, 'chosen', draft)
  const rejected = answer(record, 'rejected', draft)
  if (Array.isArray(record['chosen'])) addPreference(draft, chosen, '/chosen/0', rejected)
  else {
    if (chosen !== undefined) draft.add({ role: 'assistant', content: chosen }, '/chosen', '/chosen')
    draft.rejected = rejected
  }
}

/** Preference pairs of the Hugging Face world: a prompt, as text or as messages, and two answers. */
export const preferencePrompt: RecordFormat = {
  id: 'preference-prompt',
  form: '{"prompt": "…", "chosen": "…", "rejected": "…"}',
  usedBy: 'TRL and Hugging Face datasets, explicit prompt',
  requiredKeys: ['prompt', 'chosen', 'rejected'],
  optionalKeys: ['system'],
  holds,
  read(record, draft) {
    if (hasConversations(record)) {
      readConversations(record, draft)
      return
    }
    draft.addSystemField(record)
    if (Array.isArray(record['prompt'])) readMessages(record['prompt'], draft, promptAt)
    else draft.addField(record, 'prompt', 'user')
    readPair(record, draft)
  },
  write(example, lose) {
    const pair = splitPreference(example, lose)
    if (pair === undefined) return undefined
    const { system, spoken } = splitSystem(pair.before)
    const { chosen, rejected } = pair
    return spoken.length === 1
      ? { ...systemField(system), prompt: spoken[0]?.content, chosen, rejected }
      : {
          prompt: plainMessages(pair.before),
          chosen: [{ role: 'assistant', content: chosen }],
          rejected: [{ role: 'assistant', content: rejected }],
        }
  },
}

/** The same with the conversation under `messages`. */
export const preferenceMessages: RecordFormat = {
  id: 'preference-messages',
  form: '{"messages": [{"role": "user", "content": "…"}], "chosen": "…", "rejected": "…"}',
  usedBy: 'preference data of several Hugging Face datasets',
  requiredKeys: ['messages', 'chosen', 'rejected'],
  optionalKeys: ['system', 'prompt'],
  holds,
  read(record, draft) {
    if (hasConversations(record)) {
      readConversations(record, draft)
      return
    }
    if (record['prompt'] !== undefined && record['prompt'] !== null) {
      draft.report('record/ignored-key', '/prompt', '"prompt" is not read')
    }
    draft.addSystemField(record)
    readMessages(record['messages'], draft)
    readPair(record, draft)
  },
  write(example, lose) {
    const pair = splitPreference(example, lose)
    return pair && { messages: plainMessages(pair.before), chosen: pair.chosen, rejected: pair.rejected }
  },
}

/** Two whole conversations that differ in their last message only: TRL's preference form with an implicit prompt. */
export const preferenceConversations: RecordFormat = {
  id: 'preference-conversations',
  form: '{"chosen": [{"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}], "rejected": […]}',
  usedBy: 'TRL and Hugging Face datasets, implicit prompt',
  requiredKeys: ['chosen', 'rejected'],
  optionalKeys: [],
  holds,
  fits: ({ chosen, rejected }) => Array.isArray(chosen) && Array.isArray(rejected),
  read(record, draft) {
    readMessages(record['chosen'], draft, chosenAt)
    const other = Array.isArray(record['rejected']) ? record['rejected'] : []
    const before = Array.isArray(record['chosen']) ? record['chosen'].slice(0, -1) : []
    if (JSON.stringify(other.slice(0, -1)) !== JSON.stringify(before)) {
      draft.report(
        'record/unsupported',
        '/rejected',
        'the two conversations differ before their last message, so they share no prompt',
      )
      return
    }
    const last: unknown = other.at(-1)
    if (!isJsonObject(last) || last['role'] !== 'assistant') {
      draft.report(
        'roles/last-assistant',
        `/rejected/${other.length - 1}`,
        'an answer must come from "assistant"',
      )
    } else draft.rejected = draft.text(last['content'], `/rejected/${other.length - 1}/content`)
  },
  write(example, lose) {
    const pair = splitPreference(example, lose)
    if (pair === undefined) return undefined
    const before = plainMessages(pair.before)
    return {
      chosen: [...before, { role: 'assistant', content: pair.chosen }],
      rejected: [...before, { role: 'assistant', content: pair.rejected }],
    }
  },
}
