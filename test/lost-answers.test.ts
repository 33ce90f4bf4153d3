import { join } from 'node:path'
import {
  BedrockClient,
  CreateCustomModelCommand,
  CreateModelCustomizationJobCommand,
  CreateModelImportJobCommand,
  CreateModelInvocationJobCommand,
  CreateProvisionedModelThroughputCommand,
} from '@aws-sdk/client-bedrock'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../src/store/database/open-database.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { tinyHome, type TinyHome } from './testing/tiny-home.ts'

const haiku = 'anthropic.claude-3-haiku-20240307-v1:0:200k'
const roleArn = 'arn:aws:iam::000000000000:role/Lost'

let home: TinyHome
let server: TestServer
let bedrock: BedrockClient

beforeAll(async () => {
  home = await tinyHome()
  server = await startServer(home)
  const { endpoint, credentials } = server
  bedrock = new BedrockClient({ endpoint, credentials, region: 'us-west-2' })
}, 60_000)

afterAll(async () => {
  bedrock.destroy()
  await server[Symbol.asyncDispose]()
})

test('an answer that was lost with the server is given again to the same token', async () => {
  const location = join(home.home, 'hone.db')
  /** As if the server had died before it wrote down what it was about to answer. */
  const forget = async (): Promise<void> => {
    const database = await openDatabase({ location })
    await database.deleteFrom('replays').execute()
    await database.destroy()
  }
  const same = async (send: (clientRequestToken: string) => Promise<string | undefined>): Promise<void> => {
    const first = await send('lost-1')
    expect(first).toContain('arn:aws:bedrock:')
    await forget()
    expect(await send('lost-1')).toBe(first)
    await forget()
    await expect(send('lost-2')).rejects.toThrow(/already in use/)
  }
  const modelSourceConfig = { s3DataSource: { s3Uri: 's3://models/nothing-here' } }
  await same(async (clientRequestToken) => {
    const request = {
      jobName: 'lost',
      customModelName: 'lost',
      roleArn,
      baseModelIdentifier: haiku,
      trainingDataConfig: { s3Uri: 's3://models/few.jsonl' },
      outputDataConfig: { s3Uri: 's3://models/out' },
      clientRequestToken,
    }
    return (await bedrock.send(new CreateModelCustomizationJobCommand(request))).jobArn
  })
  await same(async (clientRequestToken) => {
    const request = {
      jobName: 'lost',
      importedModelName: 'lost',
      roleArn,
      modelDataSource: modelSourceConfig,
      clientRequestToken,
    }
    return (await bedrock.send(new CreateModelImportJobCommand(request))).jobArn
  })
  await same(async (clientRequestToken) => {
    const request = { modelName: 'lost-model', modelSourceConfig, clientRequestToken }
    return (await bedrock.send(new CreateCustomModelCommand(request))).modelArn
  })
  await same(async (clientRequestToken) => {
    const request = { provisionedModelName: 'lost', modelId: haiku, modelUnits: 1, clientRequestToken }
    return (await bedrock.send(new CreateProvisionedModelThroughputCommand(request))).provisionedModelArn
  })
  await same(async (clientRequestToken) => {
    const request = {
      jobName: 'lost',
      roleArn,
      modelId: haiku,
      inputDataConfig: { s3InputDataConfig: { s3Uri: 's3://models/none.jsonl' } },
      outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://models/out' } },
      clientRequestToken,
    }
    return (await bedrock.send(new CreateModelInvocationJobCommand(request))).jobArn
  })
}, 60_000)
