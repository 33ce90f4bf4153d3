import { z } from 'zod'
import { count } from './common.ts'

export const interval = z
  .object({ lower: z.number(), upper: z.number(), confidence: z.number(), method: z.string() })
  .nullable()
  .meta({ description: 'null where the rows have no spread' })

/** An object of which only what is written here is promised. */
export const open = <Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape> => z.looseObject(shape)

const share = z.number().nullable()
const milliseconds = open({ p50: z.number(), p95: z.number(), p99: z.number(), rows: count }).nullable()

export const measuredMetric = open({
  id: z.string(),
  title: z.string(),
  format: z.enum(['percent', 'fraction']),
  definition: z.string(),
  lowerIsBetter: z.boolean().optional(),
}).meta({ id: 'MeasuredMetric' })

/** Scores of a label, or of the spans of one. */
const byLabel = open({
  label: z.string(),
  support: count.meta({ description: 'rows that expect it' }),
  answered: count,
  precision: share,
  recall: share,
  f1: share,
})

export const measuredCandidate = open({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  model: z.string().optional(),
  scores: z.array(open({ metric: z.string(), value: z.number(), interval })),
  tokensPerQuery: open({ prompt: z.number(), completion: z.number() }),
  latencyMs: milliseconds,
  firstTokenMs: milliseconds,
  cost: open({
    usdPerThousand: z.number(),
    price: open({ input: z.number(), output: z.number(), source: z.string() }),
  }).nullable(),
  refusals: count,
  failed: count,
  cut: count,
  unreadable: open({
    count,
    reasons: z.array(open({ reason: z.string(), count })),
  }),
  labels: z.array(byLabel).optional().meta({ description: 'of a labels task' }),
  confusion: open({
    labels: z.array(z.string()),
    counts: z.array(z.array(count)).meta({ description: 'counts[expected][answered]' }),
    unreadable: z.array(count),
  }).optional(),
  reliability: z
    .array(open({ from: z.number(), to: z.number(), rows: count, confidence: share, accuracy: share }))
    .optional()
    .meta({ description: 'where every row has the probabilities of its labels' }),
  fields: z
    .array(
      open({
        field: z.string(),
        right: count,
        rows: count,
        expected: count,
        answered: count,
        precision: share,
        recall: share,
        f1: share,
      }),
    )
    .optional()
    .meta({ description: 'of a json task' }),
  spans: z
    .array(
      open({
        label: z.string(),
        expected: count,
        answered: count,
        precision: share,
        recall: share,
        f1: share,
      }),
    )
    .optional(),
}).meta({ id: 'MeasuredCandidate' })

/** `evaluation.json` without its rows. */
export const measured = open({
  task: open({ kind: z.string() }),
  split: z.string(),
  metrics: z.array(measuredMetric).meta({ description: 'the first one carries the verdict' }),
  candidates: z.array(measuredCandidate),
  comparisons: z.array(
    open({
      baseline: z.string(),
      challenger: z.string(),
      pairs: count,
      verdict: z.enum(['better', 'worse', 'no difference shown', 'not enough rows']),
      sentence: z.string(),
    }),
  ),
  strongestBaseline: z.string().nullable(),
  weakestLabel: open({
    label: z.string(),
    f1: z.number(),
    support: count,
    mistakenFor: open({ label: z.string().nullable(), count }).nullable(),
  }).nullable(),
  worstRows: open({ wrong: count, looksMislabelled: count }),
}).meta({
  id: 'Measured',
  description:
    'the file evaluation.json without its rows: per-class and per-field scores, confusion, calibration, latency, tokens and cost',
})
