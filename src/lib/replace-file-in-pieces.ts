import { replaceFile } from './replace-file.ts'

/** Characters that are gathered before they are written: few enough that V8 frees them with what is young. */
const gathered = 1 << 16

/**
 * Writes a text of many pieces whole or not at all, without holding it.
 *
 * @throws HoneError `E_DISK`
 */
export function replaceFileInPieces(path: string, pieces: Iterable<string>): Promise<void> {
  return replaceFile(path, async (writer) => {
    let text = ''
    for (const piece of pieces) {
      text += piece
      if (text.length < gathered) continue
      await writer.write(Buffer.from(text))
      text = ''
    }
    await writer.write(Buffer.from(text))
  })
}
