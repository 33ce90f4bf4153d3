import { AsyncLocalStorage } from 'node:async_hooks'
import {
  CompiledQuery,
  Kysely,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type TransactionSettings,
} from 'kysely'
import type { Database, Tables } from './tables.ts'

/** The connection that everything inside one call of `atomically` shares, while a transaction is open on it. */
interface Scope {
  readonly driver: SharingDriver | undefined
  connection: DatabaseConnection | undefined
  users: number
  transactions: number
  /** Calls that are still made after the transaction's end go their own way. */
  over: boolean
}

const scopes = new AsyncLocalStorage<Scope>()

/**
 * Carries out all or nothing of what the action writes to the database, whichever stores it goes through. A call made inside
 * joins in: where it fails and that is caught, it alone is undone. Such calls are made one after another. On a file nobody else
 * reads or writes meanwhile: the action must not wait for anything but the database.
 */
export function atomically<Result>(database: Database, action: () => Promise<Result>): Promise<Result> {
  const driver = drivers.get(database)
  const outer = scopes.getStore()
  if (outer?.driver === driver && !outer?.over) return database.transaction().execute(action)
  const scope: Scope = {
    driver,
    connection: undefined,
    users: 0,
    transactions: 0,
    over: false,
  }
  return scopes.run(scope, () => database.transaction().execute(action))
}

/** `atomically` on one database. */
export type Atomically = <Result>(action: () => Promise<Result>) => Promise<Result>

const drivers = new WeakMap<Database, SharingDriver>()

/**
 * A database whose transactions `atomically` can join.
 *
 * @param begin what begins a transaction, where it is not the dialect's own
 */
export function openSharing(dialect: Dialect, begin?: string): Database {
  const driver = new SharingDriver(dialect.createDriver(), begin)
  const database = new Kysely<Tables>({
    dialect: {
      createDriver: () => driver,
      createQueryCompiler: () => dialect.createQueryCompiler(),
      createAdapter: () => dialect.createAdapter(),
      createIntrospector: (connected) => dialect.createIntrospector(connected),
    },
  })
  drivers.set(database, driver)
  return database
}

class SharingDriver implements Driver {
  readonly #driver: Driver
  readonly #begin: string | undefined

  constructor(driver: Driver, begin: string | undefined) {
    this.#driver = driver
    this.#begin = begin
  }

  init(): Promise<void> {
    return this.#driver.init()
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const scope = this.#scope()
    if (scope === undefined) return this.#driver.acquireConnection()
    // The first is the transaction's own; the others are made while it is open.
    scope.users++
    scope.connection ??= await this.#driver.acquireConnection()
    return scope.connection
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    const scope = this.#scope()
    if (scope?.connection === connection) {
      scope.users--
      if (scope.users > 0) return
      scope.over = true
    }
    await this.#driver.releaseConnection(connection)
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    const scope = this.#scope()
    const depth = scope === undefined ? 0 : scope.transactions++
    if (depth > 0) await run(connection, `savepoint inside_${depth}`)
    else if (this.#begin === undefined) await this.#driver.beginTransaction(connection, settings)
    else await run(connection, this.#begin)
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    const depth = this.#leave()
    if (depth > 0) await run(connection, `release savepoint inside_${depth}`)
    else await this.#driver.commitTransaction(connection)
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    const depth = this.#leave()
    if (depth > 0) await run(connection, `rollback to savepoint inside_${depth}`)
    else await this.#driver.rollbackTransaction(connection)
  }

  /** How many transactions the one that ends lies in. */
  #leave(): number {
    const scope = this.#scope()
    return scope === undefined ? 0 : --scope.transactions
  }

  destroy(): Promise<void> {
    return this.#driver.destroy()
  }

  #scope(): Scope | undefined {
    const scope = scopes.getStore()
    return scope?.driver === this && !scope.over ? scope : undefined
  }
}

async function run(connection: DatabaseConnection, statement: string): Promise<void> {
  await connection.executeQuery(CompiledQuery.raw(statement))
}
