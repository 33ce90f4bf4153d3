import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CandidateName } from '../config/config-schema.ts'
import type { HoneConfig } from '../config/hone-config.ts'
import type { ChatModel } from '../core/chat-model.ts'
import type { Message } from '../core/example.ts'
import { chooseFewShot } from '../data/few-shot.ts'
import { answerOf, inputOf, type LabelOf, type PlacedExample } from '../data/placed-example.ts'
import type { CandidateAnswers } from '../evaluate/score-candidate.ts'
import { diskError } from '../lib/disk-error.ts'
import { replaceFileWith } from '../lib/replace-file.ts'
import { answerExamples, scoredAnswer, type AnswerOptions, type Question } from './answer-examples.ts'

/** A way to do the task, before it was asked. */
export interface RunCandidate {
  readonly id: CandidateName
  readonly title: string
  readonly description: string
  readonly questions: readonly Question[]
}

type NamedModel = Extract<CandidateName, `model:${string}`>

/** True for a candidate that is another model of the home. */
export const isNamedModel = (name: CandidateName): name is NamedModel => name.startsWith('model:')

export const modelIdOf = (name: NamedModel): string => name.slice('model:'.length)

/** The questions of each candidate: what stands before the test rows' last answers, in the candidate's own prompt. */
export function runCandidates(
  config: HoneConfig,
  training: readonly PlacedExample[],
  test: readonly PlacedExample[],
  labelOf: LabelOf | undefined,
): RunCandidate[] {
  const fairPrompt = config.prompt.base
  const shots = chooseFewShot(training, {
    count: config.prompt.fewShot,
    seed: config.split.seed,
    ...(labelOf === undefined ? {} : { labelOf }),
  })
  const shotMessages = shots.flatMap((example) => example.messages.filter(({ role }) => role !== 'system'))
  const ask = (make: (messages: readonly Message[]) => readonly Message[]): Question[] =>
    test.map((example) => ({
      exampleId: example.id,
      messages: make(inputOf(example)),
      ...(example.tools === undefined ? {} : { tools: example.tools }),
    }))
  const promptWords =
    fairPrompt === undefined ? "the records' own system prompt" : 'a prompt that spells out the task'
  const ofModel = (id: NamedModel): RunCandidate => ({
    id,
    title: modelIdOf(id),
    description: `${modelIdOf(id)} as it is, with the records' own system prompt, greedy`,
    questions: ask((messages) => messages),
  })
  const made: Record<Exclude<CandidateName, NamedModel>, () => RunCandidate> = {
    base: () => ({
      id: 'base',
      title: 'base',
      description: `${config.base} with ${promptWords}, greedy`,
      questions: ask((messages) => withSystem(messages, fairPrompt, [])),
    }),
    'few-shot': () => ({
      id: 'few-shot',
      title: `base + ${shots.length} examples`,
      description: `${config.base} with ${promptWords} and ${shots.length} training examples as earlier turns, greedy`,
      questions: ask((messages) => withSystem(messages, fairPrompt, shotMessages)),
    }),
    tuned: () => ({
      id: 'tuned',
      title: 'tuned',
      description: `${config.base}, tuned on ${training.length} records, with the records' own system prompt, greedy`,
      questions: ask((messages) => messages),
    }),
  }
  return config.evaluation.candidates.map((name) => (isNamedModel(name) ? ofModel(name) : made[name]()))
}

function withSystem(
  messages: readonly Message[],
  system: string | undefined,
  shots: readonly Message[],
): Message[] {
  const own = messages.filter(({ role }) => role === 'system')
  const head: readonly Message[] = system === undefined ? own : [{ role: 'system', content: system }]
  return [...head, ...shots, ...messages.filter(({ role }) => role !== 'system')]
}

export interface CachedAnswers extends CandidateAnswers {
  /** True when the answers were there from an earlier run. */
  readonly reused: boolean
}

/**
 * Asks a candidate, or takes the answers of an earlier run that asked the same model the same questions.
 *
 * @param modelKey hash of everything the model's answers depend on
 */
export async function askCandidate(
  candidate: RunCandidate,
  modelKey: string,
  folder: string,
  openModel: () => Promise<ChatModel>,
  options: AnswerOptions,
): Promise<CachedAnswers> {
  const { id, title, description, questions } = candidate
  const { maxTokens, labels } = options
  const content = JSON.stringify({ schema: 1, modelKey, questions, maxTokens, labels })
  const key = createHash('sha256').update(content).digest('hex').slice(0, 16)
  const file = join(folder, `answers-${id.replace(':', '-')}-${key}.json`)
  const known = await readFile(file, 'utf8').catch(() => undefined)
  if (known !== undefined) {
    const { answers } = JSON.parse(known) as Pick<CandidateAnswers, 'answers'>
    return { id, title, description, answers, reused: true }
  }
  await using model = await openModel()
  const answers = await answerExamples(model, questions, options)
  await mkdir(folder, { recursive: true }).catch(async (error: unknown) => {
    throw await diskError(error, folder)
  })
  await replaceFileWith(
    file,
    `${JSON.stringify({ schema: 1, model: modelKey, maxTokens: options.maxTokens, answers })}\n`,
  )
  return { id, title, description, answers, reused: false }
}

function expectedOf(example: PlacedExample): string {
  const last = example.messages.at(-1)
  return last === undefined ? answerOf(example) : scoredAnswer(last)
}

/** The row as the report shows it: what was asked last, and the answer of the data. */
export function evaluatedExample(example: PlacedExample): { id: string; input: string; expected: string } {
  const asked = inputOf(example).findLast(({ role }) => role === 'user')
  return { id: example.id, input: asked?.content ?? '', expected: expectedOf(example) }
}
