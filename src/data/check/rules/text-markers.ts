import { excerpt } from '../../excerpt.ts'
import type { RecordRule } from '../rule.ts'

const marker = /(?:^|\n)[ \t]{0,4}(?:Human|Assistant|### ?(?:Instruction|Response|Input)):/

export const roleMarker: RecordRule = {
  id: 'text/role-marker',
  severity: 'warning',
  reason:
    'A line such as "Human:" inside a message is a second conversation in it, and the model learns to write both sides.',
  needles: ['Human:', 'Assist', '###'],
  start: () => {
    return ({ turns }, report) => {
      for (const { text, pointer, role } of turns) {
        if (role === 'system') continue
        const found = marker.exec(text)
        if (found === null) continue
        report(
          pointer,
          `the text speaks for a role: ${excerpt(text.slice(found.index, found.index + 30).trim())}`,
          'write each turn as a message of its own',
        )
      }
    }
  },
}

/** Strings between messages of the usual chat templates. */
const usualTokens =
  /<\|(?:im_start|im_end|im_sep|endoftext|begin_of_text|end_of_text|start_header_id|end_header_id|eot_id|eom_id|system|user|assistant|end|pad|channel|message|start|return)\|>|<\/?s>|\[\/?INST\]|<<\/?SYS>>|<(?:start|end)_of_turn>|<(?:bos|eos|pad|unk)>/

export const controlToken: RecordRule = {
  id: 'text/control-token',
  severity: 'warning',
  reason:
    'A control token of a chat template inside a text can end the message early, or teach the model to write it.',
  needles: ({ target }) => ['<', '[INST', ...(target?.controlTokens ?? [])],
  start: ({ target }) => {
    const own = target?.controlTokens ?? []
    return ({ turns }, report) => {
      for (const { text, pointer } of turns) {
        const token = own.find((each) => text.includes(each)) ?? usualTokens.exec(text)?.[0]
        if (token === undefined) continue
        const whose = own.includes(token) ? ` of ${target?.name}` : ''
        report(
          pointer,
          `the text holds the control token ${excerpt(token)}${whose}`,
          'take it away: templates write it themselves',
        )
      }
    }
  },
}
