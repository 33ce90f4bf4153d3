import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { contentOf, forgetLockOwner, isDeadHolder, lockOwner, touchedAt } from '../lib/lock-holder.ts'

const heartbeatMilliseconds = 30_000
/** A server of another machine that gave no sign of life for this long is dead. */
const silenceMilliseconds = 300_000

/** A server that uses a home, as long as it is not disposed. */
export interface PresentServer extends AsyncDisposable {
  /** No other server used the home when this one came: what is half done there belongs to nobody. */
  readonly isAlone: boolean
  /** Milliseconds since 1970 by the clock of the home's file system. */
  readonly since: number
}

/** How many servers use a home, as far as one can see: those that ended without a word are passed over. */
export async function countServers(home: string): Promise<number> {
  const folder = join(home, 'servers')
  const names = await readdir(folder).catch(() => [])
  const alive = await Promise.all(names.map((name) => isAlive(join(folder, name), Date.now())))
  return alive.filter(Boolean).length
}

/** Notes that a server uses this home, and finds out whether others do. */
export async function enterHome(home: string): Promise<PresentServer> {
  const folder = join(home, 'servers')
  await mkdir(folder, { recursive: true })
  const name = randomBytes(8).toString('hex')
  const path = join(folder, name)
  const owner = lockOwner(name)
  await writeFile(path, owner)
  const since = (await stat(path)).mtimeMs
  const others = (await readdir(folder)).filter((other) => other !== name)
  let isAlone = true
  for (const other of others) {
    const file = join(folder, other)
    if (await isAlive(file, since)) isAlone = false
    else await rm(file, { force: true })
  }
  const heartbeat = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch(() => undefined)
  }, heartbeatMilliseconds)
  heartbeat.unref()
  return {
    isAlone,
    since,
    async [Symbol.asyncDispose]() {
      clearInterval(heartbeat)
      forgetLockOwner(owner)
      await rm(path, { force: true })
    },
  }
}

/** By its process, where it ran on this machine; else by its last sign of life. */
async function isAlive(file: string, now: number): Promise<boolean> {
  const holder = (await contentOf(file)) ?? ''
  const silence = now - ((await touchedAt(file)) ?? 0)
  return !isDeadHolder(holder) && silence <= silenceMilliseconds
}
