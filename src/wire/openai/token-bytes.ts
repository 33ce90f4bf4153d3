import type { AnswerToken, TokenLogProbability } from '../../core/chat-model.ts'
import type { DialectPart } from '../dialect-request.ts'

/** The same parts, without the tokens that a stop text or the call of a tool was found in: only those of shown text. */
export async function* withShownTokens(parts: AsyncIterable<DialectPart>): AsyncGenerator<DialectPart> {
  let waiting: AnswerToken[] = []
  /** Bytes of the text so far, and those before the first token that waits. */
  let shown = 0
  let start = 0
  for await (const part of parts) {
    if (part.type !== 'text' || part.tokens === undefined) {
      yield part
      continue
    }
    shown += Buffer.byteLength(part.text)
    waiting.push(...part.tokens)
    let count = 0
    while (count < waiting.length && start < shown) start += waiting[count++]?.bytes.length ?? 0
    const tokens = waiting.slice(0, count)
    waiting = waiting.slice(count)
    if (part.text !== '' || count > 0) yield { ...part, tokens }
  }
}

/** A token as text; where it is part of a character, with U+FFFD. */
export const tokenText = ({ bytes }: Pick<TokenLogProbability, 'bytes'>): string =>
  Buffer.from(bytes).toString('utf8')
