import { HoneError } from '../../core/errors.ts'
import type { GateRule } from '../../core/gate-rule.ts'
import { closestWord } from '../../lib/closest-word.ts'
import {
  figureEvidence,
  type FigureEvidence,
  type StatisticsSettings,
} from '../comparison/figure-evidence.ts'
import type { RowTable } from '../comparison/row-table.ts'
import { findFigure } from './find-figure.ts'
import type { GateVerdict, RuleVerdict } from './gate-verdict.ts'
import { judgeDifference, judgeThreshold, type RuleContext } from './judge-rule.ts'

export interface GateSet {
  readonly name: string
  readonly table: RowTable
  /** Figures that could not be shown to be worse, whatever the candidate does; why, by the id of the figure. */
  readonly untested?: Readonly<Record<string, string>>
  /** Figures that no rule may rest on; why, by the id of the figure. */
  readonly unproven?: Readonly<Record<string, string>>
}

export interface GateInput {
  readonly rules: readonly GateRule[]
  /** The first is meant where a rule names none. */
  readonly sets: readonly GateSet[]
  /** The candidate that is to be promoted. */
  readonly candidate: string
  /** What it is measured against where a rule names nothing. */
  readonly baseline: string
  readonly settings?: StatisticsSettings
}

/**
 * Applies promotion rules to what was measured. Every rule has to pass, so there is no need to adjust for their number:
 * more rules never make it likelier that a candidate is promoted by chance (the intersection-union test; R. L. Berger,
 * Technometrics 24(4), 1982).
 *
 * @throws HoneError `E_CONFIG` without rules or sets, and for a rule that names what was not measured
 */
export function evaluateGate(input: GateInput): GateVerdict {
  const { rules, sets, candidate, baseline, settings = {} } = input
  if (rules.length === 0 || sets.length === 0) {
    throw new HoneError('E_CONFIG', rules.length === 0 ? 'the gate has no rules' : 'nothing was measured', {
      hint: 'write what a candidate must reach under gate: in hone.yaml',
    })
  }
  const kept = new Map<string, FigureEvidence>()
  const verdicts = rules.map((rule): RuleVerdict => {
    try {
      const { name, table, untested, unproven } = findSet(rule.set, sets)
      const texts = findFigure(rule.metric, table.figures)
      const key = JSON.stringify([name, texts.id])
      const evidence = kept.get(key) ?? figureEvidence(table, texts.id, settings)
      kept.set(key, evidence)
      const context: RuleContext = {
        set: name,
        evidence,
        candidate: rule.candidate ?? candidate,
        settings: rule.confidence === undefined ? settings : { ...settings, confidence: rule.confidence },
      }
      const doubt = unproven?.[texts.id]
      const doubted = (verdict: RuleVerdict): RuleVerdict =>
        doubt === undefined
          ? verdict
          : { ...verdict, outcome: 'not enough data', reason: `${verdict.reason}; ${doubt}` }
      if (rule.kind === 'threshold') return doubted(judgeThreshold(rule, context))
      const judged = doubted(judgeDifference(rule, baseline, context))
      const why = untested?.[texts.id]
      // That nothing was lost says nothing where there was nothing to lose.
      if (rule.kind === 'beats' || why === undefined || judged.outcome === 'fail') return judged
      return { ...judged, outcome: 'not enough data', reason: `${judged.reason}; ${why}` }
    } catch (error) {
      if (!HoneError.isInstance(error)) throw error
      throw new HoneError(error.code, `the rule "${rule.text}" cannot be applied: ${error.message}`, {
        ...(error.hint === undefined ? {} : { hint: error.hint }),
        cause: error,
      })
    }
  })
  const outcomes = new Set(verdicts.map(({ outcome }) => outcome))
  const verdict = outcomes.has('fail')
    ? 'not promoted'
    : outcomes.has('not enough data')
      ? 'not enough data'
      : 'promoted'
  return { schema: 1, verdict, candidate, baseline, rules: verdicts }
}

function findSet(name: string | undefined, sets: GateInput['sets']): GateInput['sets'][number] {
  const found =
    name === undefined ? sets[0] : sets.find((set) => set.name.toLowerCase() === name.toLowerCase())
  if (found !== undefined) return found
  const names = sets.map((set) => set.name)
  const meant = closestWord(name ?? '', names)
  throw new HoneError('E_CONFIG', `the set "${name ?? ''}" was not measured`, {
    hint: meant === undefined ? `measured are: ${names.join(', ')}` : `did you mean "${meant}"?`,
  })
}
