import { z } from 'zod'
import { message, tool } from './chat.ts'
import { flag, whole } from './common.ts'
import { examplePage, oneExample } from './dataset-examples.ts'
import {
  checkBody,
  checkResult,
  diff,
  duplicates,
  duplicatesBody,
  fixResult,
  redactBody,
  redaction,
  splitBody,
  splitResult,
  statistics,
  tokenBody,
  tokenCounts,
} from './dataset-results.ts'
import {
  datasetDetails,
  datasetList,
  datasetVersion,
  imported,
  part,
  partName,
  text,
} from './dataset-versions.ts'
import { operations } from './operation.ts'

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
      lines: z
        .string()
        .regex(/^\d{1,9}(,\d{1,9}){0,199}$/)
        .optional()
        .meta({ description: 'only records at these lines of the file, such as `3,17`; at most 200' }),
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
