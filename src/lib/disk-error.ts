import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HoneError } from '../core/errors.ts'

/**
 * A failure of the file system to write, as `E_DISK`; any other error as it is.
 *
 * @param expectedBytes size of what was to be written, named when the disk is full
 */
export async function diskError(failure: unknown, path: string, expectedBytes?: number): Promise<unknown> {
  if (HoneError.isInstance(failure) || !isSystemError(failure)) return failure
  const place = { at: { file: path }, cause: failure }
  if (failure.code !== 'ENOSPC' && failure.code !== 'EDQUOT') {
    return new HoneError('E_DISK', `cannot write: ${failure.code}`, {
      ...place,
      hint: 'check that the folder exists and may be written, or name another',
    })
  }
  const needed =
    expectedBytes === undefined ? '' : `: ${megabytes(expectedBytes)} are needed${await freeSpace(path)}`
  return new HoneError('E_DISK', `the disk is full${needed}`, {
    ...place,
    hint: 'free some space, or set HONE_HOME to a folder on another disk',
  })
}

async function freeSpace(path: string): Promise<string> {
  try {
    const { bavail, bsize } = await statfs(dirname(path))
    return `, ${megabytes(bavail * bsize)} are free`
  } catch {
    return ''
  }
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`

function isSystemError(value: unknown): value is NodeJS.ErrnoException & { readonly code: string } {
  return value instanceof Error && 'syscall' in value && 'code' in value && typeof value.code === 'string'
}
