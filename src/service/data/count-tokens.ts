import { HoneError } from '../../core/errors.ts'
import type { Example } from '../../core/example.ts'
import type { AnswerChoice } from '../../core/training-settings.ts'
import type { RecordTokens } from '../../data/statistics/token-tally.ts'
import { encodeExamples } from '../../engine/train/encode-examples.ts'
import { longestTokens, trainedTokens } from '../../engine/train/encoded-example.ts'
import { commonPrefixLength } from '../../lib/common-prefix.ts'
import type { ModelText } from '../../text/load-chat-text.ts'

export interface CountSettings {
  readonly answers: AnswerChoice
  /** Longest record in tokens. */
  readonly limit: number
}

/** A record to count: what training would see of it. */
export interface CountedInput {
  readonly line: number
  readonly example: Pick<Example, 'id' | 'messages' | 'learned' | 'rejected' | 'tools'>
}

/** A record that the model's template or tokenizer cannot take. */
export interface CountFailure {
  readonly line: number
  readonly code: string
  readonly message: string
}

export interface CountedBatch {
  readonly records: readonly RecordTokens[]
  readonly failures: readonly CountFailure[]
  /** The tokens that all counted records begin with; `undefined` when none was counted. */
  readonly prefix: readonly number[] | undefined
}

const keptSystemPrompts = 1_000

/** Counts the tokens of records exactly as training encodes them, by the same function. */
export function createTokenCount(
  { chatText, tokenizer }: ModelText,
  { answers, limit }: CountSettings,
): (records: readonly CountedInput[]) => CountedBatch {
  const systemTokens = new Map<string, number>()
  const systemLength = (messages: Example['messages']): number => {
    const [first] = messages
    const prompt = first?.role === 'system' ? first.content : (chatText.defaultSystemPrompt ?? '')
    const known = systemTokens.get(prompt)
    if (known !== undefined) return known
    if (systemTokens.size >= keptSystemPrompts) systemTokens.clear()
    const length = tokenizer.encode(prompt).length
    systemTokens.set(prompt, length)
    return length
  }
  return (records) => {
    const counted: RecordTokens[] = []
    const failures: CountFailure[] = []
    let prefix: readonly number[] | undefined
    for (const { line, example } of records) {
      try {
        const method = example.rejected === undefined ? 'sft' : 'dpo'
        const [encoded] = encodeExamples([example], chatText, { answers, method })
        if (encoded === undefined) continue
        const { tokens, trained, rejected } = encoded
        counted.push({
          line,
          longest: longestTokens(encoded),
          total: tokens.length,
          system: systemLength(example.messages),
          trained: trainedTokens(encoded),
          trainedWithin: trainedTokens({ tokens, trained: trained.slice(0, limit) }),
          rejected: rejected?.tokens.length ?? 0,
        })
        prefix = prefix === undefined ? tokens : prefix.slice(0, commonPrefixLength([prefix, tokens]))
      } catch (error) {
        if (!HoneError.isInstance(error)) throw error
        failures.push({ line, code: error.code, message: error.message })
      }
    }
    return { records: counted, failures, prefix }
  }
}
