import type { Random } from '../../lib/random.ts'
import type { NumberRun } from './number-run.ts'

/** Kinds that belong together; a policy can name a group instead of each of its kinds. */
export const kindGroups = [
  'contact',
  'person',
  'financial',
  'national-id',
  'health',
  'network',
  'secret',
] as const

type KindGroup = (typeof kindGroups)[number]

/** Where something was found: characters (UTF-16 code units) `start` to `end`, not included, of a text. */
export interface Span {
  readonly start: number
  readonly end: number
  readonly kind: string
}

/** Takes what a detector found. */
export type Found = (start: number, end: number) => void

/** What a detector may look at. */
export interface DetectorInput {
  readonly text: string
  /** ISO 3166 code of the country whose national numbers are written without a prefix. */
  readonly country: string | undefined
}

/** What a run of characters without a space holds. */
export const tokenFlag = { at: 1, colon: 2, digit: 4, long: 8, letter: 16, scheme: 32 } as const

/**
 * Finds one kind of personal data. A new kind is one file in `detectors/` and a line in `detectors.ts`. A text is read
 * once, by `Scan`; detectors are called where it saw what may interest them, so that text without any costs nothing.
 */
export interface Detector {
  /** The kind, as policies and reports name it. */
  readonly kind: string
  readonly group: KindGroup
  /** The kind in words. */
  readonly title: string
  /** What is found, in one sentence. */
  readonly covers: string
  /** What is not found, in one sentence. */
  readonly misses: string
  /** Called for runs without a space that have all of these flags. */
  readonly token?: {
    readonly flags: number
    readonly find: (input: DetectorInput, start: number, end: number, found: Found) => void
  }
  /** Called at each of these words, which are in lower case and letters only. */
  readonly words?: {
    readonly list: readonly string[]
    readonly find: (input: DetectorInput, start: number, end: number, found: Found) => void
  }
  /** Called for runs of digits and their separators that have so many digits. */
  readonly numbers?: {
    readonly least: number
    readonly find: (input: DetectorInput, run: NumberRun, found: Found) => void
  }
  /** One form of all the ways to write a value, so that each way gets the same pseudonym. Default: lower case. */
  readonly normalized?: (value: string) => string
  /** A made-up value of the same form, out of a range that belongs to nobody and that this detector leaves alone. */
  readonly pseudonym: (value: string, random: Random) => string
}
