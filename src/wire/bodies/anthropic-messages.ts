import { z } from 'zod'
import { messageEvents, writeMessage, type AnswerForm } from '../anthropic/message-answer.ts'
import { messageFrom, requestMembers, toDialectRequest } from '../anthropic/message-members.ts'
import { withBegunAnswer } from '../begun-answer.ts'
import type { BodyCodec } from '../dialect-request.ts'
import { readWith } from '../read-body.ts'

const bedrockRequest = z.strictObject({
  // Anthropic's own client sends the version of its API instead.
  anthropic_version: z
    .string()
    .regex(/^(bedrock-2023-05-31|20\d\d-\d\d-\d\d)$/, 'expected "bedrock-2023-05-31"'),
  anthropic_beta: z.array(z.string()).optional(),
  ...requestMembers,
  top_k: z.int().min(0).max(500).optional(),
  messages: z.array(messageFrom(['user', 'assistant'])).min(1),
})

const form: AnswerForm = {
  message: {},
  textBlock: {},
  toolBlock: {},
  delta: {},
  pings: false,
  usage: ({ inputTokens, outputTokens }) => ({ input_tokens: inputTokens, output_tokens: outputTokens }),
  endUsage: ({ outputTokens }) => ({ output_tokens: outputTokens }),
  stop: ({ inputTokens, outputTokens }, { firstByte, elapsed }) => ({
    'amazon-bedrock-invocationMetrics': {
      inputTokenCount: inputTokens,
      outputTokenCount: outputTokens,
      invocationLatency: Math.round(elapsed),
      firstByteLatency: Math.round(firstByte),
    },
  }),
}

/**
 * Anthropic's Messages as Bedrock takes them in `InvokeModel`.
 * Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages-request-response.html
 */
export const anthropicMessages: BodyCodec = {
  id: 'anthropic',
  read: (body) => withBegunAnswer(toDialectRequest(readWith(bedrockRequest, body))),
  write: (answer, context) => writeMessage(answer, context, form),
  stream: (parts, context) => messageEvents(parts, context, form),
}
