import { z } from 'zod'
import { HoneError } from '../core/errors.ts'
import {
  candidateId,
  candidateSchema,
  idOfCandidate,
  priceSchema,
  type CandidateConfig,
  type PriceConfig,
} from './candidate-schema.ts'
import { judgeSchema, type JudgeConfig } from './judge-schema.ts'
import { parseGateRule } from './parse-gate-rule.ts'
import { taskSchema, type TaskConfig } from './task-schema.ts'
import { textOrFile, type TextOrFile } from './text-or-file.ts'
import { trainingSchema, type TrainingConfig } from './training-schema.ts'

/** `hone.yaml` as it is written, defaults filled in. Paths and texts are not resolved yet. */
export interface ConfigFile {
  readonly schema: 1
  readonly name: string
  readonly data: { readonly train: string; readonly validation?: string; readonly test?: string }
  readonly system?: TextOrFile
  readonly task: TaskConfig
  readonly split: { readonly validation: number; readonly test: number; readonly seed: number }
  readonly base: string
  readonly prompt: { readonly base?: TextOrFile; readonly fewShot: number }
  readonly training: TrainingConfig
  readonly evaluation: {
    readonly maxTokens: number
    readonly candidates: readonly CandidateConfig[]
    readonly limit?: number
    readonly prices?: Readonly<Record<string, PriceConfig>>
  }
  /** A model that judges answers, for the metrics `judge` and `judge-preference`. */
  readonly judge?: JudgeConfig
  /** Promotion rules as they are written; `parseGateRule` reads one. */
  readonly gate?: readonly string[]
  readonly output?: string
}

const path = z.string().min(1)

const splitSize = z.number().min(0)

const unique = (items: readonly unknown[]): boolean => new Set(items).size === items.length

const dataFiles = z.strictObject({
  train: path.describe('JSONL file of examples; those of the missing splits are taken from it'),
  validation: path.exactOptional().describe('JSONL file that is only validated with'),
  test: path.exactOptional().describe('JSONL file that is only tested with'),
})

const split = z.strictObject({
  validation: splitSize
    .default(0.1)
    .describe('Part of data.train to validate with: a share below 1 or a number of records, 0 for none'),
  test: splitSize.default(0.15).describe('Part of data.train to test with, as validation'),
  seed: z.int().min(0).default(7).describe('Another seed draws another split'),
})

const evaluation = z.strictObject({
  maxTokens: z
    .int()
    .min(1)
    .default(256)
    .describe('Longest answer in tokens; a longer one is cut and said so'),
  candidates: z
    .array(candidateSchema)
    .min(1)
    .refine((all) => unique(all.map(idOfCandidate)), 'each candidate may be listed once')
    .meta({ uniqueItems: true })
    .default(['base', 'few-shot', 'tuned'])
    .describe(
      'What is compared on the same rows: base, few-shot, tuned, model:ID for another model of the home as it is, or a section with id, model, prompt and settings',
    ),
  limit: z.int().min(1).exactOptional().describe('At most this many test records. Default: all'),
  prices: z
    .record(candidateId, priceSchema)
    .exactOptional()
    .describe(
      'What the tokens of a candidate cost, for the cost of 1,000 queries: { input, output } in US dollars for a million tokens, or a profile such as openai:gpt-4o-mini',
    ),
})

const gateRule = z.string().superRefine((text, context) => {
  try {
    parseGateRule(text)
  } catch (error) {
    if (!HoneError.isInstance(error)) throw error
    context.addIssue({ code: 'custom', message: error.message })
  }
})

const schema = z
  .strictObject({
    schema: z.literal(1).describe('Version of this form'),
    name: z
      .string()
      .max(64)
      .regex(
        /^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/,
        'must be small letters, digits, ".", "_" and "-", and be a file name on every system',
      )
      .describe('Names models and reports: small letters, digits, ".", "_" and "-"'),
    data: z
      .union([path.transform((train) => ({ train })), dataFiles])
      .describe(
        'The examples: one JSONL file, which is split, or a file for each split; or a dataset version, such as "claims" or "claims@1a2b3c". Paths are relative to this file',
      ),
    system: textOrFile
      .exactOptional()
      .describe('System prompt for records that have none. Without it such records stay without'),
    task: taskSchema.describe('What an answer is, and so how it is scored'),
    split: split.prefault({}).describe('How data.train is split; near-duplicates stay on one side'),
    base: z
      .string()
      .min(1)
      .default('smollm2-135m-instruct')
      .describe('The model to tune: an id of the catalogue or of an imported model, see "hone models list"'),
    prompt: z
      .strictObject({
        base: textOrFile
          .exactOptional()
          .describe(
            'System prompt that the untuned base is given: labels and form spelled out. Default: that of the records',
          ),
        fewShot: z
          .int()
          .min(0)
          .max(256)
          .default(8)
          .describe('Examples in the prompt of the few-shot candidate'),
      })
      .prefault({})
      .describe('A fair prompt for the candidates that are not tuned'),
    training: trainingSchema
      .prefault({})
      .describe(
        'Each one may be left out: it is then chosen by the number and length of the examples, and said',
      ),
    evaluation: evaluation.prefault({}).describe('How the candidates are compared'),
    judge: judgeSchema
      .exactOptional()
      .describe('A model that judges answers, for the metrics judge and judge-preference; judge.md has more'),
    gate: z
      .array(gateRule)
      .min(1)
      .refine(unique, 'each rule may be listed once')
      .meta({ uniqueItems: true })
      .exactOptional()
      .describe(
        'What a candidate must reach to be promoted, a rule a line, such as "macro_f1 of tuned beats base by > 0.02 at 95 %", "refusal rate on safety not worse", "json_valid >= 0.99" or "p95 <= 800 ms"; gate.md has the grammar',
      ),
    output: path
      .exactOptional()
      .describe('Folder of reports, relative to the folder the command runs in. Default: out/NAME'),
  })
  .describe('A task: its data, the base, how to tune it and how to prove that it got better')

/** The schema of `hone.yaml`: strict, and the only place where defaults are written. */
export const configSchema: z.ZodType<ConfigFile> = schema

export interface JsonSchema {
  readonly [keyword: string]: unknown
}

/** The JSON Schema (2020-12) of `hone.yaml`, for editors. */
export function configJsonSchema(): JsonSchema {
  return { title: 'hone.yaml', ...z.toJSONSchema(configSchema, { io: 'input' }) }
}
