import type { Message } from '../core/example.ts'

const header = /<\|start_header_id\|>(system|user|assistant)<\|end_header_id\|>\s*/g

/**
 * The turns of a prompt in Llama 3's form; a prompt without marks is what the user says.
 * Source: https://www.llama.com/docs/model-cards-and-prompt-formats/meta-llama-3/
 */
export function llamaTurns(prompt: string): Message[] {
  const heads = [...prompt.matchAll(header)]
  if (heads.length === 0) return [{ role: 'user', content: prompt }]
  const turns = heads.map((head, at): Message => {
    const body = prompt.slice(head.index + head[0].length, heads[at + 1]?.index)
    return {
      role: head[1] as 'system' | 'user' | 'assistant',
      content: (body.split('<|eot_id|>')[0] ?? '').trim(),
    }
  })
  const last = turns.at(-1)
  // The open turn at the end is the one to be answered.
  return last?.role === 'assistant' && last.content === '' ? turns.slice(0, -1) : turns
}
