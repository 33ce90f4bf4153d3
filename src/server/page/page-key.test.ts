import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { KeyStore } from '../../store/database/key-store.ts'
import { openDatabase } from '../../store/database/open-database.ts'
import { localPageKey } from './page-key.ts'

test('the key is the same at each start, only its owner reads it, and a revoked or broken one is made anew', async () => {
  const home = mkdtempSync(join(tmpdir(), 'hone-page-'))
  const database = await openDatabase({ location: join(home, 'hone.db') })
  try {
    const keys = new KeyStore(database)
    const first = await localPageKey(home, keys)
    expect(await localPageKey(home, keys)).toBe(first)
    const file = join(home, 'page-key.json')
    // Windows has no such bits; a home lies in the user's own folder there.
    expect(statSync(file).mode & (process.platform === 'win32' ? 0 : 0o077)).toBe(0)
    expect((await keys.list()).map(({ user, allow }) => ({ user, allow }))).toEqual([
      { user: 'page', allow: ['*'] },
    ])

    const { id } = JSON.parse(readFileSync(file, 'utf8')) as { id: string }
    await keys.revoke(id)
    const second = await localPageKey(home, new KeyStore(database))
    expect(second).not.toBe(first)
    writeFileSync(file, '{"schema":1,')
    expect(await localPageKey(home, keys)).not.toBe(second)
  } finally {
    await database.destroy()
  }
})
