import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { BodyFault } from '../dialect-request.ts'
import { readWith } from '../read-body.ts'
import {
  batchEndpoints,
  readBatchLine,
  writeBatch,
  writeBatchLine,
  writeBatchResult,
  type BatchFacts,
} from './batch-object.ts'
import { writeFileObject } from './file-object.ts'
import { readFineTunedName, toNameSuffix, writeFineTunedName } from './fine-tuned-name.ts'
import { writeFineTuningEvent } from './fine-tuning-event.ts'
import { writeCheckpoint, writeFineTuningJob } from './fine-tuning-job.ts'
import { fineTuningBody } from './fine-tuning-request.ts'
import { readMetadataFilter } from './list-page.ts'
import { fromObjectId, toObjectId } from './object-id.ts'

const word = fc.stringMatching(/^[a-z0-9]{1,12}$/)
const metadata = fc.dictionary(fc.string({ maxLength: 64 }), fc.string({ maxLength: 512 }), { maxKeys: 16 })
const time = fc.integer({ min: 0, max: 4e12 })

/** What reading a job's body throws. */
function faultOf(body: unknown): unknown {
  try {
    readWith(fineTuningBody, body)
    return undefined
  } catch (error) {
    return error
  }
}

test('names of models are read as they are written, whatever the base is called', () => {
  const name = fc.record(
    {
      base: fc.stringMatching(/^[a-z0-9.:-]{1,60}$/).filter((base) => !/^:|:$/.test(base)),
      organization: word,
      suffix: fc.string({ maxLength: 100 }).map(toNameSuffix),
      id: word,
      step: fc.integer({ min: 0, max: 999_999_999 }),
    },
    { requiredKeys: ['base', 'organization', 'suffix', 'id'] },
  )
  fc.assert(
    fc.property(name, (each) => {
      expect(readFineTunedName(writeFineTunedName(each))).toEqual(each)
    }),
  )
})

test('what is no name of a tuned model is none', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const read = readFineTunedName(text)
      expect(read === undefined || writeFineTunedName(read) === text).toBe(true)
    }),
  )
  for (const text of [
    'gpt-4o-mini',
    'ft:',
    'ft:a:b:c',
    'ft:a:b:c:d:ckpt-step-',
    'ft:a:b::',
    'ft:a:b:c:d e',
  ]) {
    expect(readFineTunedName(text)).toBeUndefined()
  }
})

test('a suffix becomes a part of a name', () => {
  expect(['Claims Router', '--a__b--', 'Ünïcode', '!!', 'a'.repeat(80)].map(toNameSuffix)).toEqual([
    'claims-router',
    'a-b',
    'n-code',
    '',
    'a'.repeat(64),
  ])
})

test('ids are read as they are written, and others are not', () => {
  fc.assert(
    fc.property(word, (id) => {
      expect(fromObjectId('file-', toObjectId('file-', id))).toBe(id)
    }),
  )
  for (const text of ['', 'file-', 'ftjob-abc', 'file-../x', `file-${'a'.repeat(65)}`]) {
    expect(fromObjectId('file-', text)).toBeUndefined()
  }
})

const auto = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | 'auto'> =>
  fc.oneof(fc.constant('auto' as const), value)

const parameters = fc.record(
  {
    n_epochs: auto(fc.integer({ min: 1, max: 50 })),
    batch_size: auto(fc.integer({ min: 1, max: 256 })),
    learning_rate_multiplier: auto(fc.double({ min: 0.01, max: 10, noNaN: true })),
  },
  { requiredKeys: [] },
)

