import type { Example } from '../core/example.ts'
import type { TokenPlan } from '../profiles/token-plans.ts'
import type { RecordTokens } from './statistics/token-tally.ts'

/** The tokens of a record by the rule of thumb that a plan names; answers that are not learned count as prompt. */
export function estimateTokens(
  example: Example,
  line: number,
  plan: TokenPlan,
  limit: number | undefined,
): RecordTokens {
  const { charactersPerToken, tokensPerMessage, tokensPerRecord } = plan
  const tokensOf = (text: string): number => Math.ceil(text.length / charactersPerToken)
  let total = tokensPerRecord
  let system = 0
  let trained = 0
  let trainedWithin = 0
  let answers = 0
  for (const { role, content, toolCalls } of example.messages) {
    const tokens = tokensOf(content) + (toolCalls === undefined ? 0 : tokensOf(JSON.stringify(toolCalls)))
    total += tokensPerMessage
    if (role === 'system') system += tokens
    if (role === 'assistant' && example.learned?.[answers++] !== false) {
      trained += tokens
      trainedWithin += Math.max(0, Math.min(tokens, (limit ?? Infinity) - total))
    }
    total += tokens
  }
  if (example.tools !== undefined) total += tokensOf(JSON.stringify(example.tools))
  const answer = tokensOf(example.messages.at(-1)?.content ?? '')
  const rejected = example.rejected === undefined ? 0 : total - answer + tokensOf(example.rejected)
  return { line, longest: Math.max(total, rejected), total, system, trained, trainedWithin, rejected }
}
