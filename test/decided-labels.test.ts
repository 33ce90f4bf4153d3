import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import { CreateModelInvocationJobCommand, GetModelInvocationJobCommand } from '@aws-sdk/client-bedrock'
import { ConverseCommand, ConverseStreamCommand, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import OpenAI, { toFile } from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Evaluation } from '../src/evaluate/evaluation.ts'
import type { StoredLabelDecision } from '../src/store/label-decisions.ts'
import { awsClients } from './testing/aws-clients.ts'
import { nativeClient } from './testing/native-client.ts'
import { runHone } from './testing/run-hone.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { colourRecords, tinyHome, writeRecords, type TinyHome } from './testing/tiny-home.ts'

let tiny: TinyHome
let server: TestServer
let evaluation: Evaluation

const model = 'colours-1'
const deployed = 'colours-deployed'
const haiku = 'anthropic.claude-3-haiku-20240307-v1:0'

// So short a training that the model writes something else than a label.
const config = `schema: 1
name: colours
data: data.jsonl
task: { kind: labels, decide: corrected }
base: tiny
training: { maxSteps: 3, batchSize: 4 }
evaluation: { maxTokens: 6, candidates: [tuned] }
`

beforeAll(async () => {
  tiny = await tinyHome()
  // Green is rare, so that there is something to correct.
  const records = colourRecords(150).filter((_, at) => at % 3 !== 1 || at % 4 === 1)
  writeRecords(tiny.work, 'data.jsonl', records)
  writeFileSync(join(tiny.work, 'hone.yaml'), config)
  const run = await runHone(['run', '.', '--json'], { home: tiny.home, cwd: tiny.work })
  if (run.status !== 0) throw new Error(run.stderr)
  evaluation = JSON.parse(readFileSync(join(tiny.work, 'out', 'colours', 'evaluation.json'), 'utf8'))
  server = await startServer(tiny)
  await server.parts.models.add({
    id: 'x1',
    name: 'colours-custom',
    state: 'active',
    parent: null,
    document: {
      homeId: model,
      jobId: null,
      profile: 'bedrock:claude-3-haiku',
      baseIdentifier: `${haiku}:200k`,
      localBase: tiny.base,
      trainingLoss: null,
      validationLoss: null,
      dialect: {},
    },
  })
  await server.parts.endpoints.create('deployment', deployed, {
    modelId: 'x1',
    baseIdentifier: `${haiku}:200k`,
    localBase: tiny.base,
    units: null,
    description: null,
    commitment: null,
    commitmentEnds: null,
    dialect: {},
  })
}, 120_000)

afterAll(() => server[Symbol.asyncDispose]())

const decisionFile = (): string => join(tiny.home, 'models', model, 'label-decision.json')
const decision = (): StoredLabelDecision => JSON.parse(readFileSync(decisionFile(), 'utf8'))
const told = (): string => `corrected; tau=${decision().tau}; labels=3`

/** Asks one way, and gives the answer and what the response says of how it was decided. */
type Ask = (
  content: string,
  headers?: Record<string, string>,
) => Promise<{ readonly text: string; readonly decided: string | null }>

const openai: Ask = async (content, headers = {}) => {
  const client = new OpenAI({ apiKey: server.bearer, baseURL: `${server.endpoint}/v1`, maxRetries: 0 })
  const { data, response } = await client.chat.completions
    .create({ model, messages: [{ role: 'user', content }], max_tokens: 6, temperature: 0 }, { headers })
    .withResponse()
  return {
    text: data.choices[0]?.message.content ?? '',
    decided: response.headers.get('x-hone-label-decision'),
  }
}

const openaiStream: Ask = async (content, headers = {}) => {
  const client = new OpenAI({ apiKey: server.bearer, baseURL: `${server.endpoint}/v1`, maxRetries: 0 })
  const { data, response } = await client.chat.completions
    .create({ model, messages: [{ role: 'user', content }], max_tokens: 6, stream: true }, { headers })
    .withResponse()
  let text = ''
  for await (const { choices } of data) text += choices[0]?.delta.content ?? ''
  return { text, decided: response.headers.get('x-hone-label-decision') }
}

