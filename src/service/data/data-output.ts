import { mkdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import { diskError } from '../../lib/disk-error.ts'

/**
 * Refuses to write a new file over what it is made of.
 *
 * @throws HoneError `E_USAGE`
 */
export async function refuseInput(file: string, inputs: readonly string[]): Promise<void> {
  const target = await identity(file)
  for (const input of inputs) {
    if ((await identity(input)) === target) {
      throw new HoneError('E_USAGE', 'the new file would replace what it is made of', {
        at: { file },
        hint: 'name another file: what is lost of the input cannot be had back',
      })
    }
  }
}

/**
 * Refuses to write a new file over another one, unless by force.
 *
 * @throws HoneError `E_EXISTS`
 */
export async function refuseExisting(file: string, force: boolean | undefined): Promise<void> {
  const known = await stat(file).catch(() => undefined)
  if (known === undefined || (force === true && known.isFile())) return
  throw new HoneError('E_EXISTS', known.isFile() ? 'there is a file of this name' : 'this is no file', {
    at: { file },
    hint: known.isFile() ? 'name another, or replace it with --force' : 'name another',
  })
}

/**
 * Makes the folder that a new file is written to.
 *
 * @throws HoneError `E_DISK`
 */
export async function makeFolderOf(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true }).catch(async (error: unknown) => {
    throw await diskError(error, file)
  })
}

/** One text for one file, however its path is written. */
async function identity(file: string): Promise<string> {
  const path = resolve(file)
  const real = await realpath(path).catch(() => undefined)
  return real ?? join(await realpath(dirname(path)).catch(() => dirname(path)), basename(path))
}
