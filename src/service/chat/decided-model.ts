import type { ChatModel, ChatOptions, ChatPart, ChatRequest } from '../../core/chat-model.ts'
import { decideLabel } from '../../evaluate/decide-label.ts'
import { sharesOf } from '../../evaluate/label-rule.ts'
import type { StoredLabelDecision } from '../../store/label-decisions.ts'

/**
 * Whether the answer to a request would be a label: who offers tools, says himself what the answer must be, or begins it, asks for
 * something else.
 */
export const asksForLabel = ({
  messages,
  tools = [],
  constraint,
  asWritten = false,
}: Pick<ChatRequest, 'messages' | 'tools' | 'constraint' | 'asWritten'>): boolean =>
  !asWritten && tools.length === 0 && constraint === undefined && messages.at(-1)?.role !== 'assistant'

/**
 * The same model, which answers with the label that is decided as it was when the model was measured: what is served is what was
 * evaluated. The label is written like every other answer, so that tokens are counted, cut and told as always.
 *
 * @param find how labels are decided now; nothing where answers are taken as written
 */
export function decidedModel(
  model: ChatModel,
  find: () => Promise<StoredLabelDecision | undefined>,
): ChatModel {
  async function* chat(request: ChatRequest, options: ChatOptions = {}): AsyncGenerator<ChatPart> {
    const decision = asksForLabel(request) ? await find() : undefined
    if (decision === undefined) {
      yield* model.chat(request, options)
      return
    }
    const scores = await model.scoreLabels(request.messages, decision.labels, options)
    const label = decideLabel(scores, sharesOf(decision), decision.tau)
    const probability = scores.find((each) => each.label === label)?.probability ?? 0
    const decided = { label, probability, likeliest: scores[0]?.label ?? label }
    const written: ChatRequest = { ...request, constraint: { type: 'choice', choices: [label] } }
    for await (const part of model.chat(written, options)) {
      yield part.type === 'finish' ? { ...part, decided } : part
    }
  }
  return {
    id: model.id,
    concurrency: model.concurrency,
    ...(model.memory === undefined ? {} : { memory: model.memory }),
    ...(model.rounding === undefined ? {} : { rounding: model.rounding }),
    ...(model.streams === undefined ? {} : { streams: model.streams }),
    get isAlive() {
      return model.isAlive !== false
    },
    chat,
    scoreLabels: (messages, labels, wait) => model.scoreLabels(messages, labels, wait),
    [Symbol.asyncDispose]: () => model[Symbol.asyncDispose](),
  }
}