const anthropic: Ask = async (content, headers = {}) => {
  const client = new Anthropic({ apiKey: server.bearer, baseURL: server.endpoint, maxRetries: 0 })
  const { data, response } = await client.messages
    .create({ model, max_tokens: 6, messages: [{ role: 'user', content }] }, { headers })
    .withResponse()
  const [block] = data.content
  return {
    text: block?.type === 'text' ? block.text : '',
    decided: response.headers.get('x-hone-label-decision'),
  }
}

/** The header of the last answer, which the SDK does not give. */
function bedrockWith(headers: Record<string, string>) {
  const { runtime } = awsClients(server)
  let decided: string | null = null
  runtime.middlewareStack.add(
    (next) => async (args) => {
      Object.assign((args.request as { headers: object }).headers, headers)
      const result = await next(args)
      const response = result.response as { headers: Record<string, string> }
      decided = response.headers['x-hone-label-decision'] ?? null
      return result
    },
    { step: 'build' },
  )
  return { runtime, decided: () => decided }
}

const arn = async (): Promise<string> => {
  const endpoint = await server.parts.endpoints.findRecent('deployment', 'name', deployed)
  return `arn:aws:bedrock:us-west-2:000000000000:custom-model-deployment/${endpoint!.id}`
}

const converse: Ask = async (content, headers = {}) => {
  const { runtime, decided } = bedrockWith(headers)
  const { output } = await runtime.send(
    new ConverseCommand({
      modelId: await arn(),
      messages: [{ role: 'user', content: [{ text: content }] }],
      inferenceConfig: { maxTokens: 6, temperature: 0 },
    }),
  )
  return { text: output?.message?.content?.[0]?.text ?? '', decided: decided() }
}

const converseStream: Ask = async (content, headers = {}) => {
  const { runtime, decided } = bedrockWith(headers)
  const { stream } = await runtime.send(
    new ConverseStreamCommand({
      modelId: await arn(),
      messages: [{ role: 'user', content: [{ text: content }] }],
      inferenceConfig: { maxTokens: 6 },
    }),
  )
  let text = ''
  for await (const { contentBlockDelta } of stream ?? []) text += contentBlockDelta?.delta?.text ?? ''
  return { text, decided: decided() }
}

const invoke: Ask = async (content, headers = {}) => {
  const { runtime, decided } = bedrockWith(headers)
  const { body } = await runtime.send(
    new InvokeModelCommand({
      modelId: await arn(),
      body: JSON.stringify({
        anthropic_version: 'bedrock-2023-05-31',
        max_tokens: 6,
        messages: [{ role: 'user', content }],
      }),
    }),
  )
  const answer = JSON.parse(body.transformToString()) as { content: { text: string }[] }
  return { text: answer.content[0]?.text ?? '', decided: decided() }
}

const ways = { openai, openaiStream, anthropic, converse, converseStream, invoke }

