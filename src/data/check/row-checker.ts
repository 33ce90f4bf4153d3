import type { JsonObject } from '../../core/example.ts'
import type { Profile } from '../../profiles/profile.ts'
import { sources } from '../../profiles/sources.ts'
import { excerpt } from '../excerpt.ts'
import type { FindingSink } from '../finding.ts'
import { FormatFinder } from '../records/format-finder.ts'
import { isPlainRecord } from './plain-record.ts'
import { lastAnswer, recordTurns, turnsByFormat } from '../records/record-turns.ts'
import { recordRules } from './record-rules.ts'
import {
  ruleId,
  type CheckRow,
  type CheckSettings,
  type RecordCheck,
  type RecordRule,
  type RowReport,
} from './rule.ts'

export interface ActiveRule {
  readonly rule: RecordRule
  readonly id: string
  readonly check: RecordCheck
  readonly report: RowReport
  /** Bits of its needles; 0 where the rule looks at every record. */
  readonly mask: number
}

/** A text that makes rules look at a record. */
export interface Needle {
  readonly bytes: Buffer
  readonly bit: number
}

/** What a rule says about a record. */
export interface Said {
  readonly pointer: string
  readonly message: string
  readonly hint: string | undefined
}

/** Bits are those of a 32-bit number; needles beyond that share the last one. */
const lastBit = 30

/** Applies the rules about single records. */
export class RowChecker {
  readonly settings: CheckSettings
  readonly needles: readonly Needle[]
  readonly rules: readonly ActiveRule[]
  readonly #rulesOfPlain: readonly ActiveRule[]
  readonly #forms = new FormatFinder()
  #row: CheckRow | undefined

  constructor(
    settings: CheckSettings,
    onFinding: (row: CheckRow, active: ActiveRule, said: Said) => void = () => undefined,
  ) {
    this.settings = settings
    const bits = new Map<string, number>()
    const rules: ActiveRule[] = []
    for (const rule of recordRules) {
      const check = rule.start(settings)
      if (check === undefined) continue
      const needles = typeof rule.needles === 'function' ? rule.needles(settings) : (rule.needles ?? [])
      let mask = 0
      for (const needle of needles) {
        if (!bits.has(needle)) bits.set(needle, Math.min(bits.size + 1, lastBit))
        mask |= 1 << (bits.get(needle) ?? lastBit)
      }
      // Bit 0: the line has an escape, in which any text may hide.
      const active: ActiveRule = {
        rule,
        check,
        id: ruleId(rule.id, settings.profile),
        mask: needles.length > 0 ? mask | 1 : 0,
        // Made once for each rule: a function for each record and rule would cost more than most rules.
        report: (pointer, message, hint) => {
          if (this.#row !== undefined) onFinding(this.#row, active, { pointer, message, hint })
        },
      }
      rules.push(active)
    }
    this.rules = rules
    this.#rulesOfPlain = rules.filter(({ rule }) => rule.isAboutForm !== true)
    const escape: Needle = { bytes: Buffer.from('\\u'), bit: 1 }
    const others = [...bits].filter(([needle]) => needle !== '\\u')
    this.needles = [escape, ...others.map(([needle, bit]) => ({ bytes: Buffer.from(needle), bit: 1 << bit }))]
  }

  /** The record as rules see it. */
  rowOf(record: JsonObject, key: number, bytes: number): CheckRow {
    let turns = recordTurns(record)
    let answer = lastAnswer(turns)
    // Of forms that keep texts elsewhere, such as `history` of Alpaca, the reader of that form knows where.
    if (answer === undefined || record['history'] !== undefined) {
      turns = turnsByFormat(record, this.#forms) ?? turns
      answer = lastAnswer(turns)
    }
    const row = {
      key,
      bytes,
      record,
      turns,
      answer,
      label: undefined as string | undefined,
    }
    row.label = this.settings.labelOf?.(row)
    return row
  }

  /** Runs every rule for which the record has a needle. */
  check(row: CheckRow, suspects: number): void {
    this.#row = row
    const shape = this.settings.profile?.record
    const rules = shape !== undefined && isPlainRecord(row.record, shape) ? this.#rulesOfPlain : this.rules
    for (const active of rules) {
      if (active.mask === 0 || (active.mask & suspects) !== 0) active.check(row, active.report)
    }
  }

  /** True where the rule finds nothing. */
  passes({ check }: ActiveRule, row: CheckRow): boolean {
    let found = 0
    check(row, () => found++)
    return found === 0
  }
}

/** The public page that a rule rests on, for a profile. */
export function ruleSource(
  rule: { readonly id: string; readonly source?: string },
  profile: Profile | undefined,
): string | undefined {
  if (rule.source !== undefined) return rule.source
  return rule.id.startsWith('profile/') && profile !== undefined
    ? sources[profile.record.source].url
    : undefined
}

/** Puts what a rule says into a collector, with place, excerpt and fix. */
export function collectFinding(
  collector: FindingSink,
  checker: RowChecker,
  finding: Said & { readonly file: string; readonly row: CheckRow; readonly active: ActiveRule },
): void {
  const { file, row, active, pointer, message, hint } = finding
  const { id, rule } = active
  const shown = collector.keepsMoreOf(id) ? excerptAt(row.record, pointer) : undefined
  collector.add({
    id,
    severity: rule.severity,
    at: { file, line: row.key, ...(pointer === '' ? {} : { pointer }) },
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(shown === undefined || rule.hidesText === true ? {} : { excerpt: shown }),
    ...(isMendable(checker, active, row) ? { fix: rule.fixWords ?? '' } : {}),
  })
}

function isMendable(checker: RowChecker, active: ActiveRule, row: CheckRow): boolean {
  const mended = active.rule.fix?.(row.record, checker.settings)
  return mended !== undefined && checker.passes(active, checker.rowOf(mended, row.key, row.bytes))
}

/** What stands at a pointer of a record, as a short quotation. */
function excerptAt(record: JsonObject, pointer: string): string | undefined {
  if (pointer === '') return undefined
  let value: unknown = record
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as JsonObject)[key]
  }
  if (typeof value === 'string') return excerpt(value, 60)
  try {
    return excerpt(JSON.stringify(value), 60)
      .slice(1)
      .replace(/"(…?)$/, '$1')
  } catch {
    return undefined
  }
}
