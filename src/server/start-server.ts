import { HoneError } from '../core/errors.ts'
import { isLoopback } from './is-loopback.ts'
import type { ServerConfig } from '../config/server-config.ts'
import type { RunningServer, ServeOptions, ServerLogEntry } from '../service/serving/running-server.ts'
import type { ServerParts } from '../service/serving/open-server-parts.ts'
import type { UsableKey } from '../store/database/key-store.ts'
import { createAwsHandler, isSignedByAws, type Incoming, type Outgoing } from './aws/aws-handler.ts'
import type { Identity } from './aws/identity.ts'
import { createBedrockService } from './bedrock/bedrock-service.ts'
import { openBatchModel } from './bedrock/runtime/answer-batch.ts'
import { createIamService } from './iam/iam-service.ts'
import { listenOnOnePort } from './one-port.ts'
import { createS3Service } from './s3/s3-service.ts'
import { createStsService } from './sts/sts-service.ts'

export interface StartServer extends Pick<ServeOptions, 'public' | 'onLog'> {
  readonly config: ServerConfig
  readonly configFile: string | undefined
  readonly home: string
  readonly parts: ServerParts
  /** Unique among the servers that share the database. */
  readonly name: string
  readonly now: () => number
}

/** Largest body that is held whole, in bytes: that of `InvokeModel`. */
const largestBody = 25_000_000

/**
 * Answers requests and trains until it is closed.
 *
 * @throws HoneError `E_CONFIG` for an address that others reach without being told to; `E_ADDRESS` when the port is taken
 */
export async function startServer(options: StartServer): Promise<RunningServer> {
  const { config, parts, home, now, onLog = nothing } = options
  const { host, port } = config.listen
  if (!isLoopback(host) && options.public !== true) {
    throw new HoneError('E_CONFIG', `${host} can be reached from other machines`, {
      hint: 'say that you want that with --public, behind something that speaks TLS; keys are needed in any case',
    })
  }
  const madeKey = await firstKey(parts)
  const lifecycleDate = (): Date | undefined => (config.lifecycle === 'today' ? new Date(now()) : undefined)
  const bedrock = { ...parts, now, lifecycleDate }
  const aws = createAwsHandler({
    services: {
      s3: createS3Service(parts.objects),
      sts: createStsService(parts),
      iam: createIamService(parts),
      bedrock: createBedrockService(bedrock),
    },
    findKey: async (id) => withIdentity(await parts.keys.findPair(id), config.account),
    findBearer: async (key) => withIdentity(await parts.keys.findBearer(key), config.account),
    now,
    largestBody,
    onFailure: (error, request) =>
      onLog({ level: 'error', message: 'a request failed', ...request, error: reasonOf(error) }),
  })
  const handle = (incoming: Incoming, outgoing: Outgoing): void => {
    logWhenDone(incoming, outgoing, now, onLog)
    if (isSignedByAws(incoming)) void aws(incoming, outgoing)
    else answerPlain(incoming, outgoing)
  }
  const listening = await listenOnOnePort(
    {
      host,
      port,
      maximumConnections: config.serving.connections,
      headTimeout: 10_000,
      // An answer may take this long before its first byte.
      idleTimeout: 300_000,
    },
    handle,
  ).catch((error: unknown) => {
    throw new HoneError('E_ADDRESS', `cannot listen at ${host}:${port}: ${reasonOf(error)}`, {
      hint: 'choose another port with --port',
      cause: error,
    })
  })
  const stopping = new AbortController()
  const workers = Array.from({ length: config.training.workers }, (_, at) =>
    parts.runWorker(`${options.name}-${at + 1}`, stopping.signal),
  )
  const openModel = openBatchModel(bedrock, (error, job) =>
    onLog({ level: 'error', message: 'a record of a batch failed', job, error: reasonOf(error) }),
  )
  workers.push(parts.runBatchWorker(`${options.name}-batch`, openModel, stopping.signal))
  return {
    address: `http://${host.includes(':') ? `[${host}]` : host}:${listening.port}`,
    home,
    madeKey,
    account: config.account,
    workers: config.training.workers,
    configFile: options.configFile,
    models: parts.modelMap.list('bedrock').map(({ identifier, localBase }) => ({ identifier, localBase })),
    async close() {
      stopping.abort(new HoneError('E_INTERRUPTED', 'the server is closing'))
      await listening.close(drainTime)
      await Promise.all(workers)
      await parts[Symbol.asyncDispose]()
    },
  }
}

/** Milliseconds that requests under way are given to end. */
const drainTime = 15_000

const nothing = (): void => undefined
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** A server without a key gets one, since nothing works without. */
async function firstKey({ keys }: ServerParts): Promise<{ id: string; secret: string } | undefined> {
  if ((await keys.list()).length > 0) return undefined
  return keys.createPair({ user: 'developer', allow: ['*'] })
}

function withIdentity(
  key: UsableKey | undefined,
  account: string,
): (UsableKey & { readonly identity: Identity }) | undefined {
  if (key === undefined) return undefined
  const { id: keyId, user, allow } = key
  const arn = user.startsWith('role/')
    ? `arn:aws:sts::${account}:assumed-role/${user.slice('role/'.length)}`
    : `arn:aws:iam::${account}:user/${user}`
  return { ...key, identity: { keyId, user, account, allow, arn } }
}

function logWhenDone(
  incoming: Incoming,
  outgoing: Outgoing,
  now: () => number,
  onLog: (entry: ServerLogEntry) => void,
): void {
  const started = now()
  const path = (incoming.url ?? '').split('?')[0]
  outgoing.once('close', () => {
    const { statusCode: status } = outgoing
    onLog({
      level: 'info',
      message: 'request',
      method: incoming.method,
      path,
      status,
      milliseconds: now() - started,
    })
  })
}

/** What is asked without a signature: whether the server is alive. */
function answerPlain(incoming: Incoming, outgoing: Outgoing): void {
  const path = (incoming.url ?? '').split('?')[0]
  const isProbe = path === '/healthz' || path === '/readyz'
  const body = isProbe
    ? { status: 'ok' }
    : { message: 'Missing Authentication Token', __type: 'MissingAuthenticationTokenException' }
  incoming.resume()
  outgoing.writeHead(isProbe ? 200 : 403, { 'content-type': 'application/json' })
  outgoing.end(JSON.stringify(body))
}
