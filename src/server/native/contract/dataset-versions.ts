import { z } from 'zod'
import { message, tool } from './chat.ts'
import { count, place, time } from './common.ts'

export const text = z.string().min(1).max(200)
export const partName = z.enum(['records', 'train', 'validation', 'test'])

export const datasetVersion = z
  .object({
    id: z.string().meta({ description: '`name@hash`: never changes' }),
    name: z.string(),
    hash: z.string(),
    createdAt: time,
    parts: z.array(z.object({ part: z.string(), sha256: z.string(), bytes: count, records: count })),
    step: z.string().meta({ description: 'what made it: import, save, fix, redact, dedupe, split, add' }),
    settings: z.unknown(),
    inputs: z.array(
      z.object({ file: z.string(), sha256: z.string().nullable(), dataset: z.string().nullable() }),
    ),
  })
  .meta({ id: 'DatasetVersion' })

export const datasetList = z
  .object({
    datasets: z.array(
      z.object({
        name: z.string(),
        versions: z.array(datasetVersion).meta({ description: 'the newest first' }),
      }),
    ),
  })
  .meta({ id: 'DatasetList' })

export const datasetDetails = z
  .object({
    version: datasetVersion,
    newest: z.string().meta({ description: 'id of the newest version of that name' }),
    sealed: z
      .object({ part: z.string(), looks: count })
      .nullable()
      .meta({ description: 'the test split, and how often it was looked at' }),
    usedBy: z.array(z.string()).meta({ description: 'models and jobs that were trained on it' }),
  })
  .meta({ id: 'DatasetDetails' })

const severity = z.enum(['error', 'warning', 'note'])
export const severities = z.object({ error: count, warning: count, note: count })

export const finding = z
  .object({
    id: z.string().meta({ description: 'of the rule' }),
    severity,
    at: place,
    message: z.string(),
    hint: z.string().optional(),
    excerpt: z.string().optional(),
    fix: z.string().optional().meta({ description: 'what a fix would do about it' }),
    code: z.string().optional(),
  })
  .meta({ id: 'Finding' })

const formatSeen = z.object({ id: z.string(), records: count, evidence: z.string() })
const notRead = z.array(z.object({ what: z.string(), records: count }))

const messagePart = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('media'), mediaType: z.string(), uri: z.string() }),
])

export const example = z
  .object({
    messages: z.array(
      message.extend({
        parts: z.array(messagePart).optional(),
        name: z.string().optional(),
      }),
    ),
    weight: z.number().optional(),
    learned: z
      .array(z.boolean())
      .optional()
      .meta({ description: 'one for each answer: whether it is learned' }),
    rejected: z.string().optional(),
    tools: z.array(tool).optional(),
    parallelToolCalls: z.boolean().optional(),
    label: z.string().optional(),
    metadata: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Example' })

/** How a file is to be read. */
export const reading = {
  from: text.exactOptional().meta({ description: 'id of the form of all records; default: told by each' }),
  map: z
    .string()
    .max(2000)
    .exactOptional()
    .meta({ description: 'what columns mean: `user=question,assistant=answer`' }),
  sheet: text.exactOptional().meta({ description: 'of an Excel file' }),
}

export const inspection = z
  .object({
    kind: z.string(),
    notes: z.array(z.string()),
    formats: z.array(formatSeen),
    columns: z.array(z.string()),
    firstValues: z
      .array(z.string())
      .meta({ description: 'what the first record has in the columns, long ones cut' }),
    needsMap: z
      .object({ message: z.string(), hint: z.string().nullable() })
      .nullable()
      .meta({ description: 'where the columns mean nothing: say what they mean with `map`' }),
    records: count.meta({ description: 'that were looked at: 1,000 at most' }),
    isWhole: z.boolean(),
    refused: count,
    findings: z.array(finding),
    notRead,
    examples: z.array(z.object({ line: count, example })),
  })
  .meta({ id: 'Inspection' })

export const imported = z
  .object({
    dataset: z.string(),
    records: count,
    refused: count,
    sources: z.array(
      z.object({
        kind: z.string(),
        notes: z.array(z.string()),
        formats: z.array(formatSeen),
        records: count,
        refused: count,
        blankLines: count,
        notRead,
      }),
    ),
  })
  .meta({ id: 'Imported' })

/** Which part of a version. Default: the records, of a split the training part. */
export const part = { part: partName.exactOptional() }
