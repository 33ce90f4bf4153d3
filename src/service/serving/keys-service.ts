import { HoneError } from '../../core/errors.ts'
import type { KeyStore, ListedKey } from '../../store/database/key-store.ts'

interface AddKeyRequest {
  /** Who it is for. */
  readonly user: string
  /** What it may do: patterns `ACTION` or `ACTION:RESOURCE`, stars stand for any text. */
  readonly allow: readonly string[]
  /** A key that is sent as it is, instead of a pair that signs. */
  readonly bearer: boolean
}

/** A key at the one time that its secret is shown. */
export interface MadeKey {
  readonly schema: 1
  readonly id: string
  readonly user: string
  readonly allow: readonly string[]
  /** Of a pair. */
  readonly secret?: string
  /** The key itself, of a bearer. */
  readonly key?: string
}

/** Keys of the server's clients. */
export interface KeysService {
  list(): Promise<{ readonly schema: 1; readonly keys: readonly ListedKey[] }>
  /** @throws HoneError `E_USAGE` for a pattern that names no action */
  add(request: AddKeyRequest): Promise<MadeKey>
  /** @throws HoneError `E_USAGE` when there is no such key */
  revoke(id: string): Promise<{ readonly schema: 1; readonly id: string }>
}

/** Actions that a key can be allowed. */
const keyActions = [
  'invoke',
  'read',
  'write',
  'admin',
  'bedrock-read',
  'bedrock-write',
  's3-read',
  's3-write',
  'iam',
  'metrics',
] as const

/** @param open opens the store for one call */
export function createKeysService(
  open: <Result>(use: (keys: KeyStore) => Promise<Result>) => Promise<Result>,
): KeysService {
  return {
    list: () => open(async (keys) => ({ schema: 1, keys: await keys.list() })),
    add: ({ user, allow, bearer }) => {
      for (const pattern of allow) requireAction(pattern)
      return open(async (keys): Promise<MadeKey> => {
        if (bearer) return { schema: 1, user, allow, ...(await keys.createBearer({ user, allow })) }
        const { id, secret } = await keys.createPair({ user, allow })
        return { schema: 1, id, user, allow, secret }
      })
    },
    revoke: (id) =>
      open(async (keys) => {
        if (await keys.revoke(id)) return { schema: 1, id }
        throw new HoneError('E_USAGE', `there is no key ${JSON.stringify(id.slice(0, 60))} that is in use`, {
          hint: 'see them: hone keys list',
        })
      }),
  }
}

function requireAction(pattern: string): void {
  const [action = ''] = pattern.split(':')
  if (action.includes('*') || keyActions.some((known) => known === action)) return
  throw new HoneError('E_USAGE', `${JSON.stringify(pattern.slice(0, 60))} names no action`, {
    hint: `an action is one of ${keyActions.join(', ')}, or *; after a colon comes what it may be done to, such as invoke:arn:*`,
  })
}
