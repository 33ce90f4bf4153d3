import { createHash, randomBytes } from 'node:crypto'
import { BriefCache } from '../../lib/brief-cache.ts'
import type { Database, KeyTable } from './tables.ts'

/** A key as it is listed; never with its secret. */
export interface ListedKey {
  readonly id: string
  readonly kind: KeyTable['kind']
  readonly user: string
  readonly allow: readonly string[]
  readonly created: string
  readonly expires: string | null
  readonly revoked: string | null
}

/** A key that can be used. */
export interface UsableKey {
  readonly id: string
  readonly secret: string
  readonly user: string
  readonly allow: readonly string[]
  readonly sessionToken?: string
  /** Milliseconds since 1970. */
  readonly expires?: number
}

export interface NewKey {
  readonly user: string
  readonly allow: readonly string[]
}

/** Keys of clients. */
export class KeyStore {
  readonly #database: Database
  readonly #now: () => number
  // Every request asks for its key. One that another process revokes works for half a second more.
  readonly #recent = new BriefCache<UsableKey | undefined>({ milliseconds: 500, most: 1000 })

  constructor(database: Database, now: () => number = Date.now) {
    this.#database = database
    this.#now = now
  }

  /** Makes a key pair of the AWS kind. The secret is shown once more only to whoever may read the database. */
  async createPair({ user, allow }: NewKey, session?: { readonly seconds: number }): Promise<UsableKey> {
    const id = `${session === undefined ? 'HONEAK' : 'HONEST'}${letters(14)}`
    const secret = randomBytes(30).toString('base64')
    const sessionToken = session === undefined ? undefined : randomBytes(48).toString('base64url')
    const expires = session === undefined ? undefined : this.#now() + session.seconds * 1000
    await this.#insert({ id, kind: 'aws', secret, user, allow, sessionToken, expires })
    return {
      id,
      secret,
      user,
      allow,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      ...(expires === undefined ? {} : { expires }),
    }
  }

  /** Makes a key that is sent as it is; only its hash is kept. */
  async createBearer({ user, allow }: NewKey): Promise<{ readonly id: string; readonly key: string }> {
    const key = `hone_${randomBytes(32).toString('base64url')}`
    const id = `HONEBK${letters(14)}`
    await this.#insert({ id, kind: 'bearer', secret: sha256(key), user, allow })
    return { id, key }
  }

  findPair(id: string): Promise<UsableKey | undefined> {
    return this.#recent.get(`pair ${id}`, () => this.#findPair(id))
  }

  /** The key whose text this is. Found by its hash, so that how long it takes says nothing about the key. */
  findBearer(key: string): Promise<UsableKey | undefined> {
    const hash = sha256(key)
    return this.#recent.get(`bearer ${hash}`, () => this.#findBearer(hash))
  }

  async #findPair(id: string): Promise<UsableKey | undefined> {
    const row = await this.#database
      .selectFrom('keys')
      .selectAll()
      .where('id', '=', id)
      .where('kind', '=', 'aws')
      .where('revoked_at', 'is', null)
      .executeTakeFirst()
    return row === undefined ? undefined : usable(row)
  }

  async #findBearer(hash: string): Promise<UsableKey | undefined> {
    const row = await this.#database
      .selectFrom('keys')
      .selectAll()
      .where('secret', '=', hash)
      .where('kind', '=', 'bearer')
      .where('revoked_at', 'is', null)
      .executeTakeFirst()
    return row === undefined ? undefined : usable(row)
  }

  /** Long-lived keys, oldest first; those that were revoked too. */
  async list(): Promise<ListedKey[]> {
    const rows = await this.#database
      .selectFrom('keys')
      .selectAll()
      .where('session_token', 'is', null)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return rows.map((row) => ({
      id: row.id,
      kind: row.kind,
      user: row.user_name,
      allow: JSON.parse(row.allow) as string[],
      created: new Date(row.created_at).toISOString(),
      expires: row.expires_at === null ? null : new Date(row.expires_at).toISOString(),
      revoked: row.revoked_at === null ? null : new Date(row.revoked_at).toISOString(),
    }))
  }

  /** @returns false when there is no such key, or it was revoked before */
  async revoke(id: string): Promise<boolean> {
    const { numUpdatedRows } = await this.#database
      .updateTable('keys')
      .set({ revoked_at: this.#now() })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .executeTakeFirst()
    this.#recent.clear()
    return numUpdatedRows > 0n
  }

  /** Sessions that have ended. */
  async countExpired(): Promise<number> {
    const { count } = await this.#database
      .selectFrom('keys')
      .select((keys) => keys.fn.countAll<number>().as('count'))
      .where('expires_at', '<', this.#now())
      .executeTakeFirstOrThrow()
    return count
  }

  /** Forgets sessions that have ended. @returns how many */
  async removeExpired(): Promise<number> {
    const { numDeletedRows } = await this.#database
      .deleteFrom('keys')
      .where('expires_at', '<', this.#now())
      .executeTakeFirst()
    this.#recent.clear()
    return Number(numDeletedRows)
  }

  async #insert(key: {
    readonly id: string
    readonly kind: KeyTable['kind']
    readonly secret: string
    readonly user: string
    readonly allow: readonly string[]
    readonly sessionToken?: string | undefined
    readonly expires?: number | undefined
  }): Promise<void> {
    await this.#database
      .insertInto('keys')
      .values({
        id: key.id,
        kind: key.kind,
        secret: key.secret,
        user_name: key.user,
        allow: JSON.stringify(key.allow),
        session_token: key.sessionToken ?? null,
        expires_at: key.expires ?? null,
        created_at: this.#now(),
        revoked_at: null,
      })
      .execute()
  }
}

const usable = (row: KeyTable): UsableKey => ({
  id: row.id,
  secret: row.secret,
  user: row.user_name,
  allow: JSON.parse(row.allow) as string[],
  ...(row.session_token === null ? {} : { sessionToken: row.session_token }),
  ...(row.expires_at === null ? {} : { expires: row.expires_at }),
})

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Random capital letters and digits without those that are mistaken for one another. */
function letters(count: number): string {
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
  return [...randomBytes(count)].map((byte) => alphabet[byte % alphabet.length]).join('')
}
