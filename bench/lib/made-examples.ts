import { closeSync, openSync, writeSync } from 'node:fs'
import { createRandom, type Random } from '../../src/lib/random.ts'

export interface MadeExamples {
  readonly rows: number
  /** `long` rows have about 1,000 bytes, `short` ones about 200. */
  readonly length: 'short' | 'long'
  readonly seed?: number
}

const system = 'Route the message of the customer to one desk. Answer with the name of the desk alone.'
const labels =
  'billing claims fraud travel property motor health legal renewal complaint address other'.split(' ')
const chunkBytes = 1 << 20

/**
 * Writes a JSONL file of made-up conversations, the same for the same seed: of words that a generator made, with the
 * frequencies of words (Zipf). Two in a hundred rows repeat an earlier one, three in a hundred do but for one word, five
 * hold an address of e-mail and a telephone number.
 *
 * @returns the bytes written
 */
export function writeMadeExamples(file: string, { rows, length, seed = 7 }: MadeExamples): number {
  const random = createRandom(seed)
  const words = makeWords(random.fork('words'))
  const recent: string[][] = []
  const output = openSync(file, 'w')
  let bytes = 0
  let pending: string[] = []
  let pendingLength = 0
  const flush = (): void => {
    bytes += writeSync(output, pending.join(''))
    pending = []
    pendingLength = 0
  }
  try {
    for (let row = 0; row < rows; row++) {
      const text = rowText(random, words, recent, length === 'long' ? 120 : 16)
      const label = labels[random.integer(labels.length)] ?? ''
      const messages = [
        { role: 'user', content: text },
        { role: 'assistant', content: label },
      ]
      const line = `${JSON.stringify({ system, messages })}\n`
      pending.push(line)
      pendingLength += line.length
      if (pendingLength >= chunkBytes) flush()
    }
    flush()
  } finally {
    closeSync(output)
  }
  return bytes
}

function rowText(random: Random, words: readonly string[], recent: string[][], mean: number): string {
  const kind = random.integer(100)
  const earlier = recent[random.integer(1000)]
  if (kind < 5 && earlier !== undefined) {
    if (kind < 2) return earlier.join(' ')
    const changed = [...earlier]
    changed[random.integer(changed.length)] = wordOf(random, words)
    return changed.join(' ')
  }
  const made = Array.from({ length: (mean >> 1) + random.integer(mean) }, () => wordOf(random, words))
  if (kind < 10) {
    made.push(
      `mail ${wordOf(random, words)}.${wordOf(random, words)}@example.org or call +44 20 7946 0${100 + random.integer(900)}`,
    )
  }
  recent[random.integer(1000)] = made
  return made.join(' ')
}

const wordOf = (random: Random, words: readonly string[]): string =>
  // The inverse of Zipf's distribution, cut at the number of words.
  words[Math.floor(words.length ** random.next()) - 1] ?? ''

function makeWords(random: Random): string[] {
  const syllables = 'ba re ti no lu ka se mo di pa ro ne ga vi su le fo ni ta de'.split(' ')
  const words = new Set<string>()
  while (words.size < 20_000) {
    const parts = Array.from(
      { length: 1 + random.integer(4) },
      () => syllables[random.integer(syllables.length)],
    )
    words.add(parts.join('') + (random.integer(3) === 0 ? 's' : ''))
  }
  return [...words]
}
