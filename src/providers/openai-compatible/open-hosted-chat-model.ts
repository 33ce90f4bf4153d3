import type { ChatModel, ChatPart, ChatRequest, WaitOptions } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import type { HostedModel } from '../../core/hosted-model.ts'
import { fromCompletion, toCompletionRequest, type CompletionDialect } from './chat-completion.ts'
import { createCompletionClient, RefusedRequest, type ClientSettings } from './completion-client.ts'

/**
 * A model behind an OpenAI-compatible URL. Its answers come whole. When the service says that it knows neither key nor model,
 * nothing more is asked of it.
 *
 * @throws HoneError `E_CONFIG` when the variable that holds the key is empty
 */
export function openHostedChatModel(model: HostedModel, settings: ClientSettings): ChatModel {
  const client = createCompletionClient(model, settings)
  let dialect: CompletionDialect = { limit: 'max_tokens', sendsTemperature: true }
  let isAlive = true

  async function answer(request: ChatRequest, signal: AbortSignal | undefined): Promise<ChatPart[]> {
    for (;;) {
      const used = dialect
      try {
        return fromCompletion(await client.post(toCompletionRequest(model.name, request, used), signal))
      } catch (error) {
        if (!(error instanceof RefusedRequest)) throw error
        if ([401, 403, 404].includes(error.status)) isAlive = false
        const next = otherDialect(used, error)
        if (next === undefined) throw error
        dialect = next
      }
    }
  }

  return {
    id: model.name,
    concurrency: model.concurrency ?? 4,
    streams: false,
    get isAlive() {
      return isAlive
    },
    async *chat(request: ChatRequest, { signal }: WaitOptions = {}) {
      yield* await answer(request, signal)
    },
    scoreLabels: () =>
      Promise.reject(
        new HoneError('E_MODEL_UNSUPPORTED', `${model.name} is hosted and gives no probabilities of labels`, {
          hint: 'leave out metrics that need them, such as auc, calibration-error and brier',
        }),
      ),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
}

/** The form that the service asks for, where it says that it does not take the one it got. */
function otherDialect(
  used: CompletionDialect,
  { status, text }: RefusedRequest,
): CompletionDialect | undefined {
  if (status !== 400) return undefined
  if (used.limit === 'max_tokens' && text.includes('max_completion_tokens'))
    return { ...used, limit: 'max_completion_tokens' }
  if (used.sendsTemperature && /temperature/.test(text) && /support|default/i.test(text))
    return { ...used, sendsTemperature: false }
  return undefined
}
