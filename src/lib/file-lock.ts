import { randomBytes } from 'node:crypto'
import { rm, utimes, writeFile } from 'node:fs/promises'
import { delay } from './delay.ts'
import { diskError } from './disk-error.ts'
import {
  contentOf,
  forgetLockOwner,
  isDeadHolder,
  lockOwner,
  removeLockOf,
  touchedAt,
} from './lock-holder.ts'

const pollMilliseconds = 100
const heartbeatMilliseconds = 2_000
/** A holder whose lock file was not touched for this long while somebody watched is dead. */
const silenceMilliseconds = 20_000

export interface FileLockOptions {
  /** Aborting stops the wait for the lock and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Told once, when somebody else holds the lock. */
  readonly onWait?: () => void
}

/**
 * Runs an action while no other process that asks for the same lock runs its own. The lock of a process that died is
 * taken over: at once on the same machine, after 20 s without a sign of life otherwise.
 *
 * @param path of the lock file, in a folder that exists
 */
export async function withFileLock<Result>(
  path: string,
  options: FileLockOptions,
  action: () => Promise<Result>,
): Promise<Result> {
  const owner = lockOwner(randomBytes(8).toString('hex'))
  try {
    await acquire(path, owner, options)
  } catch (error) {
    forgetLockOwner(owner)
    throw error
  }
  const heartbeat = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch(() => undefined)
  }, heartbeatMilliseconds)
  heartbeat.unref()
  try {
    return await action()
  } finally {
    clearInterval(heartbeat)
    // Somebody who took this process for dead may own the file by now.
    if ((await contentOf(path)) === owner) await rm(path, { force: true })
    forgetLockOwner(owner)
  }
}

async function acquire(path: string, owner: string, options: FileLockOptions): Promise<void> {
  let said = false
  let seen = ''
  let seenSince = performance.now()
  for (;;) {
    options.signal?.throwIfAborted()
    if (await create(path, owner)) return
    const holder = await contentOf(path)
    const sign = `${holder} ${await touchedAt(path)}`
    if (sign !== seen) {
      seen = sign
      seenSince = performance.now()
    }
    if (
      holder !== undefined &&
      (isDeadHolder(holder) || performance.now() - seenSince > silenceMilliseconds)
    ) {
      await removeLockOf(holder, path, silenceMilliseconds)
      if ((await contentOf(path)) !== holder) continue
    }
    if (!said) options.onWait?.()
    said = true
    await delay(pollMilliseconds, options.signal)
  }
}

async function create(path: string, owner: string): Promise<boolean> {
  try {
    await writeFile(path, owner, { flag: 'wx' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw await diskError(error, path)
  }
}
