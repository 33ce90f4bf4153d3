import type { DialectAnswer } from '../dialect-request.ts'
import type { AnswerForm } from './message-answer.ts'

type Usage = DialectAnswer['usage']

/**
 * Messages as Anthropic's own API writes them. What a cache did is told to clients that asked for it; to others all input is
 * the same, as it is there.
 * Source: https://docs.anthropic.com/en/api/messages and the types of @anthropic-ai/sdk 1.12.0
 *
 * @param asked.caches the client has marked what it wants to be cached
 * @param asked.tier `batch` for a message of a batch
 */
export const messageForm = ({
  caches,
  tier = 'standard',
}: {
  readonly caches: boolean
  readonly tier?: 'standard' | 'batch'
}): AnswerForm => ({
  message: { stop_details: null, container: null, diagnostics: null },
  // Without citations, of which there are none: some clients take a list only.
  textBlock: {},
  toolBlock: { caller: { type: 'direct' } },
  delta: { stop_details: null, container: null },
  pings: true,
  usage: (usage) => ({
    ...tokens(usage, caches),
    cache_creation: {
      ephemeral_5m_input_tokens: tokens(usage, caches).cache_creation_input_tokens,
      ephemeral_1h_input_tokens: 0,
    },
    inference_geo: null,
    service_tier: tier,
    speed: null,
  }),
  endUsage: (usage) => tokens(usage, caches),
  stop: () => ({}),
})

const tokens = (
  { inputTokens, outputTokens, cached }: Usage,
  caches: boolean,
): Readonly<Record<string, number | null>> & { readonly cache_creation_input_tokens: number } => {
  const { read = 0, written = 0 } = caches ? (cached ?? {}) : {}
  return {
    input_tokens: inputTokens - read - written,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    output_tokens: outputTokens,
    output_tokens_details: null,
    server_tool_use: null,
  }
}