test('a job is read the same from the form of today and from the older one', () => {
  const asked = fc.record(
    {
      suffix: fc.option(fc.string({ minLength: 1, maxLength: 64 })),
      seed: fc.option(fc.nat()),
      metadata: fc.option(metadata),
      validation_file: fc.option(word),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(asked, parameters, (members, hyperparameters) => {
      const common = { model: 'gpt-4o-mini', training_file: 'file-a', ...members }
      const read = readWith(fineTuningBody, {
        ...common,
        method: { type: 'supervised', supervised: { hyperparameters } },
      })
      expect(readWith(fineTuningBody, { ...common, hyperparameters })).toEqual(read)
      expect(read).toEqual({
        model: 'gpt-4o-mini',
        trainingFile: 'file-a',
        validationFile: members.validation_file ?? null,
        method: 'supervised',
        hyperparameters: Object.fromEntries(
          Object.entries(hyperparameters).map(([name, value]) => [name, String(value)]),
        ),
        suffix: members.suffix ?? null,
        seed: members.seed ?? null,
        metadata: members.metadata ?? null,
      })
    }),
  )
})

test.each([
  ['/colour', { colour: 'red' }],
  ['/method/type', { method: { type: 'reinforcement', reinforcement: { grader: {} } } }],
  ['/integrations', { integrations: [{ type: 'wandb', wandb: { project: 'p' } }] }],
  [
    '/hyperparameters',
    { hyperparameters: { n_epochs: 1 }, method: { type: 'dpo', dpo: { hyperparameters: {} } } },
  ],
  ['/metadata', { metadata: Object.fromEntries(Array.from({ length: 17 }, (_, at) => [`k${at}`, 'v'])) }],
  ['/seed', { seed: -1 }],
])('%s is refused', (pointer, members) => {
  const body = { model: 'm', training_file: 'f', ...members }
  const found = faultOf(body)
  expect(found).toBeInstanceOf(BodyFault)
  const { pointer: at, message } = found as BodyFault
  // A member that is not known is named in the message.
  expect(at === '' ? `/${/\[(.*)\]/.exec(message)?.[1]}` : at).toBe(pointer)
})

test('whatever is asked is read or refused by a fault', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (body) => {
      const fault = faultOf(body)
      expect(fault === undefined || fault instanceof BodyFault).toBe(true)
    }),
  )
})

test('filters by metadata are read from the query', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }), fc.string({ maxLength: 20 }), { minKeys: 1 }),
      (pairs) => {
        const query = new URLSearchParams(
          Object.entries(pairs).map(([key, value]): [string, string] => [`metadata[${key}]`, value]),
        )
        query.append('limit', '3')
        expect(readMetadataFilter(query)).toEqual(pairs)
      },
    ),
  )
  expect(readMetadataFilter(new URLSearchParams('metadata=null'))).toBeNull()
  expect(readMetadataFilter(new URLSearchParams('after=x'))).toBeUndefined()
})

test('times are seconds, and an end that has not come is null', () => {
  fc.assert(
    fc.property(time, fc.option(time), (createdAt, finishedAt) => {
      const job = writeFineTuningJob({
        id: 'ftjob-a',
        model: 'm',
        organization: 'org-hone',
        status: 'running',
        createdAt,
        finishedAt,
        estimatedFinish: null,
        fineTunedModel: null,
        trainingFile: 'file-a',
        validationFile: null,
        resultFiles: [],
        method: 'dpo',
        hyperparameters: { epochs: 'auto', batchSize: 4, learningRateMultiplier: 1, beta: 0.1 },
        trainedTokens: null,
        error: null,
        suffix: null,
        seed: 1,
        metadata: null,
      })
      expect(job['created_at']).toBe(Math.floor(createdAt / 1000))
      expect(job['finished_at']).toBe(finishedAt === null ? null : Math.floor(finishedAt / 1000))
      expect(job['method']).toMatchObject({
        type: 'dpo',
        dpo: { hyperparameters: { n_epochs: 'auto', batch_size: 4, beta: 0.1 } },
      })
      const file = { id: 'f', filename: 'a', bytes: 1, purpose: 'batch', createdAt, expiresAt: finishedAt }
      expect(writeFileObject(file)).toMatchObject({
        created_at: job['created_at'],
        expires_at: job['finished_at'],
      })
    }),
  )
})

