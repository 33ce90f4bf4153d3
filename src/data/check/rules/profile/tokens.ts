import { counted } from '../../../counted.ts'
import type { RecordRule } from '../../rule.ts'

export const recordTokens: RecordRule = {
  id: 'profile/tokens',
  severity: 'error',
  reason:
    "A record over the service's limit of tokens is refused; without its tokenizer the length is estimated.",
  start({ profile }) {
    const limits = profile?.tokens
    if (limits === undefined) return undefined
    const { record, output, charactersPerToken } = limits
    if (record === undefined && output === undefined) return undefined
    const most = record === undefined ? Infinity : record.value * charactersPerToken
    const mostOfOutput = output === undefined ? Infinity : output.value * charactersPerToken
    const method = `estimated at ${charactersPerToken} characters each`
    return ({ turns, answer, bytes }, report) => {
      if (bytes > 0 && bytes <= most && mostOfOutput === Infinity) return
      let characters = 0
      for (const { text } of turns) characters += text.length
      if (characters > most) {
        const tokens = Math.ceil(characters / charactersPerToken)
        report(
          '',
          `the record has about ${counted(tokens, 'token')}, the limit is ${record?.value.toLocaleString('en-US')} (${method})`,
          'shorten it, or split it into several records',
        )
      }
      if (answer !== undefined && answer.text.length > mostOfOutput) {
        const tokens = Math.ceil(answer.text.length / charactersPerToken)
        report(
          answer.pointer,
          `the answer has about ${counted(tokens, 'token')}, the limit is ${output?.value.toLocaleString('en-US')} (${method})`,
          'shorten it',
        )
      }
    }
  },
}