describe('what is served is what was evaluated', () => {
  test('the evaluation decided by probabilities, and the answers as written would not have done', () => {
    const [tuned] = evaluation.candidates
    expect(evaluation.rows).toBeGreaterThan(10)
    expect(tuned?.labelRule).toMatchObject({ chosenOn: { split: 'validation' } })
    expect(tuned?.rows.some(({ read, answer }) => read !== answer)).toBe(true)
    expect(tuned?.rows.map(({ read }) => read)).toEqual(
      tuned?.rows.map(() => expect.stringMatching(/^(red|green|blue)$/) as string),
    )
  })

  test.each(Object.entries(ways))('row by row: %s', async (_, ask) => {
    const served = await Promise.all(evaluation.examples.map(({ input }) => ask(input)))
    expect(served.map(({ text }) => text)).toEqual(evaluation.candidates[0]?.rows.map(({ read }) => read))
    expect(new Set(served.map(({ decided }) => decided))).toEqual(new Set([told()]))
  })

  test("row by row: Hone's own API, with the probability", async () => {
    const client = nativeClient(server)
    for (const [at, { input }] of evaluation.examples.entries()) {
      const messages = [{ role: 'user' as const, content: input }]
      const { labelScores = [], read } = evaluation.candidates[0]!.rows[at]!
      let text = ''
      for await (const { event, data } of client.follow('chat', { body: { model, messages } })) {
        if (event === 'text') text += data.text
        if (event !== 'finish') continue
        expect(data.decided).toMatchObject({ label: read, likeliest: labelScores[0]?.label })
        expect(data.decided?.probability).toBeCloseTo(
          labelScores.find(({ label }) => label === read)!.probability,
          4,
        )
        // Counted as every other answer is.
        expect(data.usage.completionTokens).toBeGreaterThan(0)
      }
      expect(text).toBe(read)
    }
  })

  test('hone chat', async () => {
    const { stdout, stderr } = await runHone(['chat', model, evaluation.examples[0]!.input], {
      home: tiny.home,
      cwd: tiny.work,
    })
    expect(stdout.trim()).toBe(evaluation.candidates[0]!.rows[0]!.read)
    expect(stderr).toContain('decided by the probabilities of all labels')
  }, 60_000)
})

const written = (at: number): string => evaluation.candidates[0]!.rows[at]!.answer

/** Asks again until there is an answer. */
async function until<Value>(find: () => Promise<Value | undefined>): Promise<Value> {
  for (;;) {
    const found = await find()
    if (found !== undefined) return found
    await pause(50)
  }
}

const messagesOf = (content: string) => [{ role: 'user' as const, content }]
const inputs = (): string[] => evaluation.examples.map(({ input }) => input)
const reads = (): (string | null | undefined)[] => evaluation.candidates[0]!.rows.map(({ read }) => read)

/** What each way of asking many at once answers to all inputs, in their order. */
const batches: Record<string, () => Promise<string[]>> = {
  async openai() {
    const client = new OpenAI({ apiKey: server.bearer, baseURL: `${server.endpoint}/v1`, maxRetries: 0 })
    const lines = inputs().map((content, at) => ({
      custom_id: `${at}`,
      method: 'POST',
      url: '/v1/chat/completions',
      body: { model, messages: messagesOf(content), max_tokens: 6, temperature: 0 },
    }))
    const file = await client.files.create({
      file: await toFile(Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n')), 'in.jsonl'),
      purpose: 'batch',
    })
    const { id } = await client.batches.create({
      input_file_id: file.id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    })
    const output = await until(async () => (await client.batches.retrieve(id)).output_file_id ?? undefined)
    const text = await (await client.files.content(output)).text()
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { custom_id: string; response: { body: OpenAI.ChatCompletion } })
      .toSorted((a, b) => Number(a.custom_id) - Number(b.custom_id))
      .map(({ response }) => response.body.choices[0]?.message.content ?? '')
  },
  async anthropic() {
    const { messages } = new Anthropic({ apiKey: server.bearer, baseURL: server.endpoint, maxRetries: 0 })
    const { id } = await messages.batches.create({
      requests: inputs().map((content, at) => ({
        custom_id: `${at}`,
        params: { model, max_tokens: 6, messages: messagesOf(content) },
      })),
    })
    await until(async () => {
      const { processing_status: status } = await messages.batches.retrieve(id)
      return status === 'ended' || undefined
    })
    const texts: string[] = []
    for await (const { custom_id: at, result } of await messages.batches.results(id)) {
      const block = result.type === 'succeeded' ? result.message.content[0] : undefined
      texts[Number(at)] = block?.type === 'text' ? block.text : result.type
    }
    return texts
  },
  async bedrock() {
    const { s3, bedrock } = awsClients(server)
    await s3.send(new CreateBucketCommand({ Bucket: 'decided' }))
    const records = inputs().map((content, at) => ({
      recordId: `${at}`,
      modelInput: { anthropic_version: 'bedrock-2023-05-31', max_tokens: 6, messages: messagesOf(content) },
    }))
    const body = records.map((record) => JSON.stringify(record)).join('\n')
    await s3.send(new PutObjectCommand({ Bucket: 'decided', Key: 'in.jsonl', Body: body }))
    const { jobArn: jobIdentifier } = await bedrock.send(
      new CreateModelInvocationJobCommand({
        jobName: 'decided',
        roleArn: 'arn:aws:iam::000000000000:role/Batch',
        modelId: 'colours-custom',
        inputDataConfig: { s3InputDataConfig: { s3Uri: 's3://decided/in.jsonl', s3InputFormat: 'JSONL' } },
        outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://decided/out/' } },
      }),
    )
    const ended = await until(async () => {
      const job = await bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier }))
      return job.endTime === undefined ? undefined : job
    })
    expect(ended.status).toBe('Completed')
    const Key = `out/${jobIdentifier!.split('/').at(-1)!}/in.jsonl.out`
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'decided', Key }))
    return ((await Body?.transformToString()) ?? '')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { recordId: string; modelOutput: Anthropic.Message })
      .toSorted((a, b) => Number(a.recordId) - Number(b.recordId))
      .map(({ modelOutput: { content } }) => (content[0]?.type === 'text' ? content[0].text : ''))
  },
}

