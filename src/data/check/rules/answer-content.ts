import { excerpt } from '../../excerpt.ts'
import type { RecordRule } from '../rule.ts'

export const emptyAnswer: RecordRule = {
  id: 'answer/empty',
  severity: 'error',
  reason: 'An empty answer teaches the model to say nothing.',
  start({ profile }) {
    // Records for the own engine are read in full, which finds it.
    if (profile === undefined || profile.service === 'local') return undefined
    return ({ answer }, report) => {
      if (answer !== undefined && answer.text.length < 1000 && answer.text.trim() === '') {
        report(answer.pointer, 'the answer is empty', 'give the answer, or take the record away')
      }
    }
  },
}

const placeholder =
  /^(?:todo|tbd|fixme|undefined|null|nan|lorem ipsum.{0,100}|\[?(?:answer|response|insert .{0,40})\]?|n\/?a)[.!]?$/i

export const nearEmptyAnswer: RecordRule = {
  id: 'answer/near-empty',
  severity: 'warning',
  reason: 'An answer of punctuation, or a word that stands for a missing one, was forgotten.',
  start: () => {
    return ({ answer }, report) => {
      if (answer === undefined || answer.text.length > 120) return
      const text = answer.text.trim()
      if (text === '') return
      const isBare = !/[\p{L}\p{N}\p{S}]/u.test(text)
      if (isBare || placeholder.test(text)) {
        report(answer.pointer, `the answer is ${excerpt(text)}`, 'give the answer, or take the record away')
      }
    }
  },
}
