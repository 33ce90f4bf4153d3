import type { Evaluation } from '../../evaluate/evaluation.ts'
import { removeLabelDecision, writeLabelDecision } from '../../store/label-decisions.ts'
import { findModelFolder } from '../models/find-model.ts'
import type { RunCandidate } from '../run/run-candidates.ts'

/**
 * Keeps with the tuned model how its labels were decided, for those who ask it later; removes what was kept where its answers were
 * read as written.
 */
export async function keepLabelDecision(
  home: string,
  { candidates, challenger, task }: Evaluation,
  asked: readonly Pick<RunCandidate, 'id' | 'model'>[],
): Promise<void> {
  const { model, labelRule } = candidates.find(({ id }) => id === challenger) ?? {}
  const isTuned = asked.some((each) => each.id === challenger && each.model === 'tuned')
  if (!isTuned || model === undefined || task.kind !== 'labels') return
  const folder = await findModelFolder(home, model)
  if (labelRule === undefined) await removeLabelDecision(folder)
  else {
    const { labels } = task
    await writeLabelDecision(folder, { schema: 1, kind: 'label-decision', model, labels, ...labelRule })
  }
}
