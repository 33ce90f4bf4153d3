import type { Example } from '../../core/example.ts'

/** Characters of a message that a list shows. */
const mostCharacters = 4_000

/** An example without the name that its file gives it. */
export function plainExample(example: Example): Omit<Example, 'id'> {
  const { id: _, ...rest } = example
  return rest
}

/** The same with long messages in part, and whether there were any. */
export function shortExample(example: Example): {
  readonly example: Omit<Example, 'id'>
  readonly isCut: boolean
} {
  let isCut = false
  const cut = (text: string): string => {
    if (text.length <= mostCharacters) return text
    isCut = true
    return text.slice(0, mostCharacters)
  }
  const plain = plainExample(example)
  const messages = plain.messages.map(({ parts, ...message }) => ({
    ...message,
    content: cut(message.content),
    // The texts of parts are the content; media may be pictures of megabytes.
    ...(parts === undefined ? {} : { parts: parts.filter(({ type }) => type === 'media').map(cutMedia) }),
  }))
  const rejected = plain.rejected === undefined ? {} : { rejected: cut(plain.rejected) }
  return { example: { ...plain, messages, ...rejected }, isCut }
}

type Part = NonNullable<Example['messages'][number]['parts']>[number]

const cutMedia = (part: Part): Part =>
  part.type === 'media' && part.uri.length > mostCharacters ? { ...part, uri: part.uri.slice(0, 100) } : part
