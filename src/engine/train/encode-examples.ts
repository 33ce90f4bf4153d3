import { HoneError } from '../../core/errors.ts'
import type { Example, Message } from '../../core/example.ts'
import type { AnswerChoice, TrainingMethod } from '../../core/training-settings.ts'
import type { ChatText } from '../../text/chat-text.ts'
import type { EncodedExample, EncodedSequence } from './encoded-example.ts'

export interface EncodeOptions {
  /** Which assistant turns carry loss; of a pair always the last one. Default `all`. */
  readonly answers?: AnswerChoice
  /** `dpo` encodes both answers of a pair, `sft` the preferred one. Default `sft`. */
  readonly method?: TrainingMethod
}

/**
 * Examples as tokens with their loss mask.
 *
 * @throws HoneError `E_TEMPLATE` or `E_DATA` with the record's id
 */
export function encodeExamples(
  examples: readonly Example[],
  chatText: ChatText,
  { answers = 'all', method = 'sft' }: EncodeOptions = {},
): EncodedExample[] {
  return examples.map((example) => {
    const { id, messages, weight, learned, rejected, tools } = example
    const counted = weight === undefined ? {} : { weight }
    try {
      if (method === 'dpo') {
        if (rejected === undefined) throw new HoneError('E_DATA', 'the record is no preference pair')
        const other = [...messages.slice(0, -1), { role: 'assistant', content: rejected } as const]
        return {
          id,
          ...lastAnswer(chatText, messages, tools),
          ...counted,
          rejected: lastAnswer(chatText, other, tools),
        }
      }
      const { tokens, trained } = chatText.encodeExample(messages, { answers, learned, tools })
      return { id, tokens, trained, ...counted }
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

function lastAnswer(
  chatText: ChatText,
  messages: readonly Message[],
  tools: Example['tools'],
): EncodedSequence {
  const { tokens, trained } = chatText.encodeExample(messages, { answers: 'last', tools })
  return { tokens, trained }
}
