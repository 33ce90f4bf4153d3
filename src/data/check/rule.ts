import type { JsonObject } from '../../core/example.ts'
import type { ErrorPlace } from '../../core/errors.ts'
import type { Profile } from '../../profiles/profile.ts'
import type { DuplicateIndex } from './duplicate-index.ts'
import type { Finding, Severity } from '../finding.ts'
import type { LabelTally } from './label-tally.ts'
import type { RedactionGate } from '../redact/require-redacted.ts'
import type { RecordTurn } from '../records/record-turns.ts'

/** What stands behind a rule. */
interface RuleDescription {
  /** `group/name`. The group `profile` is replaced by the service of the profile that is checked for. */
  readonly id: string
  readonly severity: Severity
  /** Why the rule is there, one sentence. */
  readonly reason: string
  /** A public page that says so; of provider rules the profile's own pages are. */
  readonly source?: string
}

/** One record as rules see it. */
export interface CheckRow {
  /** Number of the line in the file, 1-based; of examples in memory, their index. */
  readonly key: number
  /** Length of the line in bytes, 0 where there is none. */
  readonly bytes: number
  readonly record: JsonObject
  /** The texts of the record, in their order. */
  readonly turns: readonly RecordTurn[]
  /** The last answer. */
  readonly answer: RecordTurn | undefined
  /** The label, where answers carry one that can be read. */
  readonly label: string | undefined
}

/** What rules about all records together see of one. */
export interface SetRow extends Pick<CheckRow, 'key' | 'label'> {
  readonly answer: { readonly text: string } | undefined
}

/** What the target of the check is able to do with texts, where it is known exactly. */
export interface TargetModel {
  readonly name: string
  /** Tokens that fit. */
  readonly context: number
  /** Strings that the model's template uses between messages. */
  readonly controlTokens: readonly string[]
  /**
   * Tokens of a record: of the whole, and before the last answer. `undefined` where it cannot be rendered. Exact, and slow:
   * only asked where the bytes of the record leave it open.
   */
  countTokens(turns: readonly RecordTurn[]): { readonly all: number; readonly prompt: number } | undefined
}

/** What a check is asked to do. */
export interface CheckSettings {
  readonly profile?: Profile | undefined
  /** Absent for examples in memory. */
  readonly file?: { readonly name: string; readonly bytes: number } | undefined
  /** Which of a job's files this is. Default `training`. */
  readonly part?: 'training' | 'validation' | undefined
  readonly labelOf?: ((row: Omit<CheckRow, 'label'>) => string | undefined) | undefined
  /** Labels that are declared. */
  readonly labels?: readonly string[] | undefined
  /** Says what is wrong with an answer that must obey a schema. */
  readonly answerFaults?: ((answer: unknown) => readonly SchemaFault[]) | undefined
  readonly target?: TargetModel | undefined
  /** Finds personal data, where it is asked for: it takes long. */
  readonly privacy?: RedactionGate | undefined
  /** What another file of the same task holds: the validation data of this training data. */
  readonly against?:
    | { readonly name: string; readonly labels: LabelTally; readonly records: number }
    | undefined
  /** The name of a record in messages. */
  readonly nameOf: (key: number) => string
  readonly placeOf: (key: number) => ErrorPlace
}

export interface SchemaFault {
  /** JSON pointer into the answer. */
  readonly pointer: string
  readonly message: string
}

/** Reports that a rule is broken at a JSON pointer into the record. */
export type RowReport = (pointer: string, message: string, hint?: string) => void

/** What it says about a record must not depend on the records before: they may be checked in another thread. */
export type RecordCheck = (row: CheckRow, report: RowReport) => void

/** A rule about single records. A new one is a file in `rules/` and a line in `record-rules.ts`. */
export interface RecordRule extends RuleDescription {
  /**
   * Texts without one of which the rule cannot be broken, so that most records need not be looked at. They must not
   * hold characters that JSON escapes.
   */
  readonly needles?: readonly string[] | ((settings: CheckSettings) => readonly string[])
  /** True where a plain record (`isPlainRecord`) cannot break it. */
  readonly isAboutForm?: true
  /** True where what it finds must not be quoted. */
  readonly hidesText?: true
  /** The check itself, `undefined` where the rule does not apply under these settings. */
  start(settings: CheckSettings): RecordCheck | undefined
  /** What the fix does, in words. */
  readonly fixWords?: string
  /** The record as it should be, `undefined` where it cannot be mended or is right. Never changes its argument. */
  readonly fix?: (record: JsonObject, settings: CheckSettings) => JsonObject | undefined
}

/** What is known once all records were seen. */
interface CheckSummary {
  /** Records that are JSON objects. */
  readonly records: number
  readonly file: FileFacts | undefined
  /** Language of a text as an ISO 639-1 code, where it can be told. Given where a rule needs it. */
  readonly languageOf: LanguageOf | undefined
}

export interface FileFacts {
  readonly lines: number
  readonly blankLines: number
  readonly firstBlank: number
  readonly carriageReturns: number
  readonly firstCarriageReturn: number
  readonly hasByteOrderMark: boolean
}

export type LanguageOf = (text: string) => string | undefined

interface SetCheck {
  /** True where `finish` would ask for the language of texts. */
  readonly needsLanguages?: () => boolean
  /** Sees every record; keeps bounded state, or a few bytes for each record in typed arrays. */
  readonly take?: (row: SetRow) => void
  readonly finish: (summary: CheckSummary) => Iterable<Omit<Finding, 'id' | 'severity'>>
}

/** What rules over sets share, so that it is computed once. */
interface SharedState {
  readonly duplicates: DuplicateIndex
  readonly labels: LabelTally
}

/** A rule about all records together, or the file that they stand in. A new one is a file in `rules/` and a line in `set-rules.ts`. */
export interface SetRule extends RuleDescription {
  start(settings: CheckSettings, shared: SharedState): SetCheck | undefined
  readonly fixWords?: string
}

/** The id under which a rule's findings are reported. */
export function ruleId(id: string, profile: Profile | undefined): string {
  return id.startsWith('profile/') ? `${profile?.service ?? 'local'}${id.slice('profile'.length)}` : id
}
