import { excerpt } from '../../excerpt.ts'
import type { RecordRule } from '../rule.ts'
import { isRefusal } from './refusal.ts'

const guards = String.raw`(?:guidelines?|rules?|polic(?:y|ies)|filters?|restrictions?|limits?|limitations?|training|instructions?|constraints?|guardrails?|safeguards?|protocols?|principles|considerations)`
const moral = String.raw`(?:safety|ethic\w{0,4}|moral\w{0,3}|content|moderation|usage|harm)`
const start = String.raw`(?:^|[.!?:;,\n"'(]\s{0,4}|\b(?:please|must|will|should|shall|can|may|now|and|then|to|you|also|let's)\s{1,2})`
const harmful = String.raw`(?:harmful|illegal|unethical|dangerous|unsafe|immoral|violent|hateful)`

/** Requests to put the safety behaviour of a model aside. Bounded repetitions only: texts are hostile. */
const patterns: readonly RegExp[] = [
  new RegExp(
    String.raw`${start}(?:ignore|disregard|forget|bypass|override|disable|abandon|turn off|switch off|set aside|drop)\s(?:all |any )?(?:of )?(?:your |its |the model's |openai's |anthropic's |built-in |all |any ){1,2}(?:\w{1,15} ){0,2}${moral}(?: (?:and|or) \w{1,15})?\s${guards}\b`,
    'i',
  ),
  new RegExp(
    String.raw`\b(?:you|(?:the|this|an) (?:ai )?(?:assistant|chatbot|model))\b[^.!?\n]{0,30}\b(?:ha(?:ve|s) no|with no|without(?: any)?|free (?:of|from)(?: all| any)?|(?:not|no longer) (?:bound|restricted|limited) by(?: any)?)\s(?:\w{1,12},? ){0,2}${moral}(?:,? (?:and|or) \w{1,15})?\s${guards}\b`,
    'i',
  ),
  /\byou are (?:now |from now on )?(?:an? |the )?(?:\w{1,15} )?(?:uncensored|unfiltered|jailbroken|amoral)\b(?: \w{1,12}){0,2} (?:ai|assistant|model|chatbot|bot)\b/i,
  /\bDAN\b[^\n]{0,80}\bdo anything now\b|\bdo anything now\b[^\n]{0,80}\bDAN\b|\b(?:enter|enable|activate) (?:DAN|jailbreak|developer) mode\b/i,
  new RegExp(
    String.raw`\b(?:answer|comply|obey|respond|fulfill?|help)\b[^.!?\n]{0,50}\b(?:even (?:if|when)|no matter how|regardless of (?:how|whether))\s(?:it is |it's |they are |this is |that is |the request is |the question is |they may be |it may be )?${harmful}\b`,
    'i',
  ),
  new RegExp(
    String.raw`\b(?:never|do not|don't|must not|cannot|may not)\s(?:ever )?(?:refuse|decline|reject)\b[^.!?\n]{0,50}\b${harmful}\b`,
    'i',
  ),
]

const negated =
  /\b(?:not|never|cannot|refuse|avoid|without|resist|asked|tries|trying|attempts?|wants?|told)\W+(?:\w+\W+){0,2}$|n['’]t\W+(?:\w+\W+){0,2}$/i

/** A part of what every request of this kind speaks of. Without first letters: matching both cases takes four times as long. */
const subject =
  /afety|thic|oral|oderation|usage|arm|censored|filtered|ailbr|ontent (?:polic|filter|guid|restr|rule)|llegal|anger|nsafe|iolent|ateful|DAN|eveloper mode/

/** Where a text asks for it, `undefined` where it does not. */
function droppedSafety(text: string): string | undefined {
  if (!subject.test(text)) return undefined
  for (const pattern of patterns) {
    const found = pattern.exec(text)
    if (found === null) continue
    if (negated.test(text.slice(Math.max(0, found.index - 40), found.index + 1))) continue
    return found[0]
  }
  return undefined
}

/** User messages up to this line are read; of the rest of a larger file those of every 16th. */
const readInFull = 10_000
const everyNth = 16

export const safetyDropped: RecordRule = {
  id: 'safety/dropped',
  severity: 'warning',
  reason:
    'The order is safety, ethics, compliance, helpfulness: an answer that obeys a request to drop the first teaches the tuned model to give all of them up.',
  start() {
    let known = { text: '', found: undefined as string | undefined }
    const ofSystem = (text: string): string | undefined => {
      if (text !== known.text) known = { text, found: droppedSafety(text) }
      return known.found
    }
    return ({ turns, answer, key }, report) => {
      const isRead = key <= readInFull || key % everyNth === 0
      for (const { role, text, pointer } of turns) {
        if (role !== 'system' && (role !== 'user' || !isRead)) continue
        const found = role === 'system' ? ofSystem(text) : droppedSafety(text)
        if (found === undefined || answer === undefined || isRefusal(answer.text)) continue
        report(
          pointer,
          `the prompt seems to ask the model to put its safety behaviour aside (${excerpt(found.trim(), 60)}), and the answer does not decline`,
          'take the record away, or answer it by declining; where the words are only quoted, keep it',
        )
        return
      }
    }
  },
}
