import { z } from 'zod'
import { decisions, type Decision } from './decision.ts'
import { metricNames, type TaskKindName } from './metric-names.ts'

/** The name of a metric, or a module whose default export is a function that scores a row. */
export type MetricConfig = string | { readonly file: string }

/** How a field is compared: the name of a way, or a way with its settings. */
export type MatcherConfig = string | { readonly match: string; readonly [setting: string]: unknown }

interface AnyTaskConfig {
  /** The key of records that says what they belong to. */
  readonly group?: string
  readonly metrics?: readonly MetricConfig[]
}

/** `task:` as it is written, paths not resolved. */
export type TaskConfig =
  | (AnyTaskConfig & {
      readonly kind: 'labels'
      /** The line `FIELD: label` of the answer that holds the label; without it the whole answer is the label. */
      readonly field?: string
      /** All labels there are; without it those of the training data. */
      readonly labels?: readonly string[]
      /** The label that says "none of these". */
      readonly abstain?: string
      /** Default `answer`. */
      readonly decide?: Decision
    })
  | (AnyTaskConfig & {
      readonly kind: 'json'
      readonly schema?: string
      readonly fields?: readonly string[] | Readonly<Record<string, MatcherConfig>>
    })
  | (AnyTaskConfig & { readonly kind: 'tool-calls' })
  | (AnyTaskConfig & { readonly kind: 'spans' })
  | (AnyTaskConfig & { readonly kind: 'codes'; readonly system: 'icd-10-cm'; readonly list?: string })
  | (AnyTaskConfig & { readonly kind: 'text'; readonly sections?: readonly string[] })

const unique = (items: readonly unknown[]): boolean => new Set(items).size === items.length

const filePath = z.string().min(1)

const texts = (least: number, twice: string): z.ZodType<readonly string[]> =>
  z.array(z.string().min(1)).min(least).refine(unique, twice).meta({ uniqueItems: true })

const metrics = (kind: TaskKindName) =>
  z
    .array(
      z.union([
        z.enum(metricNames[kind]),
        z.strictObject({
          file: filePath.describe(
            'Module whose default export is a function: it gets { id, input, expected, answer } and gives a number from 0 to 1, or true or false. It runs with all rights of the command',
          ),
        }),
      ]),
    )
    .min(1)
    .refine((items) => unique(items.map((item) => JSON.stringify(item))), 'each metric may be listed once')
    .exactOptional()
    .describe('What is measured; the first one decides the verdict. Default: see docs/metrics.md')

const group = z
  .string()
  .min(1)
  .exactOptional()
  .describe(
    'Key of the records, or of their metadata, that says what a record belongs to, such as patient_id: a group stays in one split, and intervals and tests count groups instead of rows. Default: every record by itself',
  )

const tolerance = z.number().min(0).exactOptional()

const plainMatchers = ['exact', 'text', 'similar', 'number', 'date', 'icd-10-cm'] as const

const scalarMatchers = [
  z.strictObject({ match: z.enum(plainMatchers.filter((name) => name !== 'number' && name !== 'date')) }),
  z.strictObject({
    match: z.literal('number'),
    tolerance: tolerance.describe('Largest difference that counts as equal. Default: 0'),
    relative: tolerance.describe('The same, as a share of the expected number. Default: 0'),
  }),
  z.strictObject({
    match: z.literal('date'),
    order: z
      .enum(['day-first', 'month-first'])
      .exactOptional()
      .describe('What 01/02/2025 means. Without it such a date is compared as text'),
  }),
  z.strictObject({
    match: z.literal('enum'),
    values: texts(1, 'each value may be listed once').describe('All values there are'),
  }),
] as const

const scalarMatcher = z.union([z.enum(plainMatchers), z.discriminatedUnion('match', scalarMatchers)])

const itemMatchers = [
  ...scalarMatchers,
  z.strictObject({
    match: z.literal('object'),
    fields: z.record(z.string().min(1), scalarMatcher).describe('Its members, each with how it is compared'),
  }),
] as const

const matcher = z.union([
  z.enum([...plainMatchers, 'set', 'list']),
  z.discriminatedUnion('match', [
    ...itemMatchers,
    z.strictObject({
      match: z.enum(['set', 'list']),
      of: z
        .union([z.enum(plainMatchers), z.discriminatedUnion('match', itemMatchers)])
        .exactOptional()
        .describe('How items are compared. Default: text'),
    }),
  ]),
])

export const taskSchema: z.ZodType<TaskConfig> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('labels').describe('One label of a closed set'),
    field: z
      .string()
      .min(1)
      .exactOptional()
      .describe(
        'The answer line "FIELD: label" that holds the label. Without it the whole answer is the label',
      ),
    labels: texts(2, 'each label may be listed once')
      .exactOptional()
      .describe('All labels there are. Without it those that occur in the training data'),
    abstain: z
      .string()
      .min(1)
      .exactOptional()
      .describe('The label that says "none of these", for what is out of scope'),
    group,
    decide: z
      .enum(decisions)
      .exactOptional()
      .describe(
        'What decides the label: answer as written; likeliest: the most probable of all labels; corrected: the same with rare labels made up for, by how often each is trained on and as far as scores best on the validation split. The test split is never looked at for it. Default: answer',
      ),
    metrics: metrics('labels'),
  }),
  z.strictObject({
    kind: z.literal('json').describe('One JSON value'),
    schema: filePath
      .exactOptional()
      .describe('File with the JSON Schema (draft 2020-12) that answers must obey'),
    fields: z
      .union([
        texts(1, 'each field may be listed once'),
        z
          .record(z.string().min(1), matcher)
          .refine((fields) => Object.keys(fields).length > 0, 'must name at least one field'),
      ])
      .exactOptional()
      .describe(
        'What is scored one by one: names of members or JSON pointers, as a list (equal as JSON) or each with how it is compared, see docs/metrics.md. Default: all members',
      ),
    group,
    metrics: metrics('json'),
  }),
  z.strictObject({
    kind: z.literal('tool-calls').describe('Function calls, or text where nothing is to be called'),
    group,
    metrics: metrics('tool-calls'),
  }),
  z.strictObject({
    kind: z.literal('spans').describe('Pieces of the input, each with a label'),
    group,
    metrics: metrics('spans'),
  }),
  z.strictObject({
    kind: z.literal('codes').describe('Codes of a classification'),
    system: z.literal('icd-10-cm').describe('Which classification: icd-10-cm'),
    list: filePath
      .exactOptional()
      .describe(
        'File with the valid codes, the first word of each line. Without it no code is called invalid',
      ),
    group,
    metrics: metrics('codes'),
  }),
  z.strictObject({
    kind: z.literal('text').describe('Free text'),
    sections: texts(1, 'each section may be listed once')
      .exactOptional()
      .describe('Headings or markers that begin a line, which every answer must have in this order'),
    group,
    metrics: metrics('text'),
  }),
])
