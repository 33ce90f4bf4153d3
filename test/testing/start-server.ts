import { randomUUID } from 'node:crypto'
import { removeFromHome } from '../../src/compose-server.ts'
import { createServices } from '../../src/compose.ts'
import { createAwsHandler } from '../../src/server/aws/aws-handler.ts'
import type { Identity } from '../../src/server/aws/identity.ts'
import { createJsonApis } from '../../src/server/create-json-apis.ts'
import { createBedrockService } from '../../src/server/bedrock/bedrock-service.ts'
import { createIamService } from '../../src/server/iam/iam-service.ts'
import { createApiHandler } from '../../src/server/json-api/api-handler.ts'
import { findJsonApi } from '../../src/server/json-api/find-json-api.ts'
import { openBatch } from '../../src/server/open-batch.ts'
import { listenOnOnePort } from '../../src/server/one-port.ts'
import { builtPage } from '../../src/server/page/page-files.ts'
import { createPageHandler } from '../../src/server/page/page-handler.ts'
import { createS3Service } from '../../src/server/s3/s3-service.ts'
import { createStsService } from '../../src/server/sts/sts-service.ts'
import type { ChatService } from '../../src/service/chat/chat-service.ts'
import { openServerParts, type ServerParts } from '../../src/service/serving/open-server-parts.ts'
import type { UsableKey } from '../../src/store/database/key-store.ts'

export interface TestServer extends AsyncDisposable {
  readonly endpoint: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** A key that is sent as it is, and may do everything. */
  readonly bearer: string
  readonly parts: ServerParts
  /** What was nobody's but the server's fault. */
  readonly failures: unknown[]
}

/** A server over a home, with one worker and one key that may do everything. */
export async function startServer(options: {
  readonly home: string
  readonly base: string
  readonly now?: () => number
  readonly lifecycleDate?: () => Date | undefined
  /** What answers, in place of the models of the home. */
  readonly chat?: ChatService
  readonly mostWaiting?: number
  readonly placesOfBase?: number
}): Promise<TestServer> {
  const { home, base, now = Date.now, lifecycleDate = (): undefined => undefined } = options
  const services = createServices({ home })
  const failures: unknown[] = []
  const parts = await openServerParts({
    home,
    now,
    chat: options.chat ?? services.chat,
    train: services.train,
    importModel: (request, wait) => services.models.import(request, wait),
    removeModel: (id) => removeFromHome(services.models, id),
    modelMap: { defaultBase: base },
    mostModels: 3,
    mostModelBytes: Infinity,
    mostWaiting: options.mostWaiting ?? 100,
    ...(options.placesOfBase === undefined ? {} : { placesOfBase: options.placesOfBase }),
    onJobFailure: () => undefined,
    onLogFailure: (error) => failures.push(error),
  })
  const key = await parts.keys.createPair({ user: 'developer', allow: ['*'] })
  const { key: bearer } = await parts.keys.createBearer({ user: 'developer', allow: ['*'] })
  const account = '000000000000'
  const bedrock = { ...parts, now, lifecycleDate }
  const withIdentity = <Key extends UsableKey>(
    found: Key | undefined,
  ): (Key & { readonly identity: Identity }) | undefined => {
    if (found === undefined) return undefined
    const { id: keyId, user, allow } = found
    return {
      ...found,
      identity: { keyId, user, account, allow, arn: `arn:aws:iam::${account}:user/${user}` },
    }
  }
  const findBearer = async (sent: string): Promise<ReturnType<typeof withIdentity>> =>
    withIdentity(await parts.keys.findBearer(sent))
  const onFailure = (error: unknown): void => void failures.push(error)
  const aws = createAwsHandler({
    services: {
      s3: createS3Service(parts.files),
      sts: createStsService(parts),
      iam: createIamService(parts),
      bedrock: createBedrockService(bedrock),
    },
    findKey: async (id) => withIdentity(await parts.keys.findPair(id)),
    findBearer,
    now,
    largestBody: 32 * 2 ** 20,
    onFailure,
  })
  const json = createApiHandler({ findBearer, now, onFailure, audit: (entry) => parts.audit.add(entry) })
  const settings = {
    configFile: undefined,
    serving: { models: 3, waiting: 100, connections: 2000, drain: 0, gate: 'obey' as const },
    lifecycle: 'today' as const,
    trainingWorkers: 1,
    defaultBase: base,
  }
  const native = { home, account, services, settings, isLocal: true }
  const apis = createJsonApis({ ...parts, now, lifecycleDate }, native)
  const page = await createPageHandler(builtPage)
  const port = await listenOnOnePort(
    { host: '127.0.0.1', port: 0, maximumConnections: 2000, headTimeout: 5000, idleTimeout: 30_000 },
    (incoming, outgoing) => {
      const api = findJsonApi(apis, incoming)
      if (api !== undefined) void json(api, incoming, outgoing, { id: randomUUID() })
      else if (page.claims(incoming)) page.answer(incoming, outgoing, { id: randomUUID() })
      else void aws(incoming, outgoing)
    },
  )
  const stopping = new AbortController()
  const workers = [
    parts.runWorker('test', stopping.signal),
    parts.runEvaluationWorker('test-evaluation', services.evaluation, stopping.signal),
    parts.runBatchWorker(
      'test-batch',
      openBatch(bedrock, (error) => failures.push(error)),
      stopping.signal,
    ),
  ]
  return {
    endpoint: `http://127.0.0.1:${port.port}`,
    credentials: { accessKeyId: key.id, secretAccessKey: key.secret },
    bearer,
    parts,
    failures,
    async [Symbol.asyncDispose]() {
      stopping.abort(new Error('the test is over'))
      await Promise.all(workers)
      await port.close(0)
      await parts[Symbol.asyncDispose]()
    },
  }
}
