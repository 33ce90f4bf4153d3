import type { PlacedExample } from '../../data/records/placed-example.ts'
import type { HostedModel } from '../../core/hosted-model.ts'
import type { CandidateAnswer } from '../../evaluate/evaluation.ts'
import type { Question } from '../run/answer-examples.ts'
import { hostedKey, type RunCandidate } from '../run/run-candidates.ts'
import type { RunServiceOptions } from '../run/run-event.ts'
import { AnswerFile } from './answer-file.ts'
import { answerKey, answersFolder, repeatSettings, scoredLabels } from './ask-candidate.ts'
import { evaluatedRow } from './evaluated-row.ts'
import { judgeQuestions } from './judge-answers.ts'
import { readRatings } from './judge-ratings.ts'
import type { AskedModel, OpenedTask } from './open-task.ts'
import { charactersOf, quoteCalls, type Quote } from './spending.ts'

interface ServiceQuote {
  readonly model: HostedModel
  readonly quote: Quote
}

/** What a run asks, of services and of models of this machine. */
export interface AskedOfServices {
  readonly candidates: readonly RunCandidate[]
  readonly rows: readonly PlacedExample[]
  /** Undefined for a model that is not there yet: nothing of it is known. */
  readonly modelOf: (name: string) => AskedModel | undefined
  readonly labels: readonly string[] | undefined
}

/** What is asked of a service, and of which an answer is known. */
type Known = (candidate: string, repeat: number, question: Question) => CandidateAnswer | undefined

/**
 * The calls of each service that a run will make at most: what was answered before is not among them. Where an answer is not known
 * yet, the judge is taken to read one as long as it may be.
 */
export async function quoteServices(
  task: OpenedTask,
  { candidates, rows, modelOf, labels }: AskedOfServices,
  { force = false, signal }: RunServiceOptions,
): Promise<ServiceQuote[]> {
  const { config, hosted, judge } = task
  if (hosted.length === 0 && judge?.model.hosted === undefined) return []
  const finders = new Map<string, (question: Question) => CandidateAnswer | undefined>()
  for (const candidate of candidates) {
    const model = modelOf(candidate.model)
    if (force || model === undefined) continue
    for (const [repeat, settings] of repeatSettings(candidate).entries()) {
      const key = answerKey(model, settings, {
        labels: scoredLabels(model, repeat, labels),
        arithmetic: candidate.arithmetic,
      })
      finders.set(
        `${candidate.id} ${repeat}`,
        await AnswerFile.known(answersFolder(config.output), key, signal),
      )
    }
  }
  const known: Known = (candidate, repeat, question) => finders.get(`${candidate} ${repeat}`)?.(question)
  const quotes: ServiceQuote[] = []
  for (const candidate of candidates) {
    const model = task.named.get(hostedKey(candidate.id))?.hosted
    if (model === undefined) continue
    const calls = repeatSettings(candidate).flatMap(({ maxTokens }, repeat) =>
      candidate.questions
        .filter((question) => known(candidate.id, repeat, question) === undefined)
        .map((question) => ({ characters: charactersOf(question), maxTokens })),
    )
    quotes.push({ model, quote: quoteCalls(model, calls) })
  }
  if (judge?.model.hosted !== undefined) {
    const { model, config: judgeConfig } = judge
    const rated =
      judgeConfig.ratings === undefined
        ? []
        : await readRatings(judgeConfig.ratings, judgeConfig.scale, signal)
    const find = force
      ? () => undefined
      : await AnswerFile.known(
          answersFolder(config.output),
          answerKey(model, { maxTokens: judgeConfig.maxTokens }),
          signal,
        )
    const questions = judgeQuestions(
      judgeConfig,
      rows.map(evaluatedRow),
      rated,
      candidates,
      (candidate, at) => {
        const answer = known(candidate.id, 0, candidate.questions[at]!)
        return answer?.answer ?? 'x'.repeat(4 * candidate.settings.maxTokens)
      },
    )
    const calls = questions
      .filter((messages) => find({ exampleId: '', messages }) === undefined)
      .map((messages) => ({ characters: charactersOf({ messages }), maxTokens: judgeConfig.maxTokens }))
    quotes.push({ model: model.hosted!, quote: quoteCalls(model.hosted!, calls) })
  }
  return quotes
}
