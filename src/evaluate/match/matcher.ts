/** How a value of a record is compared with the expected one. */
export type Matcher = ScalarMatcher | ObjectMatcher | SetMatcher | ListMatcher

export type ScalarMatcher =
  /** Equal as JSON. */
  | { readonly match: 'exact' }
  /** The same text; case, white space, quotes around it and closing punctuation are free. */
  | { readonly match: 'text' }
  /** Credit for how much of the text is the same, by edits. */
  | { readonly match: 'similar' }
  /** A number, or a text that is one, within the greater of two tolerances. */
  | { readonly match: 'number'; readonly tolerance?: number; readonly relative?: number }
  /** The same day, however it is written; `01/02/2025` needs to be told which comes first. */
  | { readonly match: 'date'; readonly order?: DateOrder }
  /** One of some values; case and white space are free, any other answer is wrong. */
  | { readonly match: 'enum'; readonly values: readonly string[] }
  /** A code of ICD-10-CM, with credit for what lies near it. */
  | { readonly match: 'icd-10-cm' }

export type DateOrder = 'day-first' | 'month-first'

/** An object, member by member: the credit is the mean over them. */
export interface ObjectMatcher {
  readonly match: 'object'
  readonly fields: Readonly<Record<string, ScalarMatcher>>
}

/** Values whose order and repeats do not count; each is there or not. */
export interface SetMatcher {
  readonly match: 'set'
  /** Default: text. */
  readonly of?: ScalarMatcher | ObjectMatcher
}

/** Values that are paired so that they agree best, with credit for a pair that agrees in part. */
export interface ListMatcher {
  readonly match: 'list'
  /** Default: text. */
  readonly of?: ScalarMatcher | ObjectMatcher
}

/** A member of the answer, by its name or by a JSON pointer (RFC 6901), and how it is compared. */
export type FieldRule = Matcher & { readonly field: string }
