// A script as people have it: nothing in it knows of the server but what the environment says.
import { BedrockClient, ListFoundationModelsCommand } from '@aws-sdk/client-bedrock'
import {
  BedrockRuntimeClient,
  ConverseStreamCommand,
  InvokeModelCommand,
} from '@aws-sdk/client-bedrock-runtime'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'

const region = 'us-west-2'
const modelId = 'anthropic.claude-3-haiku-20240307-v1:0'
const s3 = new S3Client({ region, forcePathStyle: true })
await s3.send(new CreateBucketCommand({ Bucket: 'over-tls' }))
await s3.send(new PutObjectCommand({ Bucket: 'over-tls', Key: 'a/b', Body: 'content' }))
const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'over-tls', Key: 'a/b' }))
const { modelSummaries } = await new BedrockClient({ region }).send(new ListFoundationModelsCommand({}))
// HTTP/2, as it does by default.
const runtime = new BedrockRuntimeClient({ region })
const messages = [{ role: 'user', content: 'ab red' }]
const { body } = await runtime.send(
  new InvokeModelCommand({
    modelId,
    body: JSON.stringify({ anthropic_version: 'bedrock-2023-05-31', max_tokens: 2, messages }),
  }),
)
const { stream } = await runtime.send(
  new ConverseStreamCommand({
    modelId,
    messages: [{ role: 'user', content: [{ text: 'ab red' }] }],
    inferenceConfig: { maxTokens: 2 },
  }),
)
const events = []
for await (const event of stream) events.push(...Object.keys(event))
process.stdout.write(
  JSON.stringify({
    object: await Body.transformToString(),
    models: modelSummaries.length,
    invoked: JSON.parse(Buffer.from(body).toString()).type,
    lastEvent: events.at(-1),
  }),
)
process.exit(0)
