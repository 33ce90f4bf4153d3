import { createHash } from 'node:crypto'
import { canonicalJson, type JsonValue } from '../../lib/canonical-json.ts'
import type { Database } from './tables.ts'

/** The token was used before, for something else. */
export class TokenReused extends Error {
  override readonly name = 'TokenReused'
}

/** Answers of requests that carry a token, so that the same request sent twice is carried out once. */
export class Replays {
  readonly #database: Database
  readonly #now: () => number

  constructor(database: Database, now: () => number = Date.now) {
    this.#database = database
    this.#now = now
  }

  /**
   * The answer that a request with this token got.
   *
   * @throws TokenReused when that request was another
   */
  async find(operation: string, token: string, request: JsonValue): Promise<JsonValue | undefined> {
    const row = await this.#database
      .selectFrom('replays')
      .selectAll()
      .where('operation', '=', operation)
      .where('token', '=', token)
      .executeTakeFirst()
    if (row === undefined) return undefined
    if (row.request !== hashOf(request)) throw new TokenReused(`${operation} with token ${token}`)
    return JSON.parse(row.response) as JsonValue
  }

  /** Keeps an answer. Of two requests at once the first one's stands. */
  async keep(operation: string, token: string, request: JsonValue, response: JsonValue): Promise<void> {
    await this.#database
      .insertInto('replays')
      .values({
        operation,
        token,
        request: hashOf(request),
        response: JSON.stringify(response),
        created_at: this.#now(),
      })
      .onConflict((conflict) => conflict.columns(['operation', 'token']).doNothing())
      .execute()
  }

  /** @returns how many are older than a time, in milliseconds since 1970 */
  async countBefore(time: number): Promise<number> {
    const { count } = await this.#database
      .selectFrom('replays')
      .select((replays) => replays.fn.countAll<number | string>().as('count'))
      .where('created_at', '<', time)
      .executeTakeFirstOrThrow()
    return Number(count)
  }

  /** @returns how many were forgotten */
  async removeBefore(time: number): Promise<number> {
    const { numDeletedRows } = await this.#database
      .deleteFrom('replays')
      .where('created_at', '<', time)
      .executeTakeFirst()
    return Number(numDeletedRows)
  }
}

const hashOf = (request: JsonValue): string =>
  createHash('sha256').update(canonicalJson(request)).digest('hex')
