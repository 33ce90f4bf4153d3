import { HoneError } from '../core/errors.ts'
import { packageVersion } from '../lib/package-version.ts'
import type { ServerConfig } from '../config/server-config.ts'
import type { RunningServer, ServeOptions, ServerLogEntry } from '../service/serving/running-server.ts'
import type { ServerParts } from '../service/serving/open-server-parts.ts'
import type { UsableKey } from '../store/database/key-store.ts'
import { createAwsHandler, isSignedByAws } from './aws/aws-handler.ts'
import type { Identity } from './aws/identity.ts'
import type { RequestFacts } from './aws/request-facts.ts'
import { createBedrockService } from './bedrock/bedrock-service.ts'
import { createJsonApis } from './create-json-apis.ts'
import type { Incoming, Outgoing } from './http/exchange.ts'
import { createIamService } from './iam/iam-service.ts'
import { createApiHandler } from './json-api/api-handler.ts'
import { findJsonApi, isSignedByPair } from './json-api/find-json-api.ts'
import { createOperatingHandler, isOperating } from './observe/answer-operating.ts'
import { createRequestObserver } from './observe/observe-requests.ts'
import { openTraces } from './observe/request-traces.ts'
import { ServerMetrics } from './observe/server-metrics.ts'
import { isLoopback } from './is-loopback.ts'
import { openBatch } from './open-batch.ts'
import type { NativeServices } from './native/native-context.ts'
import { listenOnOnePort } from './one-port.ts'
import { builtPage } from './page/page-files.ts'
import { createPageHandler } from './page/page-handler.ts'
import { localPageKey } from './page/page-key.ts'
import { readTls, type TlsFiles, type TlsIdentity } from './read-tls.ts'
import { createS3Service } from './s3/s3-service.ts'
import { s3Elsewhere } from './s3/s3-elsewhere.ts'
import { createStsService } from './sts/sts-service.ts'

export interface StartServer extends Pick<ServeOptions, 'public' | 'onLog'> {
  readonly config: ServerConfig
  readonly configFile: string | undefined
  readonly home: string
  /** Says where traces go, in the variables of OpenTelemetry. */
  readonly env: NodeJS.ProcessEnv
  readonly parts: ServerParts
  /** What else Hone's own API offers. */
  readonly services: NativeServices
  /** Unique among the servers that share the database. */
  readonly name: string
  readonly now: () => number
}

/** Largest body that is held whole, in bytes: that of `InvokeModel`. */
const largestBody = 25_000_000

/**
 * Answers requests and trains until it is closed.
 *
 * @throws HoneError `E_CONFIG` for an address that others reach without TLS or being told to, or for TLS files that do not
 *   fit; `E_ADDRESS` when the port is taken
 */
