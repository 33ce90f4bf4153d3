import { hostname } from 'node:os'
import { readServerConfig } from './config/server-config.ts'
import { HoneError } from './core/errors.ts'
import { startServer } from './server/start-server.ts'
import { createKeysService, type KeysService } from './service/serving/keys-service.ts'
import { databaseLocation, openServerParts } from './service/serving/open-server-parts.ts'
import type { RunningServer, ServeOptions } from './service/serving/running-server.ts'
import type { Services } from './service/services.ts'
import { KeyStore } from './store/database/key-store.ts'
import { openDatabase } from './store/database/open-database.ts'

/** The server over this machine's services, with the settings of its home. */
export async function serve(
  { home, train, chat, models }: { readonly home: string } & Pick<Services, 'train' | 'chat' | 'models'>,
  options: ServeOptions = {},
): Promise<RunningServer> {
  const { config: read, file } = await readServerConfig(home, options.config)
  const { host = read.listen.host, port = read.listen.port, lifecycle = read.lifecycle } = options
  const config = { ...read, lifecycle, listen: { host, port } }
  const parts = await openServerParts({
    home,
    train,
    chat,
    removeModel: (id) => removeFromHome(models, id),
    database: config.database,
    now: Date.now,
    mostModels: config.serving.models,
    modelMap: { defaultBase: config.models.default, bases: config.models.map },
    onJobFailure: (error, { id }) =>
      options.onLog?.({ level: 'warn', message: 'a job failed', job: id, error: String(error) }),
    onLogFailure: (error, records) =>
      options.onLog?.({
        level: 'error',
        message: 'records of invocations are lost',
        records,
        error: String(error),
      }),
  })
  try {
    const name = `${hostname()}-${process.pid}`
    return await startServer({ ...options, config, configFile: file, home, parts, name, now: Date.now })
  } catch (error) {
    await parts[Symbol.asyncDispose]()
    throw error
  }
}

/** The keys of a home's server; the database is opened for each call, beside a server that runs. */
export function serverKeys(home: string): KeysService {
  return createKeysService(async (use) => {
    const { config } = await readServerConfig(home)
    const database = await openDatabase({ location: databaseLocation(home, config.database) })
    try {
      return await use(new KeyStore(database))
    } finally {
      await database.destroy()
    }
  })
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
