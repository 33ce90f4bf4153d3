import { tokenFlag, type Detector, type DetectorInput, type Span } from './detector.ts'
import { numberRunAt } from './number-run.ts'
import { Scan } from './scan.ts'

/** Finds personal data in texts, with a chosen set of detectors. */
export class SpanFinder {
  readonly #scan: Scan
  readonly #byWord = new Map<string, Detector[]>()
  readonly #tokens: readonly Detector[]
  readonly #numbers: readonly Detector[]
  readonly #order: ReadonlyMap<string, number>
  readonly #country: string | undefined

  constructor(detectors: readonly Detector[], country?: string) {
    for (const detector of detectors) {
      for (const word of detector.words?.list ?? []) {
        const known = this.#byWord.get(word)
        if (known === undefined) this.#byWord.set(word, [detector])
        else known.push(detector)
      }
    }
    this.#scan = new Scan(this.#byWord.keys())
    this.#tokens = detectors.filter(({ token }) => token !== undefined)
    this.#numbers = detectors
      .filter(({ numbers }) => numbers !== undefined)
      .toSorted((a, b) => (a.numbers?.least ?? 0) - (b.numbers?.least ?? 0))
    this.#order = new Map(detectors.map(({ kind }, index) => [kind, index]))
    this.#country = country
  }

  /**
   * What is in a text, in order, without overlaps: finds that overlap become one from the first character to the last,
   * of the kind of the longest, and of the earlier in the list of detectors where they are equally long.
   */
  find(text: string): readonly Span[] {
    const scan = this.#scan
    if (!scan.read(text)) return none
    const spans: Span[] = []
    const input = { text, country: this.#country }
    this.#findByToken(input, spans)
    for (let at = 0; at < scan.wordsEnd; at += 2) {
      const start = scan.words[at]!
      const end = scan.words[at + 1]!
      for (const { kind, words } of this.#byWord.get(text.slice(start, end).toLowerCase()) ?? []) {
        words?.find(input, start, end, (from, to) => spans.push({ start: from, end: to, kind }))
      }
    }
    return spans.length < 2 ? spans : merged(spans, this.#order)
  }

  #findByToken(input: DetectorInput, spans: Span[]): void {
    const { tokens, tokensEnd } = this.#scan
    let runEnd = 0
    for (let at = 0; at < tokensEnd; at += 3) {
      const start = tokens[at]!
      const end = tokens[at + 1]!
      const flags = tokens[at + 2]!
      const hasNumbers = (flags & tokenFlag.digit) !== 0 && !isShortNumber(input.text, start, end)
      for (const { kind, token } of this.#tokens) {
        if (token === undefined || (flags & token.flags) !== token.flags) continue
        token.find(input, start, end, (from, to) => spans.push({ start: from, end: to, kind }))
      }
      if (!hasNumbers) continue
      while (runEnd < end) {
        const run = numberRunAt(input.text, Math.max(start, runEnd))
        if (run === undefined || run.start >= end) break
        runEnd = run.end
        for (const { kind, numbers } of this.#numbers) {
          if (numbers === undefined || run.digits < numbers.least) break
          numbers.find(input, run, (from, to) => spans.push({ start: from, end: to, kind }))
        }
      }
    }
  }
}

/** At most three characters that no digit follows: too short for any detector of numbers, and the most frequent ones. */
function isShortNumber(text: string, start: number, end: number): boolean {
  if (end - start > 3) return false
  const next = text.charCodeAt(end)
  const second = text.charCodeAt(end + 1)
  // A bracket is a separator too, and one or two of them can stand before the next digit.
  return (
    !(next >= 0x28 && next <= 0x39) &&
    !(second >= 0x28 && second <= 0x39) &&
    !(second >= 0x2010 && second <= 0x2013)
  )
}

const none: readonly Span[] = []

/** See `SpanFinder.find`. */
function merged(spans: readonly Span[], order: ReadonlyMap<string, number>): Span[] {
  const rank = ({ kind }: Span): number => order.get(kind) ?? order.size
  const better = (a: Span, b: Span): boolean => {
    const longer = a.end - a.start - (b.end - b.start)
    return longer > 0 || (longer === 0 && rank(a) < rank(b))
  }
  const sorted = spans.toSorted((a, b) => a.start - b.start || b.end - a.end)
  const result: Span[] = []
  let best: Span | undefined
  let start = 0
  let end = 0
  for (const span of sorted) {
    if (best === undefined || span.start >= end) {
      if (best !== undefined) result.push({ start, end, kind: best.kind })
      best = span
      ;({ start, end } = span)
      continue
    }
    if (better(span, best)) best = span
    end = Math.max(end, span.end)
  }
  if (best !== undefined) result.push({ start, end, kind: best.kind })
  return result
}
