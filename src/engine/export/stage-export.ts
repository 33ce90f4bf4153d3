import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import { diskError } from '../../lib/disk-error.ts'

/** Lies in every exported folder, and says that it may be replaced. */
export const exportManifest = 'export.json'

/**
 * Refuses a place where something is already.
 *
 * @param force replace it, if it is a file or the folder of an earlier export
 * @throws HoneError `E_EXISTS`
 */
export async function refuseExisting(out: string, force: boolean): Promise<void> {
  const found = await stat(out).catch(() => undefined)
  if (found === undefined) return
  const names = found.isDirectory() ? await readdir(out).catch(() => [exportManifest]) : []
  if (found.isDirectory() && names.length === 0) return
  if (!force) {
    throw new HoneError('E_EXISTS', 'there is something already', {
      at: { file: out },
      hint: 'name another place with --out, or replace it with --force',
    })
  }
  if (!found.isDirectory() || names.includes(exportManifest)) return
  throw new HoneError(
    'E_EXISTS',
    `the folder has no ${exportManifest}, so it is not an export and not replaced`,
    {
      at: { file: out },
      hint: 'name another place with --out, or remove the folder yourself',
    },
  )
}

/**
 * Makes a folder that appears whole or not at all: it is filled under another name beside it and renamed.
 *
 * @throws HoneError `E_DISK`, and what `fill` throws
 */
export async function stageFolder<Result>(
  out: string,
  fill: (staging: string) => Promise<Result>,
): Promise<Result> {
  const target = resolve(out)
  const mark = randomBytes(4).toString('hex')
  const staging = join(dirname(target), `.${mark}.export.tmp`)
  const old = join(dirname(target), `.${mark}.export.old`)
  try {
    await mkdir(staging, { recursive: true })
    const result = await fill(staging)
    const isThere = (await stat(target).catch(() => undefined)) !== undefined
    if (isThere) await rename(target, old)
    try {
      await rename(staging, target)
    } catch (error) {
      if (isThere) await rename(old, target)
      throw error
    }
    await rm(old, { recursive: true, force: true })
    return result
  } catch (error) {
    await rm(staging, { recursive: true, force: true }).catch(() => undefined)
    throw await diskError(error, out)
  }
}
