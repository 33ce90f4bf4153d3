import type { ChatModel } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import type { CandidateAnswer } from '../../evaluate/evaluation.ts'
import { answerExamples, failedAnswer, type AnswerOptions, type Question } from '../run/answer-examples.ts'

/** Questions that may each end the model's process: after as many, what ends it is not the question. */
const mostDeaths = 3

/**
 * A model that is opened when it is first asked, and opened again when its process died. The questions that were under way then
 * are asked again one at a time: the one that ends the process once more is a failed answer, and the others go on.
 */
export class ReopenedModel implements AsyncDisposable {
  readonly #open: () => Promise<ChatModel>
  #model: ChatModel | undefined
  #deaths = 0

  constructor(open: () => Promise<ChatModel>) {
    this.#open = open
  }

  /** @throws what `answerExamples` throws, but for a process that dies on single questions */
  async answer(questions: readonly Question[], options: AnswerOptions): Promise<CandidateAnswer[]> {
    const answers: (CandidateAnswer | undefined)[] = questions.map(() => undefined)
    const isLeft = (at: number): boolean => answers[at] === undefined
    let done = 0
    const ask = async (
      list: readonly number[],
      under: Set<number>,
      { alone }: { readonly alone: boolean },
    ): Promise<void> => {
      const model = (this.#model ??= await this.#open())
      await answerExamples(
        alone ? oneAtATime(model) : model,
        list.map((at) => questions[at]!),
        {
          ...options,
          ...(alone ? { askedAlone: 0, allMayFail: true } : {}),
          onAsk: (index) => under.add(list[index]!),
          onAnswer: async (index, answer) => {
            await options.onAnswer?.(list[index]!, answer)
            answers[list[index]!] = answer
            under.delete(list[index]!)
          },
          onProgress: () => options.onProgress?.(++done, questions.length),
        },
      )
    }
    let suspects: readonly number[] = []
    for (;;) {
      const under = new Set<number>()
      try {
        for (const at of suspects.filter(isLeft)) await ask([at], under, { alone: true })
        const left = [...answers.keys()].filter(isLeft)
        if (left.length > 0) await ask(left, under, { alone: false })
        return answers.map((answer) => answer!)
      } catch (error) {
        options.signal?.throwIfAborted()
        if (!(await this.#mayGoOn(error))) throw error
        // Alone with the process that died, it is what ended it.
        if (suspects.length > 0 && under.size === 1) {
          const [at = 0] = under
          const answer = failedAnswer(questions[at]!.exampleId, error, options.labels)
          await options.onAnswer?.(at, answer)
          answers[at] = answer
          options.onProgress?.(++done, questions.length)
        }
        suspects = [...new Set([...suspects, ...under])].filter(isLeft)
      }
    }
  }

  async #mayGoOn(error: unknown): Promise<boolean> {
    if (this.#model?.isAlive !== false || !HoneError.isInstance(error) || error.code !== 'E_WORKER')
      return false
    await this[Symbol.asyncDispose]()
    return ++this.#deaths <= 2 * mostDeaths
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const model = this.#model
    this.#model = undefined
    await model?.[Symbol.asyncDispose]()
  }
}

const oneAtATime = (model: ChatModel): ChatModel => ({
  id: model.id,
  concurrency: 1,
  ...(model.streams === undefined ? {} : { streams: model.streams }),
  get isAlive() {
    return model.isAlive ?? true
  },
  chat: (request, wait) => model.chat(request, wait),
  scoreLabels: (messages, labels, wait) => model.scoreLabels(messages, labels, wait),
  [Symbol.asyncDispose]: () => Promise.resolve(),
})
