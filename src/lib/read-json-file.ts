import { open } from 'node:fs/promises'
import type { ErrorCode } from '../core/error-codes.ts'
import { HoneError } from '../core/errors.ts'

/** A large tokenizer.json has 35 MB. */
const limitBytes = 256 << 20

/**
 * What a JSON file holds; undefined when there is no such file.
 *
 * @param code of the error for a file that is not JSON or larger than 256 MiB
 */
export async function readJsonFile(file: string, code: ErrorCode): Promise<unknown> {
  const text = await readTextFile(file, code)
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new HoneError(code, `not JSON: ${why}`, { at: { file }, cause: error })
  }
}

/** The text of a UTF-8 file without its byte order mark; undefined when there is no such file. */
export async function readTextFile(file: string, code: ErrorCode): Promise<string | undefined> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new HoneError(code, 'the file cannot be opened', { at: { file }, cause: error })
  })
  if (handle === undefined) return undefined
  try {
    const { size } = await handle.stat()
    if (size > limitBytes)
      throw new HoneError(code, `${size} bytes are more than expected here`, { at: { file } })
    const bytes = await handle.readFile()
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (HoneError.isInstance(error)) throw error
    throw new HoneError(code, 'the file is not UTF-8 text', { at: { file }, cause: error })
  } finally {
    await handle.close()
  }
}
