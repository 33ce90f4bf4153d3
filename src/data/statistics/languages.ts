import type { CountedValue } from './value-tally.ts'
import { ValueTally } from './value-tally.ts'

export interface LanguageStatistics {
  /** Texts that were looked at. */
  readonly sampled: number
  /** ISO 639-1 codes; `?` where no language is likely. */
  readonly counts: readonly CountedValue[]
}

const fewestCharacters = 20

/**
 * The languages of a sample of texts, by the n-grams of eld. Texts of fewer than 20 characters say too little and count as
 * `?`.
 */
export async function languagesOf(texts: readonly string[]): Promise<LanguageStatistics> {
  // Its tables take a quarter of a second and 60 MB: only where they are wanted.
  const { eld } = await import('eld/small')
  const tally = new ValueTally(100)
  for (const text of texts) {
    const result = text.trim().length < fewestCharacters ? undefined : eld.detect(text)
    tally.add(result?.isReliable() === true ? result.language : '?')
  }
  return { sampled: texts.length, counts: tally.sorted() }
}
