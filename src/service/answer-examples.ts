import type { ChatModel, ChatRequest, WaitOptions } from '../core/chat-model.ts'
import { HoneError } from '../core/errors.ts'
import type { Message } from '../core/example.ts'
import type { CandidateAnswer } from '../evaluate/evaluation.ts'

export interface Question {
  readonly exampleId: string
  readonly messages: readonly Message[]
}

export interface AnswerOptions extends WaitOptions {
  /** Longest answer in tokens. */
  readonly maxTokens: number
  readonly onProgress?: (done: number, total: number) => void
}

// The latency that a user sees is that of a question asked alone; a few tell it well enough.
const askedAlone = 5

/**
 * Greedy answers of a model to all questions, in their order. The first few are asked one at a time, for their latency,
 * the rest as many at once as the model takes.
 */
export async function answerExamples(
  model: ChatModel,
  questions: readonly Question[],
  { maxTokens, signal, onProgress }: AnswerOptions,
): Promise<CandidateAnswer[]> {
  const answers: CandidateAnswer[] = []
  let next = 0
  let done = 0
  const work = async (until: number, alone: boolean): Promise<void> => {
    while (next < until) {
      const index = next++
      const { exampleId, messages } = questions[index] as Question
      const started = performance.now()
      const answer = await answerOne(model, { messages, maxTokens }, signal)
      answers[index] = { exampleId, ...answer, ...(alone ? { latencyMs: performance.now() - started } : {}) }
      onProgress?.(++done, questions.length)
    }
  }
  await work(Math.min(askedAlone, questions.length), true)
  await Promise.all(Array.from({ length: model.concurrency }, () => work(questions.length, false)))
  return answers
}

async function answerOne(
  model: ChatModel,
  request: ChatRequest,
  signal: AbortSignal | undefined,
): Promise<Omit<CandidateAnswer, 'exampleId'>> {
  let answer = ''
  for await (const part of model.chat(request, signal === undefined ? {} : { signal })) {
    if (part.type === 'text-delta') answer += part.text
    else return { answer, ...part.usage, finishReason: part.reason }
  }
  throw new HoneError('E_INTERNAL', `the answer of ${model.id} ended without a finish`)
}
