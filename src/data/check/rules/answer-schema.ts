import { parseJson } from '../../../lib/parse-json.ts'
import { excerpt } from '../../excerpt.ts'
import type { RecordRule } from '../rule.ts'

/** Models wrap JSON in a code block; that is another mistake than wrong JSON. */
const fenced = /^\s*```/

export const answerSchema: RecordRule = {
  id: 'answer/schema',
  severity: 'error',
  reason: 'Answers that break the declared JSON schema teach the model to break it.',
  start({ answerFaults }) {
    if (answerFaults === undefined) return undefined
    return ({ answer }, report) => {
      if (answer?.learned !== true) return
      let value: unknown
      try {
        value = parseJson(answer.text)
      } catch {
        const why = fenced.test(answer.text)
          ? 'it stands in a code block'
          : `it begins with ${excerpt(answer.text, 20)}`
        report(answer.pointer, `the answer is no JSON: ${why}`, 'write the bare JSON value')
        return
      }
      for (const { pointer, message } of answerFaults(value).slice(0, 3)) {
        report(
          answer.pointer,
          `the answer breaks the schema at ${pointer === '' ? 'its top' : pointer}: ${message}`,
        )
      }
    }
  },
}
