import type {
  ChatModel,
  ChatRequest,
  Constraint,
  LabelScore,
  SamplingOptions,
  WaitOptions,
} from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import type { Message, Tool, ToolCall } from '../../core/example.ts'
import type { CandidateAnswer } from '../../evaluate/evaluation.ts'
import { writeTagged } from '../../text/tools/call-form.ts'

export interface Question {
  readonly exampleId: string
  readonly messages: readonly Message[]
  /** What the model may call. */
  readonly tools?: readonly Tool[]
}

/** An answer as it is scored: its text, then a line for each call, whatever form the model writes them in. */
export const scoredAnswer = ({ content, toolCalls = [] }: Pick<Message, 'content' | 'toolCalls'>): string =>
  [...(content === '' && toolCalls.length > 0 ? [] : [content]), ...toolCalls.map(writeTagged)].join('\n')

/** What an answer depends on besides model and question. */
export interface AnswerSettings extends SamplingOptions {
  /** Longest answer in tokens. */
  readonly maxTokens: number
  readonly stop?: readonly string[]
  readonly constraint?: Constraint
}

export interface AnswerOptions extends AnswerSettings, WaitOptions {
  /** Labels whose probability is asked for too, after each answer. */
  readonly labels?: readonly string[]
  /** Called with each answer as it comes, in any order; its place among the questions first. */
  readonly onAnswer?: (index: number, answer: CandidateAnswer) => Promise<void>
  readonly onProgress?: (done: number, total: number) => void
}

// The latency that a user sees is that of a question asked alone; a few tell it well enough.
const askedAlone = 5

/**
 * Answers of a model to all questions, in their order; greedy where no temperature is given. The first few are asked one at a
 * time, for their latency, the rest as many at once as the model takes. A question that the model cannot answer is a failed
 * answer, and the others go on.
 *
 * @throws what the model throws, when it will never answer again or when it answers none of the questions; `signal.reason`
 */
export async function answerExamples(
  model: ChatModel,
  questions: readonly Question[],
  { labels, signal, onAnswer, onProgress, ...settings }: AnswerOptions,
): Promise<CandidateAnswer[]> {
  const answers: CandidateAnswer[] = []
  const wait = signal === undefined ? {} : { signal }
  let done = 0
  let firstFailure: unknown
  const answerTo = async (
    { exampleId, messages, tools }: Question,
    alone: boolean,
  ): Promise<CandidateAnswer> => {
    try {
      const started = performance.now()
      const { firstTokenAt, ...answer } = await answerOne(
        model,
        { messages, ...settings, ...(tools === undefined ? {} : { tools }) },
        wait,
      )
      const latencyMs = performance.now() - started
      const firstTokenMs = firstTokenAt === undefined ? {} : { firstTokenMs: firstTokenAt - started }
      const labelScores = labels === undefined ? undefined : await model.scoreLabels(messages, labels, wait)
      return {
        exampleId,
        ...answer,
        ...(alone ? { latencyMs, ...firstTokenMs } : {}),
        ...(labelScores === undefined ? {} : { labelScores }),
      }
    } catch (error) {
      signal?.throwIfAborted()
      if (model.isAlive === false) throw error
      firstFailure ??= error
      const message = error instanceof Error ? error.message : String(error)
      const code = HoneError.isInstance(error) ? error.code : 'E_INTERNAL'
      return {
        exampleId,
        answer: '',
        promptTokens: 0,
        completionTokens: 0,
        failed: { code, message },
        ...(labels === undefined ? {} : { labelScores: nothingKnown(labels) }),
      }
    }
  }
  const waiting = [...questions.keys()]
  const work = async (indices: number[], alone: boolean): Promise<void> => {
    try {
      for (let index = indices.shift(); index !== undefined; index = indices.shift()) {
        const answer = await answerTo(questions[index] as Question, alone)
        answers[index] = answer
        await onAnswer?.(index, answer)
        onProgress?.(++done, questions.length)
      }
    } catch (error) {
      indices.length = 0
      throw error
    }
  }
  await work(waiting.splice(0, askedAlone), true)
  // Questions of similar length are answered together with the least padding.
  const lengths = questions.map(({ messages }) =>
    messages.reduce((sum, { content }) => sum + content.length, 0),
  )
  waiting.sort((left, right) => (lengths[left] ?? 0) - (lengths[right] ?? 0))
  const ends = await Promise.allSettled(Array.from({ length: model.concurrency }, () => work(waiting, false)))
  const broken = ends.find((end) => end.status === 'rejected')
  if (broken !== undefined) throw broken.reason
  if (firstFailure !== undefined && answers.every(({ failed }) => failed !== undefined)) throw firstFailure
  return answers
}

/** A question without an answer says as much of one label as of another. */
const nothingKnown = (labels: readonly string[]): LabelScore[] =>
  labels.map((label) => ({
    label,
    logProbability: -Math.log(labels.length),
    probability: 1 / labels.length,
  }))

async function answerOne(
  model: ChatModel,
  request: ChatRequest,
  wait: WaitOptions,
): Promise<Omit<CandidateAnswer, 'exampleId'> & { firstTokenAt: number | undefined }> {
  let content = ''
  const toolCalls: ToolCall[] = []
  let firstTokenAt: number | undefined
  for await (const part of model.chat(request, wait)) {
    if (part.type === 'text-delta') {
      firstTokenAt ??= performance.now()
      content += part.text
    } else if (part.type === 'tool-call') toolCalls.push(part.call)
    else {
      const { promptTokens, completionTokens } = part.usage
      const answer = scoredAnswer({ content, toolCalls })
      return { answer, promptTokens, completionTokens, finishReason: part.reason, firstTokenAt }
    }
  }
  throw new HoneError('E_INTERNAL', `the answer of ${model.id} ended without a finish`)
}
