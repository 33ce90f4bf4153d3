import { printableText } from '../../lib/printable-text.ts'
import type { RoundingEffect } from '../../core/arithmetic.ts'
import type { DecidedLabel } from '../../core/chat-model.ts'
import type { OpenedChat } from '../../service/chat/chat-service.ts'

/** Which model answers, and what its template says for the user unasked. */
export function openedLines(
  {
    id,
    kind,
    base,
    defaultSystemPrompt,
    systemPrompt,
  }: Pick<OpenedChat, 'id' | 'kind' | 'base' | 'defaultSystemPrompt' | 'systemPrompt'>,
  system: string | undefined,
): string[] {
  const who = kind === 'base' ? `${id} (base)` : `${id} (tuned from ${base})`
  if (system === undefined && systemPrompt !== null) {
    return [
      printableText(who),
      printableText(
        `with the system prompt of its training: ${JSON.stringify(systemPrompt)}; --system replaces it`,
      ),
    ]
  }
  if (system !== undefined || defaultSystemPrompt === null) return [printableText(who)]
  return [
    printableText(who),
    printableText(
      `its template adds this system prompt: ${JSON.stringify(defaultSystemPrompt)}; --system replaces it`,
    ),
  ]
}

/** What answering with inputs of eight bits changes; nothing where it was not asked for. */
export function roundingLines(effect: RoundingEffect | null | undefined): string[] {
  if (effect === undefined) return []
  if (effect === null) return ['computed exactly: int8 needs a base with weights of four or eight bits']
  const { sameToken, tokens, meanDifference } = effect
  return [
    `computed with inputs of eight bits: at ${(100 * sameToken).toFixed(1)} % of ${tokens} places of built-in texts the likeliest token is that of fp32, its log-probability ${meanDifference.toFixed(3)} away on average`,
  ]
}

/** The label that was decided by the probabilities of all labels. */
export function labelLines({ label, probability, likeliest }: DecidedLabel): string[] {
  const corrected = label === likeliest ? '' : `; corrected for rare labels, the likeliest is ${likeliest}`
  return [
    printableText(
      `decided by the probabilities of all labels: ${label} (${(probability * 100).toFixed(1)} %${corrected})`,
    ),
  ]
}
