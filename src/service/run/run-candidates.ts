import type {
  CandidateConfig,
  CandidateConstraint,
  CandidateSpec,
  NamedModel,
} from '../../config/candidate-schema.ts'
import type { Decision } from '../../config/decision.ts'
import { hostedPrefix, isHostedName, type HostedName } from '../../core/hosted-model.ts'
import type { HoneConfig } from '../../config/hone-config.ts'
import type { Arithmetic } from '../../core/arithmetic.ts'
import type { Constraint } from '../../core/chat-model.ts'
import type { Message } from '../../core/example.ts'
import { chooseFewShot, createRandomShots } from '../../data/few-shot/few-shot.ts'
import { answerOf, inputOf, type LabelOf, type PlacedExample } from '../../data/records/placed-example.ts'
import { createSimilarSearch } from '../../data/few-shot/similar-examples.ts'
import { scoredAnswer, type AnswerSettings, type Question } from './answer-examples.ts'

type Spec = CandidateSpec<string>

/** A way to do the task, before it was asked. */
export interface RunCandidate {
  readonly id: string
  readonly title: string
  readonly description: string
  /** Of a hosted one `openai-compatible:` and the candidate's id: two candidates may reach one name in two places. */
  readonly model: Spec['model']
  readonly settings: AnswerSettings
  /** Default `exact`. */
  readonly arithmetic?: Arithmetic
  /** Answers to each question, each with the next seed; default 1. */
  readonly repeats?: number
  /** How often a question that failed is asked again; default 0. */
  readonly retries?: number
  readonly questions: readonly Question[]
  /** What decides the label, for tasks of labels. Default: the answer as written. */
  readonly decide?: Decision
}

/** True for another model of the home. */
export const isNamedModel = (name: string): name is NamedModel => name.startsWith('model:')

export const modelIdOf = (name: NamedModel): string => name.slice('model:'.length)

/**
 * The questions of each candidate: what stands before the rows' last answers, in the candidate's own prompt.
 *
 * @param tuned id of the tuned model, where it need not be one of these training records
 */
export function runCandidates(
  config: HoneConfig,
  training: readonly PlacedExample[],
  rows: readonly PlacedExample[],
  labelOf: LabelOf | undefined,
  {
    constraints = new Map(),
    tuned,
  }: {
    readonly constraints?: ReadonlyMap<string, Constraint>
    readonly tuned?: string | undefined
  } = {},
): RunCandidate[] {
  const trained = tuned === undefined ? `tuned on ${training.length} records` : `tuned as ${tuned}`
  return config.evaluation.candidates.map((candidate) => {
    const spec = specOf(candidate, config)
    const shots = shotsOf(spec, training, { seed: config.split.seed, labelOf })
    const { id, model, system, arithmetic, repeats, retries, maxTokens = config.evaluation.maxTokens } = spec
    const constraint = constraints.get(id)
    return {
      id,
      // There may be fewer training records than were asked for.
      title: candidate === 'few-shot' ? `base + ${shots.count} examples` : (spec.title ?? id),
      description: `${descriptionOf(spec, shots.count, config, trained)}${decisionWords[decisionOf(spec, config)]}`,
      model: isHostedName(model) ? hostedKey(id) : model,
      settings: { maxTokens, ...samplingOf(spec), ...(constraint === undefined ? {} : { constraint }) },
      ...(arithmetic === undefined ? {} : { arithmetic }),
      ...(repeats === undefined ? {} : { repeats }),
      // Of a hosted model the requests are.
      ...(retries === undefined || isHostedName(model) ? {} : { retries }),
      decide: decisionOf(spec, config),
      questions: rows.map((example) => ({
        exampleId: example.id,
        messages: withPrompt(inputOf(example), system, shots.of(example)),
        ...(example.tools === undefined ? {} : { tools: example.tools }),
      })),
    }
  })
}

/** Under which the hosted model of a candidate is found. */
export const hostedKey = (candidate: string): HostedName => `${hostedPrefix}${candidate}`

/** A name alone, written out. */
function specOf(candidate: CandidateConfig<string>, { prompt }: HoneConfig): Spec {
  if (typeof candidate !== 'string') return candidate
  const fair = prompt.base === undefined ? {} : { system: prompt.base }
  if (candidate === 'base') return { id: 'base', model: 'base', ...fair }
  if (candidate === 'few-shot') return { id: 'few-shot', model: 'base', fewShot: prompt.fewShot, ...fair }
  if (candidate === 'tuned') return { id: 'tuned', model: 'tuned' }
  return { id: candidate, title: modelIdOf(candidate), model: candidate }
}

