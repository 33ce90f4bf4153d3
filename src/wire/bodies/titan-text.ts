import { z } from 'zod'
import type { BodyCodec, DialectStop } from '../dialect-request.ts'
import { readWith } from '../read-body.ts'
import { defaultMaxTokens } from './converse.ts'

const request = z.strictObject({
  inputText: z.string().min(1),
  textGenerationConfig: z
    .strictObject({
      maxTokenCount: z.int().min(1).optional(),
      temperature: z.number().min(0).max(1).optional(),
      topP: z.number().min(0).max(1).optional(),
      stopSequences: z.array(z.string().min(1)).optional(),
    })
    .optional(),
})

const reasons: Readonly<Record<DialectStop, string>> = {
  end: 'FINISH',
  length: 'LENGTH',
  'stop-sequence': 'STOP_CRITERIA_MET',
  'tool-call': 'FINISH',
}

/**
 * The body of Amazon Titan Text.
 * Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-text.html
 */
export const titanText: BodyCodec = {
  id: 'titan-text',
  read(body) {
    const { inputText, textGenerationConfig: config = {} } = readWith(request, body)
    return {
      messages: [{ role: 'user', content: inputText }],
      maxTokens: config.maxTokenCount ?? defaultMaxTokens,
      ...(config.temperature === undefined ? {} : { temperature: config.temperature }),
      ...(config.topP === undefined ? {} : { topP: config.topP }),
      ...(config.stopSequences === undefined ? {} : { stop: config.stopSequences }),
    }
  },
  write: ({ text, stop, usage }) => ({
    inputTextTokenCount: usage.inputTokens,
    results: [{ tokenCount: usage.outputTokens, outputText: text, completionReason: reasons[stop] }],
  }),
  async *stream(parts, { inputTokens }) {
    for await (const part of parts) {
      if (part.type === 'text') {
        yield {
          outputText: part.text,
          index: 0,
          totalOutputTextTokenCount: null,
          completionReason: null,
          inputTextTokenCount: inputTokens(),
        }
      } else if (part.type === 'end') {
        yield {
          outputText: '',
          index: 0,
          totalOutputTextTokenCount: part.usage.outputTokens,
          completionReason: reasons[part.stop],
          inputTextTokenCount: part.usage.inputTokens,
        }
      }
    }
  },
}
