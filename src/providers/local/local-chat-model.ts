import type { ChatModel, WaitOptions } from '../../core/chat-model.ts'
import { answersAtOnce } from '../../engine/generate/generator.ts'
import { GenerationProcess } from './generation-process.ts'
import type { ModelFolders } from './generation-protocol.ts'
import type { EngineOptions } from './training-protocol.ts'

// Some wait in the worker, so that those that follow an answer are let in several at once.
export const worthwhileCalls: number = 1.25 * answersAtOnce

/**
 * A model that answers on this machine, in a process of its own. When that process dies, the calls under way and all later
 * ones fail with `E_WORKER`; the program goes on.
 *
 * @throws HoneError when the model cannot be opened
 */
export async function openLocalChatModel(
  id: string,
  worker: URL,
  model: ModelFolders,
  options: EngineOptions,
  { signal }: WaitOptions = {},
): Promise<ChatModel> {
  signal?.throwIfAborted()
  const process = new GenerationProcess(id, worker)
  try {
    const { bytes, rounding } = await process.open({ model, shared: false, options }, signal)
    return {
      id,
      concurrency: worthwhileCalls,
      memory: { own: bytes, base: undefined },
      ...(rounding === undefined ? {} : { rounding }),
      get isAlive() {
        return process.isAlive
      },
      chat: (request, wait) => process.chat(request, undefined, wait),
      scoreLabels: (messages, labels, wait) => process.scoreLabels(messages, labels, undefined, wait),
      [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
    }
  } catch (error) {
    await process[Symbol.asyncDispose]()
    throw error
  }
}