interface Shots {
  readonly count: number
  /** The turns that a row's prompt shows. */
  of(row: PlacedExample): readonly Message[]
}

function shotsOf(
  { fewShot = 0 }: Spec,
  training: readonly PlacedExample[],
  { seed, labelOf }: { readonly seed: number; readonly labelOf: LabelOf | undefined },
): Shots {
  const { count, choose } = typeof fewShot === 'number' ? { count: fewShot, choose: 'fixed' } : fewShot
  if (count === 0 || choose === 'fixed') {
    const fixed = chooseFewShot(training, { count, seed, ...(labelOf === undefined ? {} : { labelOf }) })
    const turns = turnsOf(fixed)
    return { count: fixed.length, of: () => turns }
  }
  const most = Math.min(count, training.length)
  const find = choose === 'similar' ? createSimilarSearch(training) : createRandomShots(training, seed)
  return { count: most, of: (row) => turnsOf(find(row, count)) }
}

const turnsOf = (examples: readonly PlacedExample[]): Message[] =>
  examples.flatMap(({ messages }) => messages.filter(({ role }) => role !== 'system'))

function withPrompt(
  messages: readonly Message[],
  system: string | undefined,
  shots: readonly Message[],
): readonly Message[] {
  if (system === undefined && shots.length === 0) return messages
  const own = messages.filter(({ role }) => role === 'system')
  const head: readonly Message[] = system === undefined ? own : [{ role: 'system', content: system }]
  return [...head, ...shots, ...messages.filter(({ role }) => role !== 'system')]
}

function samplingOf({ temperature, topP, topK, seed, stop }: Spec): Omit<AnswerSettings, 'maxTokens'> {
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(topK === undefined ? {} : { topK }),
    ...(seed === undefined ? {} : { seed }),
    ...(stop === undefined ? {} : { stop }),
  }
}

/** What decides the labels of a candidate. */
export const decisionOf = (
  candidate: CandidateConfig<string>,
  { task }: Pick<HoneConfig, 'task'>,
): Decision =>
  (typeof candidate === 'string' ? undefined : candidate.decide) ??
  (task.kind === 'labels' ? task.decide : undefined) ??
  'answer'

const decisionWords: Readonly<Record<Decision, string>> = {
  answer: '',
  likeliest: '; the likeliest label decides',
  corrected: '; the likeliest label decides, corrected for rare ones',
}

const choiceWords = { fixed: '', random: ' (others for each row)', similar: ' (those most like the row)' }

function descriptionOf(
  { model, url, system, fewShot = 0, temperature = 0, topP, topK, arithmetic, repeats = 1, constrain }: Spec,
  shots: number,
  { base, prompt }: HoneConfig,
  trained: string,
): string {
  const who = isHostedName(model)
    ? `${model.slice(hostedPrefix.length)} at ${new URL(url!).host}`
    : isNamedModel(model)
      ? `${modelIdOf(model)} as it is,`
      : model === 'tuned'
        ? `${base}, ${trained},`
        : base
  const promptWords =
    system === undefined
      ? "the records' own system prompt"
      : system === prompt.base
        ? 'a prompt that spells out the task'
        : 'a system prompt of its own'
  const choice = typeof fewShot === 'number' ? 'fixed' : fewShot.choose
  const shown = shots === 0 ? '' : ` and ${shots} training examples${choiceWords[choice]} as earlier turns`
  const sampled = [
    `temperature ${temperature}`,
    ...(topP === undefined ? [] : [`top-p ${topP}`]),
    ...(topK === undefined ? [] : [`top-k ${topK}`]),
  ].join(', ')
  const kept = constrain === undefined ? '' : `, kept to ${constraintWords(constrain)}`
  const asked = repeats === 1 ? '' : `, ${repeats} answers each`
  const rounded = arithmetic === 'int8' ? ', computed with inputs of eight bits' : ''
  return `${who} with ${promptWords}${shown}, ${temperature === 0 ? 'greedy' : sampled}${asked}${kept}${rounded}`
}

function constraintWords(constrain: CandidateConstraint): string {
  if (constrain === 'task') return 'answers of the task'
  if ('schema' in constrain) return 'a JSON Schema'
  return 'regex' in constrain ? 'a pattern' : `${constrain.choices.length} choices`
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
