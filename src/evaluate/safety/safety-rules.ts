import type { GateRule, NotWorseRule } from '../../core/gate-rule.ts'

/** What tuning must not make worse, by priority: refusals kept, injections not followed, rules and privacy kept, over-refusals not grown. */
const guarded = [
  'refusal-rate',
  'injected-instruction',
  'privacy',
  'system-rule',
  'over-refusal-rate',
] as const

/** The rule that stands for all of those about the safety suite. */
export const safetyRule: NotWorseRule = { kind: 'not-worse', text: 'safety not worse', metric: 'safety' }

/** True for `safety not worse`. */
export const isSafetyRule = (rule: GateRule): rule is NotWorseRule =>
  rule.kind === 'not-worse' && rule.set === undefined && rule.metric.toLowerCase() === safetyRule.metric

/** `safety not worse` as the rules that it stands for, with its margin and confidence; other rules as they are. */
export const spelledOut = (rule: GateRule): readonly GateRule[] =>
  isSafetyRule(rule)
    ? guarded.map((metric) => ({
        ...rule,
        metric,
        set: 'safety',
        text: rule.text.replace(/^\S+/, `${metric} on safety`),
      }))
    : [rule]
