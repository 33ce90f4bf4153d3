import type { Message, Part } from '../../../core/example.ts'

/** Content and parts of a message as it holds them: one text is no parts. */
export function partsContent(parts: readonly Part[]): Pick<Message, 'content' | 'parts'> {
  const content = parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
  const isText = parts.length === 0 || (parts.length === 1 && parts[0]?.type === 'text')
  return isText ? { content } : { content, parts }
}

/** What a message says, part by part; nothing for an empty one. */
export function partsOf({ content, parts }: Message): readonly Part[] {
  return parts ?? (content === '' ? [] : [{ type: 'text', text: content }])
}