export async function startServer(options: StartServer): Promise<RunningServer> {
  const { config, parts, home, now, onLog = nothing } = options
  const { host, port, tls: tlsFiles } = config.listen
  const tls = tlsFiles === undefined ? undefined : await readTls(tlsFiles)
  if (tls !== undefined) warnOfExpiry(tls, now(), onLog)
  const madeKey = await requireKeys(options, tls !== undefined)
  const isLocal = isLoopback(host)
  const pageKey = isLocal ? await localPageKey(home, parts.keys) : undefined
  const lifecycleDate = (): Date | undefined => (config.lifecycle === 'today' ? new Date(now()) : undefined)
  const bedrock = { ...parts, now, lifecycleDate }
  const traces = await openTraces({
    env: options.env,
    version: packageVersion(),
    onFailure: (error, spans) =>
      onLog({ level: 'warn', message: 'spans were not delivered', spans, error: reasonOf(error) }),
  })
  const { services } = options
  const settings = {
    configFile: options.configFile,
    serving: config.serving,
    lifecycle: config.lifecycle,
    trainingWorkers: config.training.workers,
    defaultBase: config.models.default,
  }
  const native = { home, account: config.account, services, settings, isLocal }
  const apis = createJsonApis({ ...parts, now, lifecycleDate }, native)
  const metrics = new ServerMetrics(() => parts.load(), ['page', ...apis.map(({ name }) => name)])
  const observe = createRequestObserver({ now, onLog, metrics, traces })
  const findBearer = async (key: string): Promise<ReturnType<typeof withIdentity>> =>
    withIdentity(await parts.keys.findBearer(key), config.account)
  const onFailure = (error: unknown, request: { readonly id: string; readonly path: string }): void =>
    onLog({ level: 'error', message: 'a request failed', ...request, error: reasonOf(error) })
  const json = createApiHandler({ findBearer, now, onFailure, audit: (entry) => parts.audit.add(entry) })
  const aws = createAwsHandler({
    services: {
      s3: config.objects === undefined ? createS3Service(parts.files) : s3Elsewhere(config.objects.endpoint),
      sts: createStsService(parts),
      iam: createIamService(parts),
      bedrock: createBedrockService(bedrock),
    },
    findKey: async (id) => withIdentity(await parts.keys.findPair(id), config.account),
    findBearer,
    now,
    largestBody,
    onFailure,
  })
  const stopping = new AbortController()
  const operating = createOperatingHandler({
    metrics,
    now,
    readiness: () => parts.readiness(),
    isDraining: () => stopping.signal.aborted,
    findBearer: (key) => parts.keys.findBearer(key),
    onNotReady: (readiness) => onLog({ level: 'error', message: 'the server is not ready', ...readiness }),
  })
  const page = await createPageHandler(builtPage)
  const handle = (incoming: Incoming, outgoing: Outgoing): void => {
    const facts = observe(incoming, outgoing)
    const api = findJsonApi(apis, incoming)
    if (isOperating(incoming) && !isSignedByPair(incoming)) {
      operating(incoming, outgoing, facts).catch((error: unknown) => {
        onLog({ level: 'error', message: 'a request failed', id: facts.id, error: reasonOf(error) })
        outgoing.destroy()
      })
    } else if (api !== undefined) void json(api, incoming, outgoing, facts)
    else if (page.claims(incoming)) page.answer(incoming, outgoing, facts)
    else if (isSignedByAws(incoming)) void aws(incoming, outgoing, facts)
    else refuseUnsigned(incoming, outgoing, facts)
  }
  const listening = await listenOnOnePort(
    {
      host,
      port,
      tls,
      maximumConnections: config.serving.connections,
      headTimeout: 10_000,
      // An answer may take this long before its first byte.
      idleTimeout: 300_000,
    },
    handle,
  ).catch(async (error: unknown) => {
    metrics[Symbol.dispose]()
    await traces?.close()
    throw new HoneError('E_ADDRESS', `cannot listen at ${host}:${port}: ${reasonOf(error)}`, {
      hint: 'choose another port with --port',
      cause: error,
    })
  })
  const workers = Array.from({ length: config.training.workers }, (_, at) =>
    parts.runWorker(`${options.name} ${at + 1}`, stopping.signal),
  )
  const openModel = openBatch(bedrock, (error, job) =>
    onLog({ level: 'error', message: 'a record of a batch failed', job, error: reasonOf(error) }),
  )
  workers.push(parts.runEvaluationWorker(`${options.name}-evaluation`, services.evaluation, stopping.signal))
  workers.push(parts.runBatchWorker(`${options.name}-batch`, openModel, stopping.signal))
  const scheme = tls === undefined ? 'http' : 'https'
  const address = `${scheme}://${host.includes(':') ? `[${host}]` : host}:${listening.port}`
  return {
    address,
    page: `${address}/${pageKey === undefined ? '' : `#key=${pageKey}`}`,
    home,
    madeKey,
    account: config.account,
    workers: config.training.workers,
    configFile: options.configFile,
    models: (['bedrock', 'openai'] as const).flatMap((service) =>
      parts.modelMap.list(service).map(({ identifier, localBase }) => ({ identifier, localBase })),
    ),
    ...(tlsFiles === undefined
      ? {}
      : { reloadTls: async () => listening.replaceTls(await reread(tlsFiles, now(), onLog)) }),
    async close() {
      stopping.abort(new HoneError('E_INTERRUPTED', 'the server is closing'))
      await listening.close(config.serving.drain * 1000)
      await Promise.all(workers)
      metrics[Symbol.dispose]()
      await traces?.close()
      await parts[Symbol.asyncDispose]()
    },
  }
}

const nothing = (): void => undefined
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * What must be there before a server listens: others reach it only by TLS or where that was asked for, and nothing works
 * without keys. On this machine the first start makes a pair and a bearer.
 */
async function requireKeys(
  { config, parts, public: isPublic }: StartServer,
  isTls: boolean,
): Promise<RunningServer['madeKey']> {
  const { host } = config.listen
  const isLocal = isLoopback(host)
  if (!isLocal && !isTls && isPublic !== true) {
    throw new HoneError('E_CONFIG', `${host} can be reached from other machines, and there is no TLS`, {
      hint: 'name a certificate with --tls-certificate and --tls-key, or say --public where something in front speaks TLS; keys are needed in any case',
    })
  }
  if ((await parts.keys.list()).some(({ revoked }) => revoked === null)) return undefined
  if (!isLocal) {
    throw new HoneError('E_CONFIG', `${host} can be reached from other machines, and there is no key`, {
      hint: 'make one first: hone keys add --user NAME',
    })
  }
  const owner = { user: 'developer', allow: ['*'] }
  const { key: bearer } = await parts.keys.createBearer(owner)
  return { ...(await parts.keys.createPair(owner)), bearer }
}

/** @throws HoneError `E_CONFIG`; the server goes on with what it has */
async function reread(
  files: TlsFiles,
  now: number,
  onLog: (entry: ServerLogEntry) => void,
): Promise<TlsIdentity> {
  const tls = await readTls(files)
  onLog({
    level: 'info',
    message: 'the certificate was read again',
    expires: new Date(tls.expires).toISOString(),
  })
  warnOfExpiry(tls, now, onLog)
  return tls
}

function warnOfExpiry({ expires }: TlsIdentity, now: number, onLog: (entry: ServerLogEntry) => void): void {
  const days = Math.floor((expires - now) / 86_400_000)
  if (days < 14) onLog({ level: 'warn', message: 'the certificate ends soon', days })
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

function refuseUnsigned(incoming: Incoming, outgoing: Outgoing, facts: RequestFacts): void {
  const code = 'MissingAuthenticationTokenException'
  facts.error = code
  incoming.resume()
  outgoing.writeHead(403, { 'content-type': 'application/json' })
  outgoing.end(JSON.stringify({ message: 'Missing Authentication Token', __type: code }))
}
