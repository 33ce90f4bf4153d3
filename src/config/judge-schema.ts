import { z } from 'zod'
import type { HostedConnection, HostedName } from '../core/hosted-model.ts'
import { candidateId, priceSchema, type NamedModel, type PriceConfig } from './candidate-schema.ts'
import { connectionKeys, connectionProblem, hostedName } from './hosted-schema.ts'
import { textOrFile, type TextOrFile } from './text-or-file.ts'

/** A model that judges answers, as it is written. */
export interface JudgeConfig<Text = TextOrFile> extends Partial<HostedConnection> {
  readonly model: 'base' | NamedModel | HostedName
  readonly rubric: Text
  /** The best score; 1 is the worst. */
  readonly scale: number
  /** Id of the candidate whose answers are compared with each other's. */
  readonly against?: string
  /** Whether the judge sees the expected answer. */
  readonly showExpected: boolean
  /** JSONL file of people's ratings. */
  readonly ratings?: string
  /** Smallest kappa with people that counts as agreement. */
  readonly leastAgreement: number
  /** Whether promotion rules may rest on a judge that is not verified. */
  readonly trusted: boolean
  readonly maxTokens: number
  readonly price?: PriceConfig
}

export const judgeSchema: z.ZodType<JudgeConfig> = z
  .strictObject({
    model: z
      .string()
      .regex(
        new RegExp(`^(base|model:[a-z0-9][a-z0-9._-]{0,99}|${hostedName})$`),
        'must be base, model: and the id of a model, or openai-compatible: and the name of a hosted one',
      )
      .describe(
        'base, model:ID for another model of the home, or openai-compatible:NAME for a hosted one at a url',
      ) as unknown as z.ZodType<JudgeConfig['model']>,
    rubric: textOrFile.describe('What makes an answer good, in words'),
    scale: z
      .int()
      .min(2)
      .max(10)
      .default(5)
      .describe('The best score; 1 is the worst. 2 is a judgement of good or bad'),
    against: candidateId
      .exactOptional()
      .describe(
        'Candidate whose answers are compared with those of each other one, in both orders. Default: no comparisons',
      ),
    showExpected: z.boolean().default(true).describe('Whether the judge sees the expected answer'),
    ratings: z
      .string()
      .min(1)
      .exactOptional()
      .describe(
        "JSONL file of people's ratings of answers, with which the judge's own are compared. Without it the judge is unverified",
      ),
    leastAgreement: z
      .number()
      .min(0)
      .max(1)
      .default(0.4)
      .describe("Smallest Cohen's kappa with people that counts as agreement"),
    trusted: z
      .boolean()
      .default(false)
      .describe('Lets promotion rules rest on the judge although it is not verified'),
    maxTokens: z.int().min(16).default(256).describe('Longest reply of the judge in tokens'),
    price: priceSchema
      .exactOptional()
      .describe(
        'What its tokens cost: { input, output } in US dollars for a million tokens, or a profile such as openai:gpt-4o-mini',
      ),
    ...connectionKeys('a question to the judge that failed is asked again'),
  })
  .superRefine((judge, context) => {
    const problem = connectionProblem(judge)
    if (problem !== undefined) context.addIssue({ code: 'custom', ...problem })
  })
