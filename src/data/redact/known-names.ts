import { isMadeUpName } from './detectors/pseudonym-names.ts'
import { notNames } from './detectors/name-words.ts'
import type { Span } from './detector.ts'

const shortest = 3
/** A record with more is a list of names, of which each is found by itself or not. */
const mostNames = 300

/** The names found in a record: wherever else they stand in it, whole or in part, they are found too. */
export class KnownNames {
  readonly #names = new Set<string>()

  get size(): number {
    return this.#names.size
  }

  add(name: string): void {
    const parts = name
      .split(/[ ,]+/)
      .filter((part) => /^\p{Lu}/u.test(part) && part.length >= shortest && !part.endsWith('.'))
    for (const part of parts) {
      if (this.#names.size >= mostNames) return
      if (!notNames.has(part.toLowerCase()) && !isMadeUpName(part)) this.#names.add(part)
    }
  }

  find(text: string): Span[] {
    const spans: Span[] = []
    for (const name of this.#names) {
      for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + name.length)) {
        const end = at + name.length
        if (isWordPart(text.charAt(at - 1)) || isWordPart(text.charAt(end))) continue
        spans.push({ start: at, end, kind: 'name' })
      }
    }
    return spans
  }
}

const isWordPart = (character: string): boolean => /[\p{L}\p{M}\d_]/u.test(character)
