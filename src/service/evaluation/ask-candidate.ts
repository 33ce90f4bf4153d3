import { join } from 'node:path'
import type { ChatModel, WaitOptions } from '../../core/chat-model.ts'
import type { CandidateAnswer } from '../../evaluate/evaluation.ts'
import type { CandidateAnswers } from '../../evaluate/read-candidate.ts'
import { answerExamples } from '../run/answer-examples.ts'
import type { RunCandidate } from '../run/run-candidates.ts'
import type { RunPhase, RunServiceOptions } from '../run/run-event.ts'
import { AnswerFile } from './answer-file.ts'
import type { AskedModel } from './open-task.ts'

export type OpenModel = (folder: string, options?: WaitOptions) => Promise<ChatModel>

export interface AskOptions extends RunServiceOptions {
  readonly openModel: OpenModel
  /** Folder of answers. */
  readonly folder: string
  readonly phase?: RunPhase
  /** Labels whose probability is asked for too. */
  readonly labels?: readonly string[] | undefined
}

export interface AskedCandidate extends CandidateAnswers {
  /** Answers that an earlier run had got. */
  readonly reused: number
}

/**
 * Asks a candidate what was not asked before: the same question to the same model under the same settings is answered from the
 * folder of answers, where each answer is as soon as it came.
 *
 * @throws HoneError `E_DISK`; what the model throws when it answers nothing; `signal.reason`
 */
export async function askCandidate(
  candidate: RunCandidate,
  model: AskedModel,
  { openModel, folder, phase = 'evaluate', labels, force = false, signal, onEvent }: AskOptions,
): Promise<AskedCandidate> {
  const { id, title, description, questions, settings } = candidate
  const wait = signal === undefined ? {} : { signal }
  const key = {
    model: force ? `${model.key} ${Date.now()}` : model.key,
    ...settings,
    ...(labels === undefined ? {} : { labels }),
  }
  await using file = await AnswerFile.open(join(folder, 'answers'), key, signal)
  const answers = questions.map((question) => file.find(question))
  const missing = [...answers.keys()].filter((at) => answers[at] === undefined)
  const reused = questions.length - missing.length
  if (missing.length > 0) {
    await using chat = await openModel(model.folder, wait)
    const asked = missing.map((at) => questions[at]!)
    const given = await answerExamples(chat, asked, {
      ...settings,
      ...(labels === undefined ? {} : { labels }),
      ...wait,
      onAnswer: (at, answer) => file.add(asked[at]!, answer),
      onProgress: (done) =>
        onEvent?.({
          type: 'progress',
          phase,
          candidate: title,
          done: reused + done,
          total: questions.length,
        }),
    })
    given.forEach((answer, at) => {
      answers[missing[at]!] = answer
    })
  }
  const whole = answers.filter((answer): answer is CandidateAnswer => answer !== undefined)
  onEvent?.({ type: 'phase', phase, lines: [askedLine(title, whole, reused)] })
  return { id, title, description, model: model.id, answers: whole, reused }
}

function askedLine(title: string, answers: readonly CandidateAnswer[], reused: number): string {
  const total = answers.length
  const failures = answers.flatMap(({ failed }) => failed ?? [])
  const [first] = failures
  const parts = [
    `${title}: ${total - failures.length} of ${total}`,
    ...(reused === total
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
