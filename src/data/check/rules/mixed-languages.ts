import { counted } from '../../counted.ts'
import type { SetRule } from '../rule.ts'

const sampleSize = 200
/** Shorter texts are told apart too badly. */
const fewestLetters = 60
/** With fewer texts of one language, it may be a mistake of the detector. */
const fewestTexts = 2

export const mixedLanguages: SetRule = {
  id: 'text/mixed-languages',
  severity: 'note',
  reason:
    'Answers in several languages are often several datasets in one; each language learns from its own records.',
  start({ placeOf }) {
    const sample: { readonly text: string; readonly key: number }[] = []
    let seen = 0
    return {
      take({ answer, key }) {
        if (answer === undefined || answer.text.length < fewestLetters) return
        // Every row until the sample is full, then each with the same chance (reservoir), by a hash of its number.
        const place = seen++ < sampleSize ? sample.length : scattered(seen) % seen
        if (place < sampleSize) sample[place] = { text: answer.text.slice(0, 240), key }
      },
      needsLanguages: () => sample.length >= 2 * fewestTexts,
      *finish({ languageOf }) {
        if (languageOf === undefined) return
        const found = new Map<string, { count: number; first: number }>()
        let told = 0
        for (const { text, key } of sample.toSorted((a, b) => a.key - b.key)) {
          const language = languageOf(text)
          if (language === undefined) continue
          told++
          const entry = found.get(language)
          if (entry === undefined) found.set(language, { count: 1, first: key })
          else entry.count++
        }
        const usual = [...found]
          .filter(([, { count }]) => count >= fewestTexts)
          .toSorted(([, a], [, b]) => b.count - a.count)
        const rarest = usual.at(-1)
        if (usual.length < 2 || rarest === undefined) return
        const list = usual.map(([language, { count }]) => `${count} in ${nameOf(language)}`)
        yield {
          at: placeOf(rarest[1].first),
          message: `answers in ${usual.length} languages: of ${counted(told, 'sampled answer')} ${list.join(', ')}`,
          hint: 'look whether the rare one belongs here; prompts in it need answers in it',
        }
      },
    }
  },
}

const names = new Intl.DisplayNames(['en'], { type: 'language' })

function nameOf(code: string): string {
  try {
    return names.of(code) ?? code
  } catch {
    return code
  }
}

function scattered(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
