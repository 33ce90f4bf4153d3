import { z } from 'zod'
import { count, valueCount } from './common.ts'
import { finding, part, severities, text } from './dataset-versions.ts'

export const checkBody = z
  .strictObject({
    ...part,
    for: text.exactOptional().meta({ description: 'a profile, such as `bedrock:claude-3-haiku`' }),
    against: text.exactOptional().meta({ description: 'the validation part or dataset' }),
    privacy: z.boolean().exactOptional().meta({ description: 'look for personal data, which takes long' }),
    label: text.exactOptional(),
    hyperparameters: z.record(z.string(), z.string()).exactOptional(),
  })
  .meta({ id: 'Check' })

export const checkResult = z
  .object({
    dataset: z.string(),
    part: z.string(),
    bytes: count,
    records: count,
    blankLines: count,
    profile: z.object({ id: z.string(), title: z.string(), asOf: z.string() }).nullable(),
    profileNote: z.string().nullable(),
    passed: z.boolean(),
    counts: severities,
    byRule: z.record(z.string(), count),
    mendable: severities,
    findings: z.array(finding).meta({ description: 'at most 1,000 of each rule' }),
    reused: z.boolean(),
    looks: count.nullable(),
  })
  .meta({ id: 'CheckResult' })

const run = z.object({ kind: z.enum(['same', 'removed', 'added']), text: z.string() }).meta({ id: 'DiffRun' })

export const fixResult = z
  .object({
    diff: z.string().meta({ description: 'unified, without context; its beginning where it is long' }),
    diffBytes: count,
    changes: z
      .array(z.object({ line: count, runs: z.array(run) }))
      .meta({ description: 'the first of them, word by word' }),
    changed: count,
    byRule: z.record(z.string(), count),
    left: severities,
    dataset: z.string().nullable(),
  })
  .meta({ id: 'FixResult' })

const lengths = z
  .object({ count, total: count, mean: z.number(), p50: count, p95: count, largest: count })
  .meta({ id: 'Lengths' })
const bar = z.object({ from: z.number(), to: z.number(), count }).meta({ id: 'Bar' })
const labelCounts = z
  .object({
    from: z.string(),
    distinct: count,
    more: z.boolean(),
    without: count,
    counts: z.array(valueCount),
  })
  .meta({ id: 'LabelCounts' })

export const statistics = z
  .object({
    dataset: z.string(),
    part: z.string(),
    bytes: count,
    records: count,
    refused: count,
    refusedBy: z.array(valueCount),
    formats: z.array(valueCount),
    messages: z.object({ system: count, user: count, assistant: count, tool: count }),
    turns: lengths,
    characters: z.object({
      record: lengths,
      system: lengths,
      user: lengths,
      answer: lengths,
      histogram: z.array(bar),
    }),
    systemPrompts: z.object({ records: count, distinct: count, more: z.boolean() }),
    labels: labelCounts.nullable(),
    duplicates: count,
    sameInput: count,
    emptyMessages: count,
    emptyAnswers: count,
    preferencePairs: count,
    weighted: count,
    tools: z.object({ records: count, calls: count, results: count, names: z.array(valueCount) }),
    media: z.object({ records: count, kinds: z.array(valueCount) }),
    metadataKeys: z.array(valueCount),
    languages: z.object({ sampled: count, counts: z.array(valueCount) }),
    reused: z.boolean(),
    looks: count.nullable(),
  })
  .meta({ id: 'Statistics' })

export const tokenBody = z
  .strictObject({
    ...part,
    base: text.exactOptional().meta({ description: 'a local model, which counts exactly' }),
    for: text.exactOptional().meta({ description: 'a hosted service, for which is estimated' }),
    maxTokens: z.int().min(1).exactOptional(),
    answers: z.enum(['all', 'last']).exactOptional(),
    system: z.string().exactOptional(),
    epochs: z.number().exactOptional(),
  })
  .meta({ id: 'CountTokens' })

export const tokenCounts = z
  .object({
    dataset: z.string(),
    part: z.string(),
    bytes: count,
    records: count,
    refused: count,
    failed: count.meta({ description: "records that the model's chat template refuses" }),
    failures: z.array(z.object({ line: count, code: z.string(), message: z.string() })),
    pairs: count,
    sharedPrefix: count.nullable(),
    bytesPerCharacter: z.number(),
    statistics: z.object({
      counted: count,
      total: z.number(),
      trained: z.number(),
      tokens: z.object({ record: lengths, system: lengths, prompt: lengths, answer: lengths }),
      histogram: z.array(bar),
      beyondLimit: z.object({
        limit: count.nullable(),
        records: count,
        tokens: z.number(),
        answersCut: count,
        withoutTrained: count,
        rows: z.array(z.object({ line: count, tokens: count, trainedBeyond: count })),
      }),
      nothingTrained: count,
    }),
    counter: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('exact'), model: z.string(), base: z.string(), context: count }),
      z.object({
        kind: z.literal('estimate'),
        profile: z.string(),
        title: z.string(),
        method: z.string(),
        note: z.string().nullable(),
      }),
    ]),
    run: z.object({
      records: count,
      epochs: z.number(),
      tokens: z.number(),
      usd: z.number().nullable(),
      priceSource: z.string(),
      seconds: z.number().nullable(),
      batchSize: count.nullable(),
    }),
    reused: z.boolean(),
    looks: count.nullable(),
  })
  .meta({ id: 'TokenCounts' })

