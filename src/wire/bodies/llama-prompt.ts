import { z } from 'zod'
import { llamaTurns } from '../../lib/llama-turns.ts'
import type { BodyCodec, DialectStop } from '../dialect-request.ts'
import { readWith } from '../read-body.ts'
import { defaultMaxTokens } from './converse.ts'

const request = z.strictObject({
  prompt: z.string().min(1),
  max_gen_len: z.int().min(1).optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
})

const reasons: Readonly<Record<DialectStop, string>> = {
  end: 'stop',
  length: 'length',
  'stop-sequence': 'stop',
  'tool-call': 'stop',
}

/**
 * The body of Meta Llama: one prompt, in which callers write the turns with Llama 3's own marks.
 * Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-meta.html
 */
export const llamaPrompt: BodyCodec = {
  id: 'llama',
  read(body) {
    const { prompt, max_gen_len: maxTokens, temperature, top_p: topP } = readWith(request, body)
    return {
      messages: llamaTurns(prompt),
      maxTokens: maxTokens ?? defaultMaxTokens,
      ...(temperature === undefined ? {} : { temperature }),
      ...(topP === undefined ? {} : { topP }),
    }
  },
  write: ({ text, stop, usage }) => ({
    generation: text,
    prompt_token_count: usage.inputTokens,
    generation_token_count: usage.outputTokens,
    stop_reason: reasons[stop],
  }),
  async *stream(parts, { inputTokens }) {
    let prompt: number | null = inputTokens()
    for await (const part of parts) {
      const counts = { prompt_token_count: prompt, generation_token_count: null, stop_reason: null }
      if (part.type === 'text') yield { generation: part.text, ...counts }
      else if (part.type === 'end') {
        yield {
          generation: '',
          prompt_token_count: null,
          generation_token_count: part.usage.outputTokens,
          stop_reason: reasons[part.stop],
        }
      }
      prompt = null
    }
  },
}
