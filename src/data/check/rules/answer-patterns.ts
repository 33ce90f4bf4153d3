import { counted } from '../../counted.ts'
import { excerpt } from '../../excerpt.ts'
import type { SetRule } from '../rule.ts'

/** With fewer records a majority says nothing. */
const fewestRecords = 40
const largestMinority = 0.05

/** A habit of writing that answers have or lack. */
interface Habit {
  readonly has: (text: string) => boolean
  /** What those with it and those without it do, after a number and "answers". */
  readonly words: readonly [has: string, lacks: string]
}

const habits: readonly Habit[] = [
  {
    has: (text) => /[.!?…。！？]["'”’)\]]?\s*$/.test(text.slice(-4)),
    words: ['end with a full stop', 'carry no full stop'],
  },
  { has: (text) => /^\s*[{[]/.test(text), words: ['begin as JSON', 'do not begin as JSON'] },
  { has: (text) => text.startsWith('```'), words: ['begin with a code block', 'begin without a code block'] },
  {
    has: (text) => /^\p{Ll}/u.test(text),
    words: ['begin with a small letter', 'begin otherwise than with a small letter'],
  },
  { has: (text) => /^\s/.test(text), words: ['begin with white space', 'begin without white space'] },
  { has: (text) => /\s$/.test(text), words: ['end with white space', 'end without white space'] },
]

export const answerForm: SetRule = {
  id: 'answer/form-drift',
  severity: 'warning',
  reason:
    'A few answers in another form than all others are noise, and programs that read answers stumble over it.',
  start({ placeOf }) {
    const tallies = habits.map(() => ({ with: 0, without: 0, firstWith: 0, firstWithout: 0 }))
    return {
      take({ answer, key }) {
        if (answer === undefined || answer.text === '') return
        for (let at = 0; at < habits.length; at++) {
          const tally = tallies[at]
          if (tally === undefined) continue
          if (habits[at]?.has(answer.text) === true) {
            if (tally.with++ === 0) tally.firstWith = key
          } else if (tally.without++ === 0) tally.firstWithout = key
        }
      },
      *finish() {
        for (const [at, habit] of habits.entries()) {
          const tally = tallies[at]
          if (tally === undefined) continue
          const all = tally.with + tally.without
          const minority = Math.min(tally.with, tally.without)
          if (all < fewestRecords || minority === 0 || minority > largestMinority * all) continue
          const isWith = tally.with < tally.without
          const [few, many] = isWith ? habit.words : [habit.words[1], habit.words[0]]
          yield {
            at: placeOf(isWith ? tally.firstWith : tally.firstWithout),
            message: `${counted(minority, 'answer')} ${minority === 1 ? singular(few) : few} where ${(all - minority).toLocaleString('en-US')} ${many}`,
            hint: 'write all answers in one form',
          }
        }
      },
    }
  },
}

const singular = (words: string): string =>
  words.replace(/^(carry|begin|end|do)\b/, (verb) =>
    verb === 'carry' ? 'carries' : verb === 'do' ? 'does' : `${verb}s`,
  )

/** A habit that is not seen in so many records will not be one. */
const readRecords = 50_000

/** Counters of the Misra-Gries summary: any answer of more than one in nine records is among them. */
const counters = 8

export const identicalAnswers: SetRule = {
  id: 'answer/identical',
  severity: 'warning',
  reason: 'Where nearly every answer is the same, a model learns to say it whatever it is asked.',
  start({ placeOf }, { labels }) {
    const counts = new Map<string, { count: number; readonly first: number }>()
    let records = 0
    return {
      take({ answer, key }) {
        if (answer === undefined || records >= readRecords) return
        records++
        const known = counts.get(answer.text)
        if (known !== undefined) known.count++
        else if (counts.size < counters) counts.set(answer.text, { count: 1, first: key })
        else {
          for (const [text, entry] of counts) if (--entry.count === 0) counts.delete(text)
        }
      },
      *finish() {
        // Of labels, one may well make half of all.
        const share = labels.looksLikeLabels ? 0.95 : 0.5
        if (records < 20) return
        for (const [text, { count, first }] of counts) {
          if (count < share * records) continue
          yield {
            at: placeOf(first),
            message: `at least ${counted(count, 'answer')} of ${records.toLocaleString('en-US')} are ${excerpt(text)}`,
            hint: 'add records with other answers, or ask whether this task needs a model',
          }
        }
      },
    }
  },
}
