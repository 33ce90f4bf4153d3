import { join } from 'node:path'
import type { Arithmetic } from '../../core/arithmetic.ts'
import type { ChatModel, WaitOptions } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import type { HostedModel } from '../../core/hosted-model.ts'
import type { CandidateAnswer, RepeatedAnswer } from '../../evaluate/evaluation.ts'
import type { CandidateAnswers } from '../../evaluate/read-candidate.ts'
import type { AnswerSettings } from '../run/answer-examples.ts'
import type { RunCandidate } from '../run/run-candidates.ts'
import type { RunPhase, RunServiceOptions } from '../run/run-event.ts'
import { AnswerFile, type AnswerFileKey } from './answer-file.ts'
import { ReopenedModel } from './reopened-model.ts'
import type { AskedModel } from './open-task.ts'
import { charactersOf, quoteCalls, quoteText } from './spending.ts'

/** How a model of this machine is opened. */
interface OpenModelOptions extends WaitOptions {
  /** Default `exact`. */
  readonly arithmetic?: Arithmetic
}

/** Opens a base or tuned model by its folder, or one of a service. */
export type OpenModel = (model: string | HostedModel, options?: OpenModelOptions) => Promise<ChatModel>

export interface AskOptions extends RunServiceOptions {
  readonly openModel: OpenModel
  /** Folder of answers. */
  readonly folder: string
  /** What services cost at most was said already. */
  readonly isQuoted?: boolean
  /** Before a question that failed is asked again; see `answerExamples`. */
  readonly retryMilliseconds?: number
  readonly phase?: RunPhase
  /** Labels whose probability is asked for too. */
  readonly labels?: readonly string[] | undefined
}

export interface AskedCandidate extends CandidateAnswers {
  /** Rows whose answers an earlier run had got. */
  readonly reused: number
  /** Answers that were asked for now, repeats included. */
  readonly asked: number
}

/** The settings of each answer to a question: the seeds follow one another. */
export const repeatSettings = ({
  settings,
  repeats = 1,
}: Pick<RunCandidate, 'settings' | 'repeats'>): readonly AnswerSettings[] =>
  Array.from({ length: repeats }, (_, at) =>
    at === 0 ? settings : { ...settings, seed: (settings.seed ?? 0) + at },
  )

/** What answers are kept under. */
export const answerKey = (
  model: Pick<AskedModel, 'key'>,
  settings: AnswerSettings,
  {
    labels,
    arithmetic = 'exact',
  }: { readonly labels?: readonly string[] | undefined; readonly arithmetic?: Arithmetic | undefined } = {},
): AnswerFileKey => ({
  model: model.key,
  ...settings,
  ...(labels === undefined ? {} : { labels }),
  ...(arithmetic === 'exact' ? {} : { arithmetic }),
})

/** The probability of labels does not depend on what is drawn, and services do not give it. */
export const scoredLabels = (
  model: Pick<AskedModel, 'hosted'>,
  repeat: number,
  labels: readonly string[] | undefined,
): readonly string[] | undefined => (repeat === 0 && model.hosted === undefined ? labels : undefined)

export const answersFolder = (folder: string): string => join(folder, 'answers')

/**
 * Asks a candidate what was not asked before: the same question to the same model under the same settings is answered from the
 * folder of answers, where each answer is as soon as it came. A question that ends the model's process is a failed answer, and
 * the others go on.
 *
 * @throws HoneError `E_DISK`; what the model throws when it answers nothing; `signal.reason`
 */
