import { z } from 'zod'
import { message, tool } from './chat.ts'
import { count, flag, place, time, valueCount, whole } from './common.ts'
import { operations } from './operation.ts'

const text = z.string().min(1).max(200)
const partName = z.enum(['records', 'train', 'validation', 'test'])

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
const severities = z.object({ error: count, warning: count, note: count })

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
const part = { part: partName.exactOptional() }

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
    looks: count.nullable(),
  })
  .meta({ id: 'CheckResult' })

export const fixResult = z
  .object({
    diff: z.string().meta({ description: 'unified, without context; its beginning where it is long' }),
    diffBytes: count,
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

const run = z.object({ kind: z.enum(['same', 'removed', 'added']), text: z.string() }).meta({ id: 'DiffRun' })

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

export const datasetOperations = operations({
  listDatasets: {
    method: 'GET',
    path: '/api/datasets',
    summary: 'All datasets with their versions',
    action: 'read',
    answer: { kind: 'json', schema: datasetList },
  },
  getDataset: {
    method: 'GET',
    path: '/api/datasets/{id}',
    summary: 'One version, `name@hash`, or the newest of a name',
    action: 'read',
    answer: { kind: 'json', schema: datasetDetails },
  },
  importSample: {
    method: 'POST',
    path: '/api/datasets/sample',
    summary: 'Takes in the sample dataset that comes with Hone',
    action: 'write',
    answer: { kind: 'steps', schema: imported },
  },
  listExamples: {
    method: 'GET',
    path: '/api/datasets/{id}/examples',
    summary:
      'A page of the records of a part, by offset, with filters; the first page of a part makes its index',
    action: 'read',
    query: z.object({
      part: partName.optional(),
      offset: whole(0, 1e9).default(0),
      limit: whole(1, 500).default(50),
      search: z.string().max(300).optional().meta({ description: 'text in a message, whatever its case' }),
      label: z.string().max(300).optional(),
      labelField: text.optional(),
      shortest: whole(0, 1e9).optional().meta({ description: 'characters of all messages' }),
      longest: whole(0, 1e9).optional(),
      refused: flag
        .optional()
        .meta({ description: 'only records that cannot be read, or only those that can' }),
      finding: text
        .optional()
        .meta({ description: 'a rule: records that its findings stand at, at most 1,000' }),
      for: text.optional().meta({ description: 'the profile of the check whose findings are meant' }),
    }),
    answer: { kind: 'json', schema: examplePage },
  },
  getExample: {
    method: 'GET',
    path: '/api/datasets/{id}/examples/{row}',
    summary: 'One record, whole; with `base` as the tokens that training sees, with its loss mask',
    action: 'read',
    query: z.object({
      part: partName.optional(),
      base: text.optional(),
      maxTokens: whole(1, 1e7).optional(),
      answers: z.enum(['all', 'last']).optional(),
      system: z.string().max(20_000).optional(),
    }),
    answer: { kind: 'json', schema: oneExample },
  },
  addExample: {
    method: 'POST',
    path: '/api/datasets/{id}/examples',
    summary:
      'A new version with one record more, such as a corrected answer; a name that is new begins a dataset',
    action: 'write',
    body: z
      .strictObject({
        messages: z.array(message).min(2),
        tools: z.array(tool).exactOptional(),
        label: z.string().exactOptional(),
        metadata: z.record(z.string(), z.unknown()).exactOptional(),
      })
      .meta({ id: 'AddExample' }),
    answer: { kind: 'json', schema: datasetVersion, status: 201 },
  },
  checkDataset: {
    method: 'POST',
    path: '/api/datasets/{id}/check',
    summary:
      'Findings of the rules of good data, and of a service; a check that was made before is answered at once',
    action: 'read',
    body: checkBody,
    answer: { kind: 'steps', schema: checkResult },
  },
  fixDataset: {
    method: 'POST',
    path: '/api/datasets/{id}/fix',
    summary: 'What mending would change; with `save` as a new version',
    action: 'write',
    body: z
      .strictObject({
        ...part,
        for: text.exactOptional(),
        label: text.exactOptional(),
        save: z.boolean().default(false),
      })
      .meta({ id: 'Fix' }),
    answer: { kind: 'steps', schema: fixResult },
  },
  getStatistics: {
    method: 'POST',
    path: '/api/datasets/{id}/statistics',
    summary: 'What a part holds, in numbers: labels, lengths, languages',
    action: 'read',
    body: z.strictObject({ ...part, label: text.exactOptional() }).meta({ id: 'AskStatistics' }),
    answer: { kind: 'steps', schema: statistics },
  },
  countTokens: {
    method: 'POST',
    path: '/api/datasets/{id}/tokens',
    summary:
      'Tokens of the records with their histogram and what is cut, and what a run over them would take',
    action: 'read',
    body: tokenBody,
    answer: { kind: 'steps', schema: tokenCounts },
  },
  findDuplicates: {
    method: 'POST',
    path: '/api/datasets/{id}/duplicates',
    summary: 'Equal and similar records in clusters, also those that leak from other datasets',
    action: 'write',
    body: duplicatesBody,
    answer: { kind: 'steps', schema: duplicates },
  },
  redactDataset: {
    method: 'POST',
    path: '/api/datasets/{id}/redact',
    summary: 'Personal data and secrets that would be taken out; with `save` as a new version',
    action: 'write',
    body: redactBody,
    answer: { kind: 'steps', schema: redaction },
  },
  splitDataset: {
    method: 'POST',
    path: '/api/datasets/{id}/split',
    summary: 'Splits into training, validation and a sealed test part, as a version of a dataset',
    action: 'write',
    body: splitBody,
    answer: { kind: 'steps', schema: splitResult },
  },
  diffDatasets: {
    method: 'POST',
    path: '/api/datasets/{id}/diff',
    summary: 'What changed from another version to this one',
    action: 'read',
    body: z.strictObject({ before: text, limit: z.int().min(0).max(500).default(50) }).meta({ id: 'Diff' }),
    answer: { kind: 'steps', schema: diff },
  },
  exportDataset: {
    method: 'GET',
    path: '/api/datasets/{id}/export',
    summary: 'A part in any form and kind of file',
    action: 'read',
    query: z.object({
      part: partName.optional(),
      as: text.default('hone').meta({ description: 'id of a form of records' }),
      file: z.enum(['jsonl', 'jsonl.gz', 'json', 'csv', 'tsv', 'parquet', 'xlsx']).default('jsonl'),
      allowLoss: flag.default(false),
    }),
    answer: { kind: 'file', mediaType: 'application/octet-stream' },
  },
})
