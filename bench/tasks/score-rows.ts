import type { ChatModel } from '../../src/core/chat-model.ts'
import type { Message } from '../../src/core/example.ts'
import type { ScoredRow } from '../../src/evaluate/decide-label.ts'

/** Scores every label for every row. */
export async function scoreRows(
  model: ChatModel,
  rows: readonly { readonly messages: readonly Message[]; readonly expected: string }[],
  labels: readonly string[],
  onProgress: (done: number) => void,
): Promise<ScoredRow[]> {
  const scored: ScoredRow[] = []
  const waiting = [...rows.keys()]
  const work = async (): Promise<void> => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      const { messages, expected } = rows[index] as (typeof rows)[number]
      scored[index] = { expected, scores: await model.scoreLabels(messages, labels) }
      onProgress(rows.length - waiting.length)
    }
  }
  await Promise.all(Array.from({ length: Math.min(16, model.concurrency) }, work))
  return scored
}
