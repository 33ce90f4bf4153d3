import { HoneError } from '../../core/errors.ts'
import type { Example } from '../../core/example.ts'
import type { ChatText } from '../../text/chat-text.ts'
import type { EncodedExample } from './encoded-example.ts'

/**
 * Examples as tokens with their loss mask.
 *
 * @throws HoneError `E_TEMPLATE` or `E_DATA` with the record's id
 */
export function encodeExamples(examples: readonly Example[], chatText: ChatText): EncodedExample[] {
  return examples.map(({ id, messages }) => {
    try {
      const { tokens, trained } = chatText.encodeExample(messages)
      return { id, tokens, trained }
    } catch (error) {
      if (!HoneError.isInstance(error)) throw error
      throw new HoneError(error.code, `${id}: ${error.message}`, {
        at: error.at,
        ...(error.hint === undefined ? {} : { hint: error.hint }),
        cause: error,
      })
    }
  })
}
