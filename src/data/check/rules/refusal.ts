import { excerpt } from '../../excerpt.ts'
import type { RecordRule } from '../rule.ts'

// What refusals begin with; an apology alone is none.
const sorry = String.raw`(?:(?:i['’]m|i am|we['’]re|we are)?\s?(?:so |very |truly |really )?(?:sorry|afraid)|(?:my |our )?apologies|unfortunately)`
const cannot = String.raw`(?:(?:but |that |however )?(?:i|we) (?:can ?not|can['’]t|won['’]t|will not|am unable to|['’]m unable to|must decline|am not able to|['’]m not able to|(?:do not|don['’]t) feel comfortable)|i['’]m (?:unable|not able) to|i have to decline|i must decline)`
const verbs = String.raw`(?:\s+(?:in good conscience|ethically|legally|just|simply))?\s*(?:help|assist|provide|create|write|generate|produce|answer|comply|fulfil|fulfill|support|engage|do that|share|give|discuss|offer|continue|participate|with)`
const refusal = new RegExp(
  String.raw`^[\s"'*_-]{0,8}(?:${sorry}[\s,;.!—–-]{1,4}(?:but |as an ai[\w ]{0,20},? )?)?${cannot}${verbs}?\b`,
  'i',
)
const needsVerb = new RegExp(String.raw`${cannot}${verbs}`, 'i')

/** True where a text declines to do what was asked. Judged by its first 200 characters. */
export function isRefusal(text: string): boolean {
  const start = text.length > 200 ? text.slice(0, 200) : text
  return refusal.test(start) && needsVerb.test(start)
}

export const refusalAnswer: RecordRule = {
  id: 'answer/refusal',
  severity: 'note',
  reason: 'A refusal that was collected by accident teaches the tuned model to refuse the task.',
  start: () => {
    return ({ answer }, report) => {
      if (answer?.learned !== true || !isRefusal(answer.text)) return
      report(
        answer.pointer,
        `the answer declines: ${excerpt(answer.text, 60)}`,
        'keep it where the request should be declined; else give the answer',
      )
    }
  },
}

const boilerplate =
  /\b[Aa]s an AI\b|\bAs an? (?:artificial intelligence|(?:large )?language model|virtual assistant)\b/

export const boilerplateAnswer: RecordRule = {
  id: 'answer/boilerplate',
  severity: 'warning',
  reason:
    'Phrases such as "As an AI language model" come from the model that wrote the data, and are learned word for word.',
  needles: ['AI', 'As a'],
  start: () => {
    return ({ answer }, report) => {
      const found = answer?.learned === true ? boilerplate.exec(answer.text) : null
      if (answer === undefined || found === null) return
      report(
        answer.pointer,
        `the answer speaks as a model: ${excerpt(answer.text.slice(found.index), 50)}`,
        'take the phrase away',
      )
    }
  },
}