export async function askCandidate(
  candidate: RunCandidate,
  model: AskedModel,
  {
    openModel,
    folder,
    isQuoted = false,
    retryMilliseconds,
    phase = 'evaluate',
    labels,
    force = false,
    signal,
    onEvent,
  }: AskOptions,
): Promise<AskedCandidate> {
  const { id, title, description, questions, arithmetic = 'exact', retries = 0 } = candidate
  const wait = signal === undefined ? {} : { signal }
  const own = force ? { key: `${model.key} ${Date.now()}` } : model
  const each = repeatSettings(candidate)
  await using opened = new ReopenedModel(async () =>
    requireArithmetic(await openModel(model.hosted ?? model.folder, { ...wait, arithmetic }), arithmetic),
  )
  const given: CandidateAnswer[][] = []
  let asked = 0
  const reused = new Set(questions.keys())
  for (const [repeat, settings] of each.entries()) {
    const scored = scoredLabels(model, repeat, labels)
    const key = answerKey(own, settings, { labels: scored, arithmetic })
    await using file = await AnswerFile.open(answersFolder(folder), key, signal)
    const answers = questions.map((question) => file.find(question))
    const missing = [...answers.keys()].filter((at) => answers[at] === undefined)
    if (missing.length > 0) {
      if (model.hosted !== undefined && !isQuoted) {
        const calls = missing.map((at) => ({
          characters: charactersOf(questions[at]!),
          maxTokens: settings.maxTokens,
        }))
        const line = quoteText(model.hosted, quoteCalls(model.hosted, calls))
        onEvent?.({ type: 'phase', phase, lines: [line] })
      }
      const started = repeat * questions.length + questions.length - missing.length
      const list = missing.map((at) => questions[at]!)
      const answered = await opened.answer(list, {
        ...settings,
        retries,
        ...(retryMilliseconds === undefined ? {} : { retryMilliseconds }),
        ...(scored === undefined ? {} : { labels: scored }),
        ...(repeat === 0 ? {} : { askedAlone: 0 }),
        allMayFail: missing.length < questions.length || repeat > 0,
        ...wait,
        onAnswer: (at, answer) => file.add(list[at]!, answer),
        onProgress: (done) =>
          onEvent?.({
            type: 'progress',
            phase,
            candidate: title,
            done: started + done,
            total: questions.length * each.length,
          }),
      })
      answered.forEach((answer, at) => {
        answers[missing[at]!] = answer
        reused.delete(missing[at]!)
      })
      asked += missing.length
    }
    given.push(answers.map((answer) => answer!))
  }
  const [first = [], ...more] = given
  const answers = first.map((answer, at): CandidateAnswer => ({
    ...answer,
    ...(more.length === 0 ? {} : { repeats: more.map((list) => repeatedAnswer(list[at]!)) }),
  }))
  onEvent?.({ type: 'phase', phase, lines: [askedLine(title, given, reused.size)] })
  return { id, title, description, model: model.id, answers, reused: reused.size, asked }
}

function repeatedAnswer(answer: CandidateAnswer): RepeatedAnswer {
  const { exampleId: _exampleId, labelScores: _labelScores, ...rest } = answer
  return rest
}

function askedLine(title: string, given: readonly (readonly CandidateAnswer[])[], reused: number): string {
  const rows = given[0]?.length ?? 0
  const all = given.flat()
  const failures = all.flatMap(({ failed }) => failed ?? [])
  const [first] = failures
  const parts = [
    `${title}: ${all.length - failures.length} of ${all.length}`,
    ...(given.length === 1 ? [] : [`${given.length} answers to each of ${rows} rows`]),
    ...(reused === rows
      ? ['reused from an earlier run']
      : reused > 0
        ? [`${reused} of them from an earlier run`]
        : []),
    ...(first === undefined
      ? []
      : [`${failures.length} failed, the first with ${first.code}: ${first.message}`]),
  ]
  return parts.join(', ')
}

/** @throws HoneError `E_MODEL_UNSUPPORTED` where the model would answer as if `int8` had not been asked for */
async function requireArithmetic(model: ChatModel, arithmetic: Arithmetic): Promise<ChatModel> {
  if (arithmetic === 'exact' || model.rounding !== null) return model
  await model[Symbol.asyncDispose]()
  throw new HoneError('E_MODEL_UNSUPPORTED', `${model.id} cannot be computed with inputs of eight bits`, {
    hint: 'leave arithmetic: int8 out; it needs a base whose file has weights of four or eight bits, computed by the processor',
  })
}
