import { BedrockClient } from '@aws-sdk/client-bedrock'
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime'
import { S3Client } from '@aws-sdk/client-s3'
import type { TestServer } from './start-server.ts'

export interface AwsClients {
  readonly s3: S3Client
  readonly bedrock: BedrockClient
  /** Speaks HTTP/2 with prior knowledge, as it does by default. */
  readonly runtime: BedrockRuntimeClient
}

/** Clients of the SDK, with nothing but the address changed. */
export function awsClients({
  endpoint,
  credentials,
}: Pick<TestServer, 'endpoint' | 'credentials'>): AwsClients {
  const options = { endpoint, credentials, region: 'us-west-2' }
  return {
    s3: new S3Client({ ...options, forcePathStyle: true }),
    bedrock: new BedrockClient(options),
    runtime: new BedrockRuntimeClient(options),
  }
}
