import { randomBytes } from 'node:crypto'
import { totalmem } from 'node:os'
import { readServerConfig, type ServerConfig } from './config/server-config.ts'
import { HoneError } from './core/errors.ts'
import { lockOwner } from './lib/lock-holder.ts'
import { packageVersion } from './lib/package-version.ts'
import type { NativeServices } from './server/native/native-context.ts'
import { startServer } from './server/start-server.ts'
import { createKeysService, type KeysService } from './service/serving/keys-service.ts'
import { databaseLocation, openServerParts } from './service/serving/open-server-parts.ts'
import type { RunningServer, ServeOptions } from './service/serving/running-server.ts'
import type { Services } from './service/services.ts'
import { backupHome } from './service/upkeep/backup-home.ts'
import { restoreHome } from './service/upkeep/restore-home.ts'
import type { UpkeepService } from './service/upkeep/upkeep-service.ts'
import { KeyStore } from './store/database/key-store.ts'
import { openDatabase } from './store/database/open-database.ts'
import type { Database } from './store/database/tables.ts'
import { S3ObjectStore } from './store/objects/s3-object-store.ts'

/** The server over this machine's services, with the settings of its home. */
export async function serve(
  {
    home,
    env,
    chat,
    services,
  }: {
    readonly home: string
    readonly env: NodeJS.ProcessEnv
    readonly chat: Services['chat']
    readonly services: NativeServices
  },
  options: ServeOptions = {},
): Promise<RunningServer> {
  const { train, models } = services
  const { config: read, file } = await readServerConfig(home, options.config)
  const { host = read.listen.host, port = read.listen.port, lifecycle = read.lifecycle } = options
  const { tls = read.listen.tls } = options
  const listen = { host, port, ...(tls === undefined ? {} : { tls }) }
  const config = { ...read, lifecycle, listen }
  const parts = await openServerParts({
    home,
    train,
    chat,
    importModel: (request, wait) => models.import(request, wait),
    removeModel: (id) => removeFromHome(models, id),
    database: config.database,
    objects: openObjects(config.objects),
    now: Date.now,
    mostModels: config.serving.models,
    mostModelBytes: config.serving.memory === undefined ? totalmem() / 2 : config.serving.memory * 2 ** 20,
    mostWaiting: config.serving.waiting,
    ignoreGate: options.ignoreGate === true || config.serving.gate === 'ignore',
    onUnproven: ({ model, verdict, isIgnored }) =>
      options.onLog?.({
        level: isIgnored ? 'warn' : 'info',
        message: isIgnored
          ? 'a model is deployed against its gate'
          : 'a model without a verdict of the gate is deployed',
        model,
        ...(verdict === null ? {} : { verdict }),
      }),
    modelMap: { defaultBase: config.models.default, bases: config.models.map },
    arithmetic: options.arithmetic,
    onRounded: (model, effect) =>
      options.onLog?.(
        effect === null
          ? {
              level: 'warn',
              message: 'a model answers exactly: int8 needs a base with weights of four or eight bits',
              model,
            }
          : { level: 'info', message: 'a model answers with inputs of eight bits', model, ...effect },
      ),
    onJobFailure: (error, { id }) =>
      options.onLog?.({ level: 'warn', message: 'a job failed', job: id, error: String(error) }),
    onLogFailure: (error, records) =>
      options.onLog?.({
        level: 'error',
        message: 'records of invocations are lost',
        records,
        error: String(error),
      }),
    onTrouble: (error) =>
      options.onLog?.({ level: 'warn', message: 'something will be tried again', error: String(error) }),
  })
  try {
    // Tells those who come later whether this process still works on a job.
    const name = lockOwner(randomBytes(6).toString('hex'))
    return await startServer({
      ...options,
      config,
      configFile: file,
      home,
      env,
      parts,
      services,
      name,
      now: Date.now,
    })
  } catch (error) {
    await parts[Symbol.asyncDispose]()
    throw error
  }
}

/** The S3 of the settings, with the keys of the environment; else as every AWS program finds them. */
function openObjects(
  settings: ServerConfig['objects'],
  env: NodeJS.ProcessEnv = process.env,
): S3ObjectStore | undefined {
  if (settings === undefined) return undefined
  const {
    HONE_OBJECTS_ACCESS_KEY_ID: accessKeyId,
    HONE_OBJECTS_SECRET_ACCESS_KEY: secretAccessKey,
    HONE_OBJECTS_SESSION_TOKEN: sessionToken,
  } = env
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    throw new HoneError('E_CONFIG', 'one half of the key pair of the object store is missing', {
      hint: 'set both HONE_OBJECTS_ACCESS_KEY_ID and HONE_OBJECTS_SECRET_ACCESS_KEY, or neither',
    })
  }
  const { endpoint, region, addressing } = settings
  return new S3ObjectStore({
    endpoint,
    region,
    virtualHosts: addressing === 'virtual',
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : {
          credentials: {
            accessKeyId,
            secretAccessKey,
            ...(sessionToken === undefined ? {} : { sessionToken }),
          },
        }),
  })
}

/** The keys of a home's server; the database is opened for each call, beside a server that runs. */
export function serverKeys(home: string): KeysService {
  return createKeysService((use) => withDatabase(home, (database) => use(new KeyStore(database))))
}

/** Upkeep of a home; the database is opened for each call, beside a server that may run. */
export function serverUpkeep(home: string): UpkeepService {
  return {
    collectGarbage: (request) =>
      withDatabase(home, async (database) => {
        const { collectGarbage } = await import('./service/upkeep/collect-garbage.ts')
        return collectGarbage({ home, database, now: Date.now() }, request)
      }),
    backup: (to, wait = {}) =>
      withDatabase(home, (database) =>
        backupHome(to, { ...wait, home, database, version: packageVersion(), now: new Date() }),
      ),
    restore: (from, { force = false, ...wait } = {}) =>
      restoreHome(from, {
        ...wait,
        home,
        force,
        databaseOf: async (folder) => (await readServerConfig(folder)).config.database,
      }),
  }
}

async function withDatabase<Result>(
  home: string,
  use: (database: Database) => Promise<Result>,
): Promise<Result> {
  const { config } = await readServerConfig(home)
  const database = await openDatabase({ location: databaseLocation(home, config.database) })
  try {
    return await use(database)
  } finally {
    await database.destroy()
  }
}

/** Removes a model of the home, if it is there. */
export async function removeFromHome(models: Services['models'], id: string): Promise<void> {
  try {
    await models.remove(id, { force: true })
  } catch (error) {
    // A job that failed before its training has left nothing.
    if (!HoneError.isInstance(error) || error.code !== 'E_MODEL_UNKNOWN') throw error
  }
}
