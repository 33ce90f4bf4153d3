import { AnthropicBedrock } from '@anthropic-ai/bedrock-sdk'
import {
  type BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime'
import type Anthropic from '@anthropic-ai/sdk'
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { awsClients } from './testing/aws-clients.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { tinyHome } from './testing/tiny-home.ts'

const haiku = 'anthropic.claude-3-haiku-20240307-v1:0:200k'
const body = JSON.stringify({
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 6,
  temperature: 0,
  messages: [{ role: 'user', content: 'ab cd red' }],
})

let server: TestServer
let runtime: BedrockRuntimeClient

beforeAll(async () => {
  server = await startServer(await tinyHome(1024))
  ;({ runtime } = awsClients(server))
}, 60_000)
afterAll(async () => {
  runtime.destroy()
  await server[Symbol.asyncDispose]()
})

test('a guardrail is refused wherever it is named; one tier and one latency are told', async () => {
  const invocation = { modelId: haiku, body }
  const guardrail = { guardrailIdentifier: 'abcdefgh', guardrailVersion: '1' }
  for (const Command of [InvokeModelCommand, InvokeModelWithResponseStreamCommand]) {
    await expect(
      runtime.send(new Command({ ...invocation, ...guardrail }) as InvokeModelCommand),
    ).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining('guardrail') })
  }
  const messages = [{ role: 'user' as const, content: [{ text: 'ab cd red' }] }]
  const conversation = { modelId: haiku, messages, inferenceConfig: { maxTokens: 6, temperature: 0 } }
  await expect(
    runtime.send(new ConverseCommand({ ...conversation, guardrailConfig: guardrail })),
  ).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining('guardrail') })

  const fast = { performanceConfigLatency: 'optimized', serviceTier: 'priority' } as const
  const told = { performanceConfigLatency: 'standard', serviceTier: 'default' }
  expect(await runtime.send(new InvokeModelCommand({ ...invocation, ...fast }))).toMatchObject(told)
  const stream = await runtime.send(new InvokeModelWithResponseStreamCommand({ ...invocation, ...fast }))
  expect(stream).toMatchObject(told)
  for await (const _ of stream.body ?? []);
  await expect(
    runtime.send(new InvokeModelCommand({ ...invocation, serviceTier: 'fastest' as 'flex' })),
  ).rejects.toMatchObject({ name: 'ValidationException' })
  const whole = await runtime.send(new ConverseCommand(conversation))
  const stop = Array.from(whole.output?.message?.content?.[0]?.text ?? '')[1] ?? ''
  const settings = {
    ...conversation,
    inferenceConfig: { ...conversation.inferenceConfig, stopSequences: [stop] },
    additionalModelResponseFieldPaths: ['/stop_sequence', '/unknown'],
    performanceConfig: { latency: 'optimized' as const },
    serviceTier: { type: 'flex' as const },
  }
  const fields = { additionalModelResponseFields: { stop_sequence: stop } }
  const facts = { performanceConfig: { latency: 'standard' }, serviceTier: { type: 'default' } }
  const answer = await runtime.send(new ConverseCommand(settings))
  expect(answer).toMatchObject({ stopReason: 'stop_sequence', ...fields, ...facts })
  const events: object[] = []
  for await (const event of (await runtime.send(new ConverseStreamCommand(settings))).stream ?? []) {
    events.push(event)
  }
  expect(events.slice(-2)).toMatchObject([
    { messageStop: { stopReason: 'stop_sequence', ...fields } },
    { metadata: facts },
  ])
})

const asking = (schema: string): ConverseCommand =>
  new ConverseCommand({
    modelId: haiku,
    messages: [{ role: 'user', content: [{ text: 'ab cd red' }] }],
    inferenceConfig: { maxTokens: 30, temperature: 0 },
    outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema: { schema } } } },
  })

test('the schema of an answer of Converse is kept to, and one that is none is refused', async () => {
  const { output, stopReason } = await runtime.send(asking('{"enum": ["violet"]}'))
  expect([output?.message?.content, stopReason]).toEqual([[{ text: '"violet"' }], 'end_turn'])
  for (const schema of ['violet', '[]', '{"not": {}}']) {
    await expect(runtime.send(asking(schema))).rejects.toMatchObject({ name: 'ValidationException' })
  }
})

test("so is that of an answer by Anthropic's body, whole, streamed and by Anthropic's own client", async () => {
  const bodyOf = (schema: object): { modelId: string; body: string } => ({
    modelId: haiku,
    body: JSON.stringify({
      ...(JSON.parse(body) as object),
      max_tokens: 300,
      output_config: { format: { type: 'json_schema', schema } },
    }),
  })
  const schema = { type: 'object', properties: { colour: { enum: ['violet'] } }, required: ['colour'] }
  const whole = await runtime.send(new InvokeModelCommand(bodyOf(schema)))
  const written = JSON.parse(Buffer.from(whole.body).toString()) as Anthropic.Message
  const [block] = written.content
  expect(block?.type === 'text' && JSON.parse(block.text)).toEqual({ colour: 'violet' })
  const stream = await runtime.send(new InvokeModelWithResponseStreamCommand(bodyOf(schema)))
  let text = ''
  for await (const { chunk } of stream.body ?? []) {
    const event = JSON.parse(Buffer.from(chunk?.bytes ?? []).toString()) as Anthropic.MessageStreamEvent
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') text += event.delta.text
  }
  expect(JSON.parse(text)).toEqual({ colour: 'violet' })
  const { endpoint, credentials } = server
  const client = new AnthropicBedrock({
    baseURL: endpoint,
    awsAccessKey: credentials.accessKeyId,
    awsSecretKey: credentials.secretAccessKey,
    awsRegion: 'us-west-2',
  })
  const parsed = await client.messages.parse({
    model: haiku,
    max_tokens: 300,
    messages: [{ role: 'user', content: 'ab cd red' }],
    output_config: { format: zodOutputFormat(z.object({ colour: z.enum(['violet']) })) },
  })
  expect(parsed.parsed_output).toEqual({ colour: 'violet' })
  await expect(runtime.send(new InvokeModelCommand(bodyOf({ not: {} })))).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('not'),
  })
})
