import { z } from 'zod'
import { withBegunAnswer } from '../begun-answer.ts'
import type { BodyCodec } from '../dialect-request.ts'
import { readWith } from '../read-body.ts'
import { converseEvents, defaultMaxTokens, readConverseMessages, writeConverse } from './converse.ts'

const request = z.strictObject({
  schemaVersion: z.literal('messages-v1').optional(),
  messages: z.unknown(),
  system: z.unknown().optional(),
  toolConfig: z.unknown().optional(),
  inferenceConfig: z
    .strictObject({
      maxTokens: z.int().min(1).optional(),
      max_new_tokens: z.int().min(1).optional(),
      temperature: z.number().min(0).max(1).optional(),
      topP: z.number().min(0).max(1).optional(),
      top_p: z.number().min(0).max(1).optional(),
      topK: z.int().min(0).optional(),
      top_k: z.int().min(0).optional(),
      stopSequences: z.array(z.string().min(1)).optional(),
    })
    .optional(),
})

/**
 * The body of Amazon Nova.
 * Source: https://docs.aws.amazon.com/nova/latest/userguide/complete-request-schema.html
 */
export const novaMessages: BodyCodec = {
  id: 'nova',
  read(body) {
    const read = readWith(request, body)
    const config = read.inferenceConfig ?? {}
    const topP = config.topP ?? config.top_p
    const topK = config.topK ?? config.top_k
    return withBegunAnswer({
      ...readConverseMessages(body),
      maxTokens: config.maxTokens ?? config.max_new_tokens ?? defaultMaxTokens,
      ...(config.temperature === undefined ? {} : { temperature: config.temperature }),
      ...(topP === undefined ? {} : { topP }),
      ...(topK === undefined ? {} : { topK }),
      ...(config.stopSequences === undefined ? {} : { stop: config.stopSequences }),
    })
  },
  write: (answer) => writeConverse(answer),
  async *stream(parts, context) {
    for await (const [type, payload] of converseEvents(parts, context)) yield { [type]: payload }
  },
}
