import { isUtf8 } from 'node:buffer'
import { HoneError } from '../../core/errors.ts'
import type { InputStream } from '../host.ts'
import { onAbort } from '../../lib/on-abort.ts'

/** Far beyond what any model takes. */
const limitBytes = 16 << 20

/**
 * The prompt that was given, else what standard input holds, without the line break at its end.
 *
 * @throws HoneError `E_USAGE` for an empty prompt, one that is not UTF-8, or one of more than 16 MiB
 */
export async function readPrompt(
  given: string | undefined,
  stdin: InputStream,
  signal: AbortSignal,
): Promise<string> {
  const prompt = given ?? (await readAll(stdin, signal))
  if (prompt.trim() !== '') return prompt
  throw new HoneError('E_USAGE', 'the prompt is empty', { hint: 'give one: hone chat MODEL "prompt"' })
}

async function readAll(stdin: InputStream, signal: AbortSignal): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  const ignore = onAbort(signal, () => {
    stdin.destroy()
  })
  try {
    for await (const chunk of stdin) {
      const part: Uint8Array = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array)
      chunks.push(part)
      bytes += part.length
      if (bytes > limitBytes) {
        throw new HoneError('E_USAGE', `standard input has more than ${limitBytes >> 20} MiB`, {
          hint: 'a prompt is one message',
        })
      }
    }
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    ignore()
  }
  signal.throwIfAborted()
  const content = Buffer.concat(chunks)
  if (!isUtf8(content)) throw new HoneError('E_USAGE', 'standard input is not UTF-8 text')
  return content.toString('utf8').replace(/\r?\n$/, '')
}
