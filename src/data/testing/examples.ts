import type { PlacedExample } from '../records/placed-example.ts'

/** A one-turn example as if it stood in line `line` of `data.jsonl`. */
export function exampleAt(line: number, question: string, answer: string, system?: string): PlacedExample {
  return {
    id: `data.jsonl:${line}`,
    at: { file: 'data.jsonl', line },
    messages: [
      ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ],
  }
}

/** The whole answer is the label; an empty one cannot be read. */
export function wholeAnswer({ messages }: Pick<PlacedExample, 'messages'>): string | undefined {
  const answer = messages.at(-1)?.content
  return answer === '' ? undefined : answer
}
