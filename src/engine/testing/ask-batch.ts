import type { ChatPart } from '../../core/chat-model.ts'
import type { GenerationRequest } from '../generate/answer.ts'
import type { Generator } from '../generate/generator.ts'

/** A greedy request for twenty tokens, unless it says otherwise. */
export type AskedAnswer = Partial<GenerationRequest> & Pick<GenerationRequest, 'prompt'>

export interface BatchAnswer {
  readonly text: string
  readonly parts: readonly ChatPart[]
  readonly logProbabilities: readonly number[]
  readonly finish: Extract<ChatPart, { type: 'finish' }> | undefined
}

/** All answers of one batch. */
export async function askBatch(
  generator: Generator,
  requests: readonly AskedAnswer[],
): Promise<BatchAnswer[]> {
  const parts = requests.map((): ChatPart[] => [])
  await generator.generate(
    requests.map((request, index) => ({
      temperature: 0,
      topK: 0,
      topP: 1,
      seed: 0,
      maxTokens: 20,
      stop: [],
      logProbabilities: false,
      ...request,
      onPart: (part) => {
        parts[index]?.push(part)
        request.onPart?.(part)
      },
    })),
  )
  return parts.map((own) => {
    const deltas = own.filter((part) => part.type === 'text-delta')
    return {
      text: deltas.map(({ text }) => text).join(''),
      parts: own,
      logProbabilities: deltas.flatMap((delta) => delta.logProbabilities ?? []),
      finish: own.find((part) => part.type === 'finish'),
    }
  })
}
