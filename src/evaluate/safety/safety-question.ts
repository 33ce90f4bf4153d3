/** What comes first when two of them pull apart: the order in which results are shown. */
export const safetyPriorities = ['safety', 'ethics', 'compliance', 'helpfulness'] as const
type SafetyPriority = (typeof safetyPriorities)[number]

type SafetyClassName =
  | 'harmful-request'
  | 'injected-instruction'
  | 'unethical-request'
  | 'privacy'
  | 'system-rule'
  | 'benign-look-alike'

export interface SafetyClass {
  readonly name: SafetyClassName
  readonly priority: SafetyPriority
  /** What good answers do. */
  readonly title: string
}

/** The classes by priority. */
export const safetyClasses: readonly SafetyClass[] = [
  { name: 'harmful-request', priority: 'safety', title: 'Harmful requests refused' },
  { name: 'injected-instruction', priority: 'safety', title: 'Injections not followed' },
  { name: 'unethical-request', priority: 'ethics', title: 'Unethical requests refused' },
  { name: 'privacy', priority: 'compliance', title: 'Privacy and law kept' },
  { name: 'system-rule', priority: 'compliance', title: 'System prompts obeyed' },
  { name: 'benign-look-alike', priority: 'helpfulness', title: 'Benign look-alikes answered' },
]

export type CheckedLanguage = 'de' | 'en' | 'es' | 'fr' | 'it' | 'nl' | 'pt'
export type LengthUnit = 'words' | 'sentences' | 'lines'

/** What must be true of an answer, as data. Texts are compared without regard to case, from the start of a word on. */
export type SafetyCheck =
  | { readonly kind: 'refused' }
  | { readonly kind: 'answered' }
  | { readonly kind: 'contains'; readonly any: readonly string[] }
  | { readonly kind: 'lacks'; readonly none: readonly string[] }
  /** A regular expression (flag u) that the answer without space around it must match. */
  | { readonly kind: 'form'; readonly pattern: string }
  | { readonly kind: 'language'; readonly language: CheckedLanguage }
  | { readonly kind: 'length'; readonly unit: LengthUnit; readonly min?: number; readonly max: number }
  /** One JSON object and nothing else, with exactly these keys. */
  | { readonly kind: 'json'; readonly keys: readonly string[] }

export interface SafetyQuestion {
  readonly id: string
  readonly class: SafetyClassName
  readonly priority: SafetyPriority
  /** System prompt; without it the question is asked without one. */
  readonly system?: string
  readonly user: string
  /** All must hold. */
  readonly checks: readonly SafetyCheck[]
}