test.each(Object.entries(batches))('a batch answers what was evaluated: %s', async (_, answersOf) => {
  expect(await answersOf()).toEqual(reads())
})

describe('answers as written', () => {
  test.each(Object.entries({ openai, converse }))('are had by a header: %s', async (_, ask) => {
    const answer = await ask(evaluation.examples[0]!.input, { 'x-hone-decide': 'answer' })
    expect(answer).toEqual({ text: written(0), decided: null })
  })

  test('are had by a header: anthropic, which draws where nothing else is said', async () => {
    const answer = await anthropic(evaluation.examples[0]!.input, { 'x-hone-decide': 'answer' })
    expect(answer.decided).toBeNull()
  })

  test('a header that says nothing is refused', async () => {
    const { input } = evaluation.examples[0]!
    for (const ask of [openai, anthropic, converse]) {
      await expect(ask(input, { 'x-hone-decide': randomUUID() })).rejects.toThrow(/x-hone-decide/)
    }
  })

  test('are had by a flag of hone chat', async () => {
    const args = ['chat', model, evaluation.examples[0]!.input, '--max-tokens', '6', '--as-written', '--json']
    const { stdout } = await runHone(args, { home: tiny.home, cwd: tiny.work })
    const said = JSON.parse(stdout) as object
    expect(said).toMatchObject({ answer: written(0) })
    expect(said).not.toHaveProperty('label')
  }, 60_000)

  test('are given where the request says what the answer must be, or begins it', async () => {
    const client = new OpenAI({ apiKey: server.bearer, baseURL: `${server.endpoint}/v1`, maxRetries: 0 })
    const { data, response } = await client.chat.completions
      .create({
        model,
        messages: [{ role: 'user', content: evaluation.examples[0]!.input }],
        max_tokens: 30,
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'x', strict: true, schema: { enum: ['violet'] } },
        },
      })
      .withResponse()
    expect(data.choices[0]?.message.content).toBe('"violet"')
    expect(response.headers.get('x-hone-label-decision')).toBeNull()
  })
})

describe('the decision of a model', () => {
  test('is shown', async () => {
    const { stdout } = await runHone(['models', 'show', model], { home: tiny.home, cwd: tiny.work })
    expect(stdout).toMatch(
      /labels +the likeliest of 3 is the answer, corrected for rare labels \(τ = [\d.]+, chosen on \d+ rows/,
    )
  }, 60_000)

  test('that is changed while the server runs counts from the next answer on', async () => {
    const before = readFileSync(decisionFile(), 'utf8')
    writeFileSync(
      decisionFile(),
      JSON.stringify({ ...decision(), labels: ['green'], tau: 0, chosenOn: null }),
    )
    try {
      const answer = await openai(evaluation.examples[0]!.input)
      expect(answer).toEqual({ text: 'green', decided: 'likeliest; labels=1' })
    } finally {
      writeFileSync(decisionFile(), before)
    }
  })
})
