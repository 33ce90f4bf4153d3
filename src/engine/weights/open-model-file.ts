import { open, type FileHandle } from 'node:fs/promises'
import { HoneError } from '../../core/errors.ts'

/**
 * Opens a file of weights for reading.
 *
 * @throws HoneError `E_MODEL_FILE` where it is missing or may not be read
 */
export async function openModelFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (cause) {
    throw new HoneError('E_MODEL_FILE', 'the file is missing or cannot be read', {
      at: { file: path },
      cause,
    })
  }
}
