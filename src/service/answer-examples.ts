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

/** Greedy answers of a model to all questions, in their order, as many at once as the model takes. */
export async function answerExamples(
  model: ChatModel,
  questions: readonly Question[],
  { maxTokens, signal, onProgress }: AnswerOptions,
): Promise<CandidateAnswer[]> {
  const answers: CandidateAnswer[] = []
  let next = 0
  let done = 0
  const work = async (): Promise<void> => {
    for (;;) {
      const index = next++
      const question = questions[index]
      if (question === undefined) return
      answers[index] = await answerOne(model, question, { messages: question.messages, maxTokens }, signal)
      onProgress?.(++done, questions.length)
    }
  }
  const workers = Array.from({ length: Math.min(model.concurrency, questions.length) }, work)
  await Promise.all(workers)
  return answers
}

async function answerOne(
  model: ChatModel,
  { exampleId }: Question,
  request: ChatRequest,
  signal: AbortSignal | undefined,
): Promise<CandidateAnswer> {
  const started = performance.now()
  let answer = ''
  for await (const part of model.chat(request, signal === undefined ? {} : { signal })) {
    if (part.type === 'text-delta') answer += part.text
    else {
      const { promptTokens, completionTokens } = part.usage
      const latencyMs = performance.now() - started
      return { exampleId, answer, latencyMs, promptTokens, completionTokens, finishReason: part.reason }
    }
  }
  throw new HoneError('E_INTERNAL', `the answer to ${exampleId} ended without a finish`)
}
