import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FileObjectStore } from '../../store/objects/file-object-store.ts'
import type { AccessKey } from '../aws/authenticate.ts'
import { createAwsHandler } from '../aws/aws-handler.ts'
import type { AwsService } from '../aws/aws-request.ts'
import type { Patience } from '../http/slow-clients.ts'
import { listenOnOnePort } from '../one-port.ts'
import { createS3Service } from '../s3/s3-service.ts'

export const accessKeyId = 'HONEDEVTESTKEY'
export const secretAccessKey = 'secret/of+the+test/only'

/** A key that is sent as it is. */
export const bearerKey = 'a-key-of-the-test-only'

export interface TestServer extends AsyncDisposable {
  readonly port: number
  readonly endpoint: string
  readonly folder: string
  readonly store: FileObjectStore
  /** What the handler called a failure of its own. */
  readonly failures: unknown[]
}

/** A server on a free port, with S3 over a temporary folder and one key. */
export async function startAwsServer(
  options: {
    readonly services?: Readonly<Record<string, AwsService>>
    readonly now?: () => number
    readonly keys?: readonly AccessKey[]
    readonly patience?: Patience
    readonly headTimeout?: number
  } = {},
): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'hone-server-'))
  const store = new FileObjectStore(join(folder, 's3'))
  const failures: unknown[] = []
  const identity = {
    keyId: accessKeyId,
    user: 'developer',
    account: '000000000000',
    arn: 'arn:aws:iam::000000000000:user/developer',
    allow: ['*'],
  }
  const keys = [{ id: accessKeyId, secret: secretAccessKey, identity }, ...(options.keys ?? [])]
  const handle = createAwsHandler({
    services: { s3: createS3Service(store), ...options.services },
    findKey: (id) => Promise.resolve(keys.find((key) => key.id === id)),
    findBearer: (key) => Promise.resolve(key === bearerKey ? { id: 'bearer', identity } : undefined),
    now: options.now ?? Date.now,
    ...(options.patience === undefined ? {} : { patience: options.patience }),
    largestBody: 32 * 2 ** 20,
    onFailure: (error) => failures.push(error),
  })
  const port = await listenOnOnePort(
    {
      host: '127.0.0.1',
      port: 0,
      maximumConnections: 200,
      headTimeout: options.headTimeout ?? 5000,
      idleTimeout: 30_000,
    },
    (incoming, outgoing) => void handle(incoming, outgoing),
  )
  return {
    port: port.port,
    endpoint: `http://127.0.0.1:${port.port}`,
    folder,
    store,
    failures,
    async [Symbol.asyncDispose]() {
      await port.close(0)
      await rm(folder, { recursive: true, force: true })
    },
  }
}
