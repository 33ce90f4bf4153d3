import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { replaceFileWith } from '../../lib/replace-file.ts'
import type { KeyStore } from '../../store/database/key-store.ts'

const keptKey = z.object({ schema: z.literal(1), id: z.string(), key: z.string() })

/**
 * The key of whoever opens the page on this machine, as the link that `hone serve` prints carries it. It may do everything, as whoever
 * reads the home can anyway, and lies there in a file that only its owner reads; a page that is open outlives a restart with it.
 * After `hone keys revoke` the next start makes another.
 */
export async function localPageKey(
  home: string,
  keys: Pick<KeyStore, 'createBearer' | 'findBearer'>,
): Promise<string> {
  const file = join(home, 'page-key.json')
  const kept = await readKept(file)
  if (kept !== undefined && (await keys.findBearer(kept)) !== undefined) return kept
  const { id, key } = await keys.createBearer({ user: 'page', allow: ['*'] })
  await replaceFileWith(file, `${JSON.stringify({ schema: 1, id, key })}\n`, { mode: 0o600 })
  return key
}

/** Undefined for a file that is not there or says nothing: it is written anew. */
async function readKept(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  try {
    return keptKey.parse(JSON.parse(text)).key
  } catch {
    return undefined
  }
}
