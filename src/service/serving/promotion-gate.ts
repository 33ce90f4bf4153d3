import { HoneError } from '../../core/errors.ts'
import type { StoredGateVerdict } from '../../store/gate-verdicts.ts'

/** What a gate said of a model that is to be deployed. */
export interface DeployedVerdict {
  /** Id of the model in the home. */
  readonly model: string
  /** Null where it was never judged. */
  readonly verdict: StoredGateVerdict['verdict']['verdict'] | null
  /** A verdict that would have been in the way was not heeded. */
  readonly isIgnored: boolean
}

export interface PromotionGate {
  /** Whether a model that did not pass may not be deployed. */
  readonly isObeyed: boolean
  /** The model's id in the home, and the gate's last verdict on it; undefined where there is no such model. */
  readonly verdictOf: (
    modelId: string,
  ) => Promise<{ readonly model: string; readonly verdict: StoredGateVerdict | undefined } | undefined>
  /** Told of every model that is deployed without having passed. */
  readonly onUnproven?: (deployed: DeployedVerdict) => void
}

/**
 * Lets a model be deployed that passed its gate, or was never judged, which is told.
 *
 * @throws HoneError `E_GATE` for one that did not pass, unless the gate is ignored, which is told too
 */
export async function passGate(gate: PromotionGate, modelId: string): Promise<void> {
  const found = await gate.verdictOf(modelId)
  if (found === undefined) return
  const { model, verdict: stored } = found
  const verdict = stored?.verdict.verdict ?? null
  if (verdict === 'promoted') return
  const isIgnored = verdict !== null
  if (stored !== undefined && gate.isObeyed) throw refused(model, stored)
  gate.onUnproven?.({ model, verdict, isIgnored })
}

function refused(model: string, { verdict }: StoredGateVerdict): HoneError {
  const rules = verdict.rules.filter(({ outcome }) => outcome !== 'pass')
  const [first] = rules
  const reason = first === undefined ? '' : `: ${first.rule}: ${first.outcome}`
  const more = rules.length > 1 ? ` and ${rules.length - 1} more` : ''
  return new HoneError('E_GATE', `${model} did not pass its gate: ${verdict.verdict}${reason}${more}`, {
    hint: 'make it pass (hone gate), or start the server with --ignore-gate',
  })
}