test('an event of a step carries its numbers, any other its words', () => {
  const step = { id: 'ftevent-a', at: 5000, type: 'metrics' }
  expect(
    writeFineTuningEvent(
      { ...step, data: { step: 3, steps: 9, trainLoss: 1.234, validLoss: 0.5 } },
      'ftjob-a',
    ),
  ).toEqual({
    object: 'fine_tuning.job.event',
    id: 'ftevent-a',
    created_at: 5,
    level: 'info',
    message: 'Step 3/9: training loss=1.23, validation loss=0.50',
    type: 'metrics',
    data: { step: 3, total_steps: 9, train_loss: 1.234, valid_loss: 0.5, full_valid_loss: 0.5 },
  })
  expect(writeFineTuningEvent({ ...step, type: 'failed', data: { message: 'no' } }, 'ftjob-a')).toMatchObject(
    {
      level: 'error',
      message: 'The job failed: no',
      type: 'message',
    },
  )
  const checkpoint = { id: 'c', job: 'j', model: 'm', createdAt: 1, step: 4, trainLoss: 2, validLoss: null }
  expect(writeCheckpoint(checkpoint)).toMatchObject({ metrics: { step: 4, train_loss: 2 } })
})

test('lines of a batch are read as they are written', () => {
  const request = fc.record({
    customId: fc.string({ minLength: 1, maxLength: 100 }),
    // JSON knows no negative zero.
    body: fc
      .dictionary(fc.string(), fc.jsonValue())
      .map((body) => JSON.parse(JSON.stringify(body)) as object),
  })
  fc.assert(
    fc.property(request, fc.constantFrom(...batchEndpoints), ({ customId, body }, endpoint) => {
      const line = { customId, body: body as Record<string, unknown> }
      expect(readBatchLine(writeBatchLine(line, endpoint), endpoint)).toEqual(line)
    }),
  )
})

test.each([
  ['{', 'invalid_json_line', null],
  ['[]', 'invalid_request', null],
  ['{"custom_id": "a", "method": "POST", "url": "/v1/responses"}', 'missing_required_parameter', 'body'],
  ['{"custom_id": 1, "method": "POST", "url": "/v1/responses", "body": {}}', 'invalid_request', 'custom_id'],
  [
    '{"custom_id": "a", "method": "POST", "url": "/v1/completions", "body": {}}',
    'mismatched_endpoint',
    'url',
  ],
])('the line %s is refused', (line, code, param) => {
  expect(readBatchLine(line, '/v1/responses')).toMatchObject({ code, param })
})

test('a batch tells when it came to the state that it is in', () => {
  const facts: BatchFacts = {
    id: 'batch_a',
    endpoint: '/v1/responses',
    inputFile: 'file-a',
    status: 'cancelled',
    createdAt: 1000,
    expiresAt: 9000,
    changedAt: 2000,
    endedAt: 3000,
    faults: [],
    outputFile: 'file-b',
    errorFile: null,
    total: 3,
    completed: 2,
    failed: 0,
    inputTokens: 7,
    outputTokens: 4,
    metadata: null,
  }
  expect(writeBatch(facts)).toMatchObject({
    cancelled_at: 3,
    cancelling_at: 3,
    completed_at: null,
    failed_at: null,
    expired_at: null,
    errors: null,
    request_counts: { total: 3, completed: 2, failed: 0 },
    usage: { total_tokens: 11 },
  })
  expect(writeBatch({ ...facts, status: 'completed' })).toMatchObject({ completed_at: 3, cancelled_at: null })
  const fault = { code: 'invalid_json_line', message: 'no', param: null, line: 4 }
  expect(writeBatch({ ...facts, status: 'failed', faults: [fault] })).toMatchObject({
    failed_at: 3,
    in_progress_at: null,
    errors: { object: 'list', data: [fault] },
  })
  const result = { id: 'batch_req_a', customId: 'c', requestId: 'req_a', status: 200, body: { id: 'x' } }
  expect(JSON.parse(writeBatchResult(result))).toEqual({
    id: 'batch_req_a',
    custom_id: 'c',
    response: { status_code: 200, request_id: 'req_a', body: { id: 'x' } },
    error: null,
  })
})
