import { z } from 'zod'
import { count } from './common.ts'
import { example, finding } from './dataset-versions.ts'

export const exampleRow = z
  .object({
    row: count.meta({ description: 'number of the record in its part, from 0' }),
    line: count,
    characters: count,
    label: z.string().nullable(),
    example: example.nullable().meta({ description: 'null where it cannot be read' }),
    text: z.string().nullable().meta({ description: 'as it is written, where there is no example' }),
    isCut: z.boolean().meta({ description: 'true where long texts are shown in part' }),
    findings: z.array(finding),
  })
  .meta({ id: 'ExampleRow' })

export const examplePage = z
  .object({
    dataset: z.string(),
    part: z.string(),
    records: count,
    found: count.meta({ description: 'records that fit the filters' }),
    more: z.boolean().meta({ description: 'true where more fit than are counted: a search ends at 100,000' }),
    labels: z.object({ from: z.string(), names: z.array(z.string()) }).nullable(),
    rows: z.array(exampleRow),
    looks: count.nullable(),
  })
  .meta({ id: 'ExamplePage' })

const tokenView = z
  .object({
    answer: z.enum(['only', 'preferred', 'rejected']),
    counts: z.object({ trained: count, masked: count, cut: count }),
    tokens: z.array(
      z.object({
        id: count,
        text: z.string(),
        state: z.enum(['trained', 'masked', 'cut']),
        special: z.literal(true).optional(),
        trained: z.boolean().optional(),
      }),
    ),
  })
  .meta({ id: 'TokenView' })

export const oneExample = z
  .object({
    row: exampleRow,
    mask: z
      .object({
        model: z.string(),
        limit: count,
        context: count,
        sequences: z.array(tokenView),
        warnings: z.array(z.object({ id: z.string(), message: z.string() })),
        error: z.object({ code: z.string(), message: z.string() }).nullable(),
      })
      .nullable()
      .meta({ description: 'the tokens that training sees; null where no base was named' }),
  })
  .meta({ id: 'OneExample' })
