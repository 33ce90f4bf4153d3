import { createHash } from 'node:crypto'

/** How many strings and conversations the committed goldens cover. */
export const goldenCounts = { strings: 3000, conversations: 300 } as const

const hashLength = 6

/** The first six hexadecimal digits of the SHA-256 of a text, or of token ids with commas between them. */
function goldenHash(value: string | readonly number[]): string {
  const text = typeof value === 'string' ? value : value.join(',')
  return createHash('sha256').update(text).digest('hex').slice(0, hashLength)
}

/** The places at which hashes differ from a golden, which is all hashes in one string. */
export function differences(values: readonly (string | readonly number[])[], golden: string): number[] {
  if (values.length === 0 || golden.length !== values.length * hashLength) {
    throw new Error(`${values.length} values, but ${golden.length / hashLength} goldens`)
  }
  return values.flatMap((value, index) => {
    const expected = golden.slice(index * hashLength, (index + 1) * hashLength)
    return goldenHash(value) === expected ? [] : [index]
  })
}
