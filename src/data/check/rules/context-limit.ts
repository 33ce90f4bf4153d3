import type { RecordRule } from '../rule.ts'

/** A template writes some tokens around each message; this many bytes of a record can never be too few for them. */
const templateTokens = 64

export const contextLimit: RecordRule = {
  id: 'answer/cut',
  severity: 'error',
  reason: 'Where a record is longer than the context of the model, its answer is cut, or not learned at all.',
  start({ target }) {
    if (target === undefined) return undefined
    return ({ turns, answer, bytes }, report) => {
      // No tokenizer makes more tokens than bytes.
      if (answer === undefined || bytes + templateTokens * (turns.length + 1) <= target.context) return
      const tokens = target.countTokens(turns)
      if (tokens === undefined || tokens.all <= target.context) return
      const sizes = `${tokens.all.toLocaleString('en-US')} tokens, ${target.name} holds ${target.context.toLocaleString('en-US')}`
      const what =
        tokens.prompt >= target.context
          ? 'the prompt alone fills the context: nothing of the answer would be learned'
          : `the last ${(tokens.all - target.context).toLocaleString('en-US')} tokens of the answer would be cut`
      report(
        answer.pointer,
        `${what} (${sizes})`,
        'shorten the record, or choose a base with a longer context',
      )
    }
  },
}
