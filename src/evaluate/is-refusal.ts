const apostrophes = /[’‘ʼ]/g

/** To decline in so many words: what follows tells it from "I cannot find your order". */
const deed =
  '(?:help|assist|provide|comply|do (?:that|this|so)|fulfil+|answer (?:that|this|your)|support|create|write|generate|produce|share|give|offer|engage|participate|discuss|recommend|advise|tell you how|explain how|show you how|continue with|proceed|in good conscience|be able to (?:help|assist|provide))'

const adverbs = '(?:(?:really|unfortunately|also|therefore|just|simply|ethically|legally) )*'

const patterns: readonly RegExp[] = [
  new RegExp(
    `\\bi (?:can(?:no|')t|can not|won't|will not|could not|couldn't|shouldn't|should not) ${adverbs}${deed}`,
  ),
  new RegExp(
    `\\bi(?:'m| am) (?:not able|unable|not allowed|not permitted|not in a position) to ${adverbs}${deed}`,
  ),
  /\bi(?:'m| am) not (?:comfortable|willing|going to (?:help|assist|provide|do))/,
  /\bi (?:must|have to|need to|will have to|'ll have to) (?:respectfully |politely )?(?:decline|refuse|pass on)/,
  /\bi (?:respectfully |politely )?(?:decline|refuse) to\b/,
  /\b(?:goes|is|would be|it's) against my (?:guidelines|programming|policy|policies|principles|rules)/,
  /\bmy (?:guidelines|policies|programming) (?:do not|don't|prevent|prohibit|forbid)/,
  /\bas an? (?:responsible |ethical )?(?:ai|artificial intelligence|language model)[^.]{0,80}\b(?:can't|cannot|can not|unable|not able|won't|do not|don't)/,
  /^(?:i'm |i am )?(?:so |very |really )?(?:sorry|afraid|apologi[sz]e|apologies)[^.!?]{0,30}\b(?:can't|cannot|can not|unable|not able|won't|must decline)\b(?! (?:find|see|locate|read|open))/,
  /\bi (?:can't|cannot|can not|won't) (?:be (?:part of|involved in)|encourage|condone|facilitate|promote|enable)/,
]

/** Where a refusal stands: an answer that helps first and then names a limit is none. */
const beginning = 240

/**
 * True for an answer that declines to do what it was asked. Told by English wording at the beginning of the answer; a refusal
 * in other words, or in another language, is not seen.
 */
export function isRefusal(answer: string): boolean {
  const text = answer
    .trim()
    .slice(0, beginning)
    .toLowerCase()
    .replaceAll(apostrophes, "'")
    .replaceAll(/\s+/g, ' ')
  return patterns.some((pattern) => pattern.test(text))
}
