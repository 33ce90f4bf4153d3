import type { FileHandle } from 'node:fs/promises'
import { HoneError } from '../../core/errors.ts'

/**
 * Fills `bytes` from an open file.
 *
 * @throws HoneError `E_MODEL_FILE` for a file that ends early, because it was cut after its header was checked
 */
export async function readFully(
  handle: FileHandle,
  bytes: Uint8Array,
  position: number,
  file: string,
): Promise<void> {
  for (let filled = 0; filled < bytes.length;) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, position + filled)
    if (bytesRead === 0) {
      throw new HoneError('E_MODEL_FILE', `the file ends at byte ${position + filled}, while it is read`, {
        at: { file },
      })
    }
    filled += bytesRead
  }
}
