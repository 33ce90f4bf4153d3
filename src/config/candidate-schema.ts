import { z } from 'zod'
import { arithmetics, type Arithmetic } from '../core/arithmetic.ts'
import { isHostedName, type HostedConnection, type HostedName } from '../core/hosted-model.ts'
import { connectionKeys, connectionProblem, hostedName } from './hosted-schema.ts'
import { decisions, type Decision } from './decision.ts'
import { textOrFile, type TextOrFile } from './text-or-file.ts'

/** Another model of the home, as it is. */
export type NamedModel = `model:${string}`

/** A candidate by a name alone. */
type CandidateName = 'base' | 'few-shot' | 'tuned' | NamedModel

/** How the examples of a prompt are chosen, from the training records only. */
type ShotChoice = 'fixed' | 'random' | 'similar'

/** What answers are kept to; the schema is a file. */
export type CandidateConstraint =
  | 'task'
  | { readonly schema: string }
  | { readonly regex: string }
  | { readonly choices: readonly string[] }

/** A way to do the task, written out: a model, a prompt and settings. */
export interface CandidateSpec<Text = TextOrFile> extends Partial<HostedConnection> {
  readonly id: string
  readonly title?: string
  readonly model: 'base' | 'tuned' | NamedModel | HostedName
  /** Without it the records' own system prompt is used. */
  readonly system?: Text
  readonly fewShot?: number | { readonly count: number; readonly choose: ShotChoice }
  readonly maxTokens?: number
  readonly temperature?: number
  readonly topP?: number
  readonly topK?: number
  readonly seed?: number
  readonly stop?: readonly string[]
  /** Answers to each row, each with a seed of its own. */
  readonly repeats?: number
  readonly constrain?: CandidateConstraint
  /** Of a model of this machine. Default `exact`. */
  readonly arithmetic?: Arithmetic
  /** Default: that of the task. */
  readonly decide?: Decision
}

export type CandidateConfig<Text = TextOrFile> = CandidateName | CandidateSpec<Text>

export const idOfCandidate = (candidate: CandidateConfig<unknown>): string =>
  typeof candidate === 'string' ? candidate : candidate.id

const modelName = 'model:[a-z0-9][a-z0-9._-]{0,99}'

const name = z
  .string()
  .regex(
    new RegExp(`^(base|few-shot|tuned|${modelName})$`),
    'must be base, few-shot, tuned or model: and the id of a model',
  ) as unknown as z.ZodType<CandidateName>

const shots = z.int().min(0).max(256)

const spec = z.strictObject({
  id: z
    .string()
    .regex(
      /^(?!(?:base|few-shot|tuned)$)[a-z0-9][a-z0-9._-]{0,59}$/,
      'must be small letters, digits, ".", "_" and "-", and none of base, few-shot and tuned',
    )
    .describe('Names it in commands and reports'),
  title: z.string().min(1).max(60).exactOptional().describe('Short name in tables. Default: the id'),
  model: z
    .string()
    .regex(
      new RegExp(`^(base|tuned|${modelName}|${hostedName})$`),
      'must be base, tuned, model: and the id of a model, or openai-compatible: and the name of a hosted one',
    )
    .describe(
      'base, tuned, model:ID for another model of the home, or openai-compatible:NAME for a hosted one at a url',
    ) as unknown as z.ZodType<CandidateSpec['model']>,
  system: textOrFile
    .exactOptional()
    .describe("System prompt in place of that of the records. Default: the records' own"),
  fewShot: z
    .union([
      shots,
      z.strictObject({
        count: shots.describe('How many'),
        choose: z
          .enum(['fixed', 'random', 'similar'])
          .default('fixed')
          .describe(
            'fixed: the same for every row, spread over the labels; random: others for each row; similar: those most like the row',
          ),
      }),
    ])
    .exactOptional()
    .describe('Training examples in the prompt: how many, or also how they are chosen. Default: none'),
  maxTokens: z
    .int()
    .min(1)
    .exactOptional()
    .describe('Longest answer in tokens. Default: evaluation.maxTokens'),
  temperature: z.number().min(0).max(10).exactOptional().describe('0 is greedy. Default: 0'),
  topP: z
    .number()
    .gt(0)
    .max(1)
    .exactOptional()
    .describe('Smallest set of tokens of that probability. Default: 1, all'),
  topK: z.int().min(0).exactOptional().describe('Only the likeliest tokens. Default: 0, all'),
  seed: z.int().min(0).exactOptional().describe('Another seed draws other answers. Default: 0'),
  stop: z.array(z.string().min(1)).min(1).max(16).exactOptional().describe('Texts at which an answer ends'),
  repeats: z
    .int()
    .min(1)
    .max(100)
    .exactOptional()
    .describe(
      'Answers to each row, each with a seed of its own, for pass^k, pass@k and the spread between repeats; needs a temperature. Default: 1',
    ),
  ...connectionKeys('a question that failed is asked again'),
  constrain: z
    .union([
      z.literal('task'),
      z.strictObject({
        schema: z.string().min(1).describe('File with the JSON Schema that each answer obeys'),
      }),
      z.strictObject({ regex: z.string().min(1).describe('Pattern that each whole answer matches') }),
      z.strictObject({
        choices: z.array(z.string().min(1)).min(1).describe('Texts of which each answer is one'),
      }),
    ])
    .exactOptional()
    .describe(
      'Of a model of this machine: what answers are kept to at every token, see docs/constrained.md; task: the labels of the task, or its JSON Schema. Default: nothing',
    ),
  arithmetic: z
    .enum(arithmetics)
    .exactOptional()
    .describe(
      'Of a model of this machine: int8 writes answers faster, from inputs that are rounded to eight bits; what it costs is what the comparison says. Default: exact',
    ),
  decide: z.enum(decisions).exactOptional().describe('What decides the label. Default: task.decide'),
})

const checkedSpec = spec.superRefine((candidate, context) => {
  const { repeats = 1, temperature = 0 } = candidate
  if (repeats > 1 && temperature === 0) {
    const message = 'needs a temperature above 0, because greedy answers are all the same'
    context.addIssue({ code: 'custom', path: ['repeats'], message })
  }
  if (candidate.constrain !== undefined && isHostedName(candidate.model)) {
    const message = 'is for models of this machine: what a hosted one writes cannot be held at every token'
    context.addIssue({ code: 'custom', path: ['constrain'], message })
  }
  if (candidate.arithmetic !== undefined && isHostedName(candidate.model)) {
    const message = 'is for models of this machine: how a hosted one computes is not known'
    context.addIssue({ code: 'custom', path: ['arithmetic'], message })
  }
  const problem = connectionProblem(candidate)
  if (problem !== undefined) context.addIssue({ code: 'custom', ...problem })
})

export const candidateSchema = z.union([name, checkedSpec]) as unknown as z.ZodType<CandidateConfig>

/** The id of any candidate, as a key. */
export const candidateId: z.ZodString = z
  .string()
  .regex(new RegExp(`^([a-z0-9][a-z0-9._-]{0,59}|${modelName})$`), 'must be the id of a candidate')

/** A profile whose prices hold, or US dollars for a million tokens. */
export type PriceConfig = string | { readonly input: number; readonly output: number }

export const priceSchema: z.ZodType<PriceConfig> = z.union([
  z.string().min(1),
  z.strictObject({
    input: z.number().min(0).describe('US dollars for a million tokens of the prompt'),
    output: z.number().min(0).describe('US dollars for a million tokens of the answer'),
  }),
])
