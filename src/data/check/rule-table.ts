import { profiles } from '../../profiles/profiles.ts'
import type { Profile } from '../../profiles/profile.ts'
import { DuplicateIndex } from './duplicate-index.ts'
import { LabelTally } from './label-tally.ts'
import { readingRules } from '../records/reading-rules.ts'
import { recordRules } from './record-rules.ts'
import { ruleSource } from './row-checker.ts'
import { ruleId, type CheckSettings, type RecordRule, type SetRule } from './rule.ts'
import type { SarifRule } from './sarif.ts'
import { setRules } from './set-rules.ts'

/** A rule as documentation and reports name it. */
export interface DescribedRule extends SarifRule {
  /** What `--fix` does. */
  readonly fix: string | undefined
  /** Profiles for which it applies; empty for rules about any data. */
  readonly profiles: readonly string[]
}

/** Every rule that a check can report, by id, from the registries themselves. */
export function describedRules(): DescribedRule[] {
  const rows = new Map<string, DescribedRule>()
  for (const [id, { severity, reason }] of Object.entries(readingRules)) {
    rows.set(id, { id, severity, reason, fix: id === 'json/syntax' ? commaFix : undefined, profiles: [] })
  }
  for (const rule of [...recordRules, ...setRules]) {
    for (const profile of rule.id.startsWith('profile/') ? profiles : [undefined]) {
      if (profile !== undefined && !applies(rule, profile)) continue
      const id = ruleId(rule.id, profile)
      const known = rows.get(id)
      rows.set(id, {
        id,
        severity: rule.severity,
        reason: rule.reason,
        source: known?.source ?? ruleSource(rule, profile),
        fix: rule.fixWords,
        profiles: [...(known?.profiles ?? []), ...(profile === undefined ? [] : [profile.id])],
      })
    }
  }
  return [...rows.values()].toSorted((a, b) => a.id.localeCompare(b.id, 'en'))
}

const commaFix = 'a comma before a closing bracket or after the record is taken away'

function applies(rule: RecordRule | SetRule, profile: Profile): boolean {
  const settings: CheckSettings = {
    profile,
    file: { name: 'x.jsonl', bytes: 1 },
    nameOf: String,
    placeOf: () => ({}),
  }
  return rule.start(settings, { duplicates: new DuplicateIndex(), labels: new LabelTally() }) !== undefined
}
