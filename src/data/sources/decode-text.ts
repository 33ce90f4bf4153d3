import { HoneError } from '../../core/errors.ts'

/**
 * Text of UTF-8 bytes, piece by piece.
 *
 * @throws HoneError `E_DATA` where bytes are no UTF-8: another encoding would be guessed at
 */
export async function* decodeText(chunks: AsyncIterable<Buffer>, location: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const chunk of chunks) {
      const text = decoder.decode(chunk, { stream: true })
      if (text !== '') yield text
    }
    const rest = decoder.decode()
    if (rest !== '') yield rest
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new HoneError('E_DATA', 'the file is not UTF-8 text', {
      at: { file: location },
      hint: 'convert it: iconv -f ISO-8859-1 -t UTF-8 FILE > NEW, with the encoding it was saved in',
      cause: error,
    })
  }
}
