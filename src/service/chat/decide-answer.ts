import type { ChatModel, WaitOptions } from '../../core/chat-model.ts'
import type { Message } from '../../core/example.ts'
import { decideLabel } from '../../evaluate/decide-label.ts'
import { sharesOf } from '../../evaluate/label-rule.ts'
import type { StoredLabelDecision } from '../../store/label-decisions.ts'

/** The label of a question. */
export interface DecidedLabel {
  readonly label: string
  /** That the model gives it, before any correction. */
  readonly probability: number
  /** Which label had been the likeliest without the correction. */
  readonly likeliest: string
}

/** Decides the label of a conversation's last question as it was decided when the model was measured. */
export async function decideAnswer(
  model: Pick<ChatModel, 'scoreLabels'>,
  decision: Pick<StoredLabelDecision, 'labels' | 'tau' | 'shares' | 'chosenOn'>,
  messages: readonly Message[],
  wait: WaitOptions = {},
): Promise<DecidedLabel> {
  const scores = await model.scoreLabels(messages, decision.labels, wait)
  const label = decideLabel(scores, sharesOf(decision), decision.tau)
  const probability = scores.find((each) => each.label === label)?.probability ?? 0
  return { label, probability, likeliest: scores[0]?.label ?? label }
}
