import type { ChatModel, ChatRequest, WaitOptions } from '../core/chat-model.ts'
import { HoneError } from '../core/errors.ts'
import type { Message, Tool, ToolCall } from '../core/example.ts'
import type { CandidateAnswer } from '../evaluate/evaluation.ts'
import { writeTagged } from '../text/tools/call-form.ts'

export interface Question {
  readonly exampleId: string
  readonly messages: readonly Message[]
  /** What the model may call. */
  readonly tools?: readonly Tool[]
}

/** An answer as it is scored: its text, then a line for each call, whatever form the model writes them in. */
export const scoredAnswer = ({ content, toolCalls = [] }: Pick<Message, 'content' | 'toolCalls'>): string =>
  [...(content === '' && toolCalls.length > 0 ? [] : [content]), ...toolCalls.map(writeTagged)].join('\n')

export interface AnswerOptions extends WaitOptions {
  /** Longest answer in tokens. */
  readonly maxTokens: number
  /** Labels whose probability is asked for too, after each answer. */
  readonly labels?: readonly string[]
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
  { maxTokens, labels, signal, onProgress }: AnswerOptions,
): Promise<CandidateAnswer[]> {
  const answers: CandidateAnswer[] = []
  let done = 0
  const work = async (indices: number[], alone: boolean): Promise<void> => {
    for (let index = indices.shift(); index !== undefined; index = indices.shift()) {
      const { exampleId, messages, tools } = questions[index] as Question
      const started = performance.now()
      const { firstTokenAt, ...answer } = await answerOne(
        model,
        { messages, maxTokens, ...(tools === undefined ? {} : { tools }) },
        signal,
      )
      const latencyMs = performance.now() - started
      const firstTokenMs = firstTokenAt === undefined ? {} : { firstTokenMs: firstTokenAt - started }
      const labelScores =
        labels === undefined
          ? undefined
          : await model.scoreLabels(messages, labels, signal === undefined ? {} : { signal })
      answers[index] = {
        exampleId,
        ...answer,
        ...(alone ? { latencyMs, ...firstTokenMs } : {}),
        ...(labelScores === undefined ? {} : { labelScores }),
      }
      onProgress?.(++done, questions.length)
    }
  }
  const waiting = [...questions.keys()]
  await work(waiting.splice(0, askedAlone), true)
  // Questions of similar length are answered together with the least padding.
  const lengths = questions.map(({ messages }) =>
    messages.reduce((sum, { content }) => sum + content.length, 0),
  )
  waiting.sort((left, right) => (lengths[left] ?? 0) - (lengths[right] ?? 0))
  await Promise.all(Array.from({ length: model.concurrency }, () => work(waiting, false)))
  return answers
}

async function answerOne(
  model: ChatModel,
  request: ChatRequest,
  signal: AbortSignal | undefined,
): Promise<Omit<CandidateAnswer, 'exampleId'> & { firstTokenAt: number | undefined }> {
  let content = ''
  const toolCalls: ToolCall[] = []
  let firstTokenAt: number | undefined
  for await (const part of model.chat(request, signal === undefined ? {} : { signal })) {
    if (part.type === 'text-delta') {
      firstTokenAt ??= performance.now()
      content += part.text
    } else if (part.type === 'tool-call') toolCalls.push(part.call)
    else
      return {
        answer: scoredAnswer({ content, toolCalls }),
        ...part.usage,
        finishReason: part.reason,
        firstTokenAt,
      }
  }
  throw new HoneError('E_INTERNAL', `the answer of ${model.id} ended without a finish`)
}