const placedRecord = z.object({ file: z.string(), line: count })

export const duplicatesBody = z
  .strictObject({
    ...part,
    against: z
      .array(text)
      .max(20)
      .default([])
      .meta({ description: 'datasets whose records must not occur in it' }),
    near: z.number().gt(0).max(1).default(0.85),
    shingles: z
      .strictObject({ of: z.enum(['characters', 'words']), size: z.int().min(1).max(64) })
      .default({ of: 'words', size: 3 }),
    on: z.enum(['input', 'conversation', 'answer']).default('input'),
    keep: z.enum(['first', 'last', 'longest']).default('first'),
    clusters: z.int().min(0).max(1000).default(100).meta({ description: 'clusters that are answered' }),
    name: text.exactOptional().meta({ description: 'keep what stays as a version of this dataset' }),
  })
  .meta({ id: 'FindDuplicates' })

export const duplicates = z
  .object({
    dataset: z.string(),
    part: z.string(),
    records: count,
    kept: count,
    dropped: z.object({ exact: count, near: count, leaked: count }),
    count: count.meta({ description: 'clusters' }),
    largest: count,
    answersDiffer: count,
    clusters: z.array(
      z.object({
        kept: z.array(placedRecord),
        dropped: z.array(
          placedRecord.extend({ like: placedRecord, similarity: z.number(), exact: z.boolean() }),
        ),
        answersDiffer: z.boolean(),
      }),
    ),
    samples: z.array(z.object({ line: count, like: placedRecord, similarity: z.number(), text: z.string() })),
    made: z.string().nullable().meta({ description: 'the new version' }),
  })
  .meta({ id: 'Duplicates' })

export const redactBody = z
  .strictObject({
    ...part,
    policy: z.enum(['default', 'hipaa-like', 'secrets-only']).default('default'),
    country: z.string().length(2).exactOptional(),
    pseudonyms: z.enum(['conversation', 'file']).exactOptional(),
    save: z.boolean().default(false).meta({ description: 'keep the outcome as a new version' }),
  })
  .meta({ id: 'Redact' })

export const redaction = z
  .object({
    policy: z.string(),
    records: count,
    changed: count,
    dropped: count,
    repeatable: z.boolean(),
    pseudonyms: z.enum(['conversation', 'file']).nullable(),
    kinds: z.array(
      z.object({
        kind: z.string(),
        title: z.string(),
        action: z.string(),
        covers: z.string(),
        misses: z.string(),
        found: count,
        records: count,
        measured: z.record(z.string(), z.unknown()).nullable(),
      }),
    ),
    kept: z.array(z.string()),
    limits: z.array(z.string()),
    changes: z.array(z.object({ line: count, runs: z.array(run) })),
    dataset: z.string().nullable(),
  })
  .meta({ id: 'Redaction' })

export const splitBody = z
  .strictObject({
    ...part,
    name: text
      .exactOptional()
      .meta({ description: 'of the dataset that the parts become; default: the same' }),
    validation: z
      .number()
      .min(0)
      .default(0.1)
      .meta({ description: 'below 1 a share, else a number of records' }),
    test: z.number().min(0).default(0.15),
    seed: z.int().min(0).default(7),
    byLabel: z.boolean().default(true),
    labelField: text.exactOptional(),
    group: text.exactOptional().meta({ description: 'records that share this value stay together' }),
    near: z.number().gt(0).max(1).default(0.8),
    against: z.array(text).max(20).default([]),
    allowLeakage: z.boolean().default(false),
    dryRun: z.boolean().default(false),
  })
  .meta({ id: 'Split' })

const splitPart = z.object({ examples: count, hash: z.string(), labels: z.record(z.string(), count) })

export const splitResult = z
  .object({
    records: count,
    leaked: count,
    parts: z.object({ train: splitPart, validation: splitPart, test: splitPart }),
    nearDuplicates: z.object({ threshold: z.number(), groups: count, examples: count, largest: count }),
    seed: count,
    dataset: z.string().nullable().meta({ description: 'null for a dry run' }),
  })
  .meta({ id: 'SplitResult' })

const side = z.object({ dataset: z.string().nullable(), records: count })
const shownRecord = z.object({ line: count, text: z.string() })

export const diff = z
  .object({
    before: side,
    after: side,
    counts: z.object({ unchanged: count, changed: count, added: count, removed: count }),
    changed: z.array(
      z.object({
        beforeLine: count,
        afterLine: count,
        by: z.string(),
        similarity: z.number().nullable(),
        input: z.string().nullable(),
        runs: z.array(run),
      }),
    ),
    added: z.array(shownRecord),
    removed: z.array(shownRecord),
  })
  .meta({ id: 'DatasetDiff' })
