import { mkdir, readFile, rm, rmdir, stat } from 'node:fs/promises'
import { hostname } from 'node:os'

/** Names that this process uses. A container's processes have the same numbers in every life. */
const own = new Set<string>()

/** What a lock file of this process says: its process, a name that is used once, and the machine. */
export function lockOwner(nonce: string): string {
  own.add(nonce)
  return `${process.pid} ${nonce} ${hostname()}`
}

/** The lock is not held any more. */
export function forgetLockOwner(owner: string): void {
  own.delete(owner.split(' ')[1] ?? '')
}

/** True when the holder was a process of this machine that no longer runs. */
export function isDeadHolder(holder: string): boolean {
  const [pid = '', nonce = '', host] = holder.split(' ')
  if (host !== hostname() || !/^\d+$/.test(pid)) return false
  if (Number(pid) === process.pid) return !own.has(nonce)
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}

/**
 * Removes a dead holder's lock file. Only one process at a time may, or the second would remove the first one's new
 * lock: a folder is the guard, taken for abandoned after `guardMilliseconds`.
 */
export async function removeLockOf(holder: string, path: string, guardMilliseconds: number): Promise<void> {
  const guard = `${path}.takeover`
  try {
    await mkdir(guard)
  } catch {
    const touched = await touchedAt(guard)
    if (touched !== undefined && Date.now() - touched > guardMilliseconds) await removeFolder(guard)
    return
  }
  try {
    if ((await contentOf(path)) === holder) await rm(path, { force: true })
  } finally {
    await removeFolder(guard)
  }
}

/** Content of a lock file, undefined where there is none. */
export function contentOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined)
}

/** Time of the last sign of life in milliseconds since 1970, undefined where there is no such file. */
export async function touchedAt(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.mtimeMs
}

async function removeFolder(folder: string): Promise<void> {
  await rmdir(folder).catch(() => undefined)
}
