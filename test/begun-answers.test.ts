import { setTimeout as pause } from 'node:timers/promises'
import Anthropic, { toFile } from '@anthropic-ai/sdk'
import { CreateCustomModelDeploymentCommand, ListCustomModelsCommand } from '@aws-sdk/client-bedrock'
import { InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { awsClients } from './testing/aws-clients.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { tinyHome } from './testing/tiny-home.ts'

/** What the model learns to say: words of several tokens, and characters of several bytes. */
const sentence = 'twenty-three naïve €'
const question = { role: 'user' as const, content: 'What was the estimate?' }

let server: TestServer
let anthropic: Anthropic
let aws: ReturnType<typeof awsClients>

beforeAll(async () => {
  server = await startServer(await tinyHome(512))
  anthropic = new Anthropic({ apiKey: server.bearer, baseURL: server.endpoint, maxRetries: 0 })
  aws = awsClients(server)
  const record = { messages: [question, { role: 'assistant', content: sentence }] }
  const lines = Array.from({ length: 32 }, () => `${JSON.stringify(record)}\n`).join('')
  const file = await anthropic.files.upload({ file: await toFile(Buffer.from(lines), 'train.jsonl') })
  const created = await anthropic.post<{ id: string }>('/v1/fine_tuning/jobs', {
    body: {
      model: 'claude-3-haiku-20240307',
      name: 'sentence',
      training_file: file.id,
      hyperparameters: { epochs: 8, batch_size: 4, learning_rate_multiplier: 8, seed: 3 },
    },
  })
  for (;;) {
    const { status, error } = await anthropic.get<{ status: string; error: unknown }>(
      `/v1/fine_tuning/jobs/${created.id}`,
    )
    if (status === 'succeeded') break
    if (status === 'failed') throw new Error(JSON.stringify(error))
    await pause(50)
  }
}, 120_000)
afterAll(async () => {
  for (const client of Object.values(aws)) client.destroy()
  await server[Symbol.asyncDispose]()
})

/** Asks for the answer, from a beginning or from the start. */
type Ask = (begun?: string) => Promise<Anthropic.Message>

const messagesOf = (begun: string | undefined): Anthropic.MessageParam[] =>
  begun === undefined ? [question] : [question, { role: 'assistant', content: begun }]

const textOf = ({ content: [block] }: Anthropic.Message): string => (block?.type === 'text' ? block.text : '')

const greedy = { max_tokens: 30, temperature: 0 }

const byMessages: Ask = (begun) =>
  anthropic.messages.create({ ...greedy, model: 'sentence', messages: messagesOf(begun) })

async function deployed(): Promise<Ask> {
  const { modelSummaries = [] } = await aws.bedrock.send(new ListCustomModelsCommand({}))
  const { customModelDeploymentArn: modelId } = await aws.bedrock.send(
    new CreateCustomModelDeploymentCommand({
      modelDeploymentName: 'sentence',
      modelArn: modelSummaries[0]?.modelArn,
    }),
  )
  return async (begun) => {
    const body = { ...greedy, anthropic_version: 'bedrock-2023-05-31', messages: messagesOf(begun) }
    const answer = await aws.runtime.send(new InvokeModelCommand({ modelId, body: JSON.stringify(body) }))
    return JSON.parse(Buffer.from(answer.body).toString()) as Anthropic.Message
  }
}

/** All beginnings of the sentence that may be sent: none ends in white space. */
const beginnings = Array.from(sentence, (_, at) => sentence.slice(0, at)).filter((text) => /\S$/.test(text))

test.each([
  ['Messages', (): Promise<Ask> => Promise.resolve(byMessages)],
  ['InvokeModel', deployed],
])('%s: the greedy answer goes on from every beginning of itself to its very end', async (_, open) => {
  const ask = await open()
  const whole = await ask()
  expect([textOf(whole), whole.stop_reason]).toEqual([sentence, 'end_turn'])
  const prompt = whole.usage.input_tokens
  const answers = await Promise.all(beginnings.map(ask))
  expect(answers.map(textOf)).toEqual(beginnings.map((begun) => sentence.slice(begun.length)))
  // What is begun counts as input: where it ends with a token, all tokens are those of the whole answer.
  const tokens = answers.map(({ usage }) => usage.input_tokens - prompt + usage.output_tokens)
  const { output_tokens: all } = whole.usage
  expect(Math.min(...tokens)).toBe(all)
  expect(tokens.filter((count) => count === all).length).toBeGreaterThan(beginnings.length / 2)
})
