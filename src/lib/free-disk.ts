import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Bytes that may be written where this path is or would be made; undefined where the system does not say. */
export async function freeDiskBytes(path: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(path)
    return bavail * bsize
  } catch {
    const parent = dirname(path)
    return parent === path ? undefined : freeDiskBytes(parent)
  }
}
