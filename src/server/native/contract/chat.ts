import { z } from 'zod'
import { apiError, count } from './common.ts'
import { operations } from './operation.ts'

const toolCall = z.object({ id: z.string(), name: z.string(), arguments: z.record(z.string(), z.unknown()) })

export const message = z
  .object({
    role: z.enum(['system', 'user', 'assistant', 'tool']),
    content: z.string(),
    toolCalls: z.array(toolCall).exactOptional(),
    toolCallId: z.string().exactOptional(),
    failed: z.boolean().exactOptional(),
  })
  .meta({ id: 'Message' })

export const tool = z
  .object({
    name: z.string(),
    description: z.string().exactOptional(),
    parameters: z.record(z.string(), z.unknown()).exactOptional().meta({ description: 'JSON Schema' }),
  })
  .meta({ id: 'Tool' })

export const chatBody = z
  .strictObject({
    model: z.string().min(1).max(300).meta({ description: 'id of a base or tuned model of the home' }),
    messages: z.array(message).min(1),
    tools: z.array(tool).exactOptional(),
    maxTokens: z.int().min(1).max(1_000_000).exactOptional(),
    temperature: z.number().min(0).max(10).exactOptional().meta({ description: '0, the default, is greedy' }),
    topK: z.int().min(0).exactOptional(),
    topP: z.number().min(0).max(1).exactOptional(),
    seed: z.int().min(0).exactOptional(),
    stop: z.array(z.string().min(1)).max(16).exactOptional(),
    logProbabilities: z.boolean().exactOptional(),
    asWritten: z.boolean().exactOptional().meta({
      description: 'the answer as the model writes it, also where the probabilities of labels decide',
    }),
    likeliestTokens: z.int().min(0).max(20).exactOptional().meta({
      description: 'tells each token of the answer with so many of the likeliest ones at its place',
    }),
  })
  .meta({ id: 'Chat' })

const toldToken = {
  text: z.string().meta({ description: 'a token that is part of a character has U+FFFD in its place' }),
  logProbability: z.number(),
}

export const textDelta = z
  .object({
    text: z.string(),
    logProbabilities: z
      .array(z.number())
      .optional()
      .meta({ description: 'natural logarithm of the probability of each token of the text' }),
    tokens: z
      .array(z.object({ ...toldToken, likeliest: z.array(z.object(toldToken)) }))
      .optional()
      .meta({ description: 'where `likeliestTokens` is asked for' }),
  })
  .meta({ id: 'TextDelta' })

export const chatFinish = z
  .object({
    reason: z.enum(['stop', 'length', 'tool-calls']),
    usage: z.object({ promptTokens: count, completionTokens: count }),
    stopSequence: z.string().optional(),
    decided: z
      .object({ label: z.string(), probability: z.number(), likeliest: z.string() })
      .optional()
      .meta({ description: 'where the probabilities of labels decided the answer' }),
    milliseconds: z.object({ firstToken: z.number().nullable(), total: z.number() }),
  })
  .meta({ id: 'ChatFinish' })

export const chatOperations = operations({
  chat: {
    method: 'POST',
    path: '/api/chat',
    summary: 'Answers a conversation as a stream: `text` and `tool-call` events, then one `finish`',
    action: 'invoke',
    body: chatBody,
    answer: {
      kind: 'events',
      events: { text: textDelta, 'tool-call': toolCall, finish: chatFinish, error: apiError },
    },
  },
})
