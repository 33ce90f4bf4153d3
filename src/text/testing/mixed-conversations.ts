import type { Message } from '../../core/example.ts'
import { mixedStrings } from './mixed-strings.ts'

/**
 * Conversations of mixed strings: with and without a system message, one to three exchanges, a last answer or none,
 * contents with white space at their edges. Deterministic, as the strings are.
 */
export function mixedConversations(count: number, seed = 1): Message[][] {
  const texts = mixedStrings(count * 7 + 300, seed).slice(300)
  return Array.from({ length: count }, (_, index) => {
    const text = (place: number): string => {
      const outer = edges[(index * 7 + place * 3) % edges.length] ?? ''
      return `${outer}${texts[index * 7 + place] ?? ''}${edges[(index + place) % edges.length] ?? ''}`
    }
    const exchanges = 1 + (index % 3)
    const turns = Array.from({ length: exchanges * 2 }, (__, turn): Message => {
      return { role: turn % 2 === 0 ? 'user' : 'assistant', content: text(turn + 1) }
    })
    const system: Message[] = index % 2 === 0 ? [] : [{ role: 'system', content: text(0) }]
    return [...system, ...(index % 5 === 4 ? turns.slice(0, -1) : turns)]
  })
}

const edges = [
  '',
  '',
  ' ',
  '\n',
  '',
  '  \n\t',
  '\u00A0',
  '\uFEFF',
  '',
  '\u0085',
  '\u001C\u001D',
  '\r\n',
  '\u200B',
]
