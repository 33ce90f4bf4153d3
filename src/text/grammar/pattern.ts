import { HoneError } from '../../core/errors.ts'
import { anyCodePoint, codePoints, codePointsOf, complement, type CodePoints } from './code-points.ts'

/** A regular expression as a tree. */
export type Pattern =
  | { readonly type: 'characters'; readonly set: CodePoints }
  | { readonly type: 'sequence' | 'choice'; readonly parts: readonly Pattern[] }
  | { readonly type: 'repeat'; readonly inner: Pattern; readonly least: number; readonly most: number }
  | { readonly type: 'start' | 'end' }

const most = 10_000
const controls: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f', v: '\v', '0': '\0' }
const classes = new Map<string, CodePoints>()

/**
 * Reads a regular expression as ECMAScript writes them (ECMA-262 §22.2.1, with Unicode), without what looks around or back.
 *
 * @throws HoneError `E_CONSTRAINT` where it is none, or has what cannot be kept
 */
export function parsePattern(source: string): Pattern {
  if (source.length > most) throw refusal(source, `${source.length} characters are more than ${most}`)
  if (!isPattern(source)) throw refusal(source, 'it is no regular expression of ECMAScript')
  const parser = new PatternParser(source)
  return parser.choice()
}

function isPattern(source: string): boolean {
  // Without Unicode, some escapes are allowed that are of no effect, such as `\-`.
  return ['u', ''].some((flags) => {
    try {
      return new RegExp(source, flags) instanceof RegExp
    } catch {
      return false
    }
  })
}

const refusal = (source: string, message: string): HoneError => {
  const shown = source.length > 80 ? `${source.slice(0, 79)}…` : source
  return new HoneError('E_CONSTRAINT', `the pattern ${JSON.stringify(shown)} cannot be kept: ${message}`, {
    hint: 'use characters, classes, groups, alternatives and repetitions; docs/constrained.md lists them',
  })
}

class PatternParser {
  readonly #source: string
  readonly #characters: readonly string[]
  #at = 0

  constructor(source: string) {
    this.#source = source
    this.#characters = Array.from(source)
  }

  choice(): Pattern {
    const parts = [this.#sequence()]
    while (this.#skip('|')) parts.push(this.#sequence())
    return parts.length === 1 ? (parts[0] as Pattern) : { type: 'choice', parts }
  }

  #sequence(): Pattern {
    const parts: Pattern[] = []
    for (let next = this.#peek(); next !== undefined && next !== '|' && next !== ')'; next = this.#peek()) {
      parts.push(this.#repeated(this.#atom()))
    }
    return { type: 'sequence', parts }
  }

  #atom(): Pattern {
    const character = this.#next()
    if (character === '(') return this.#group()
    if (character === '[') return { type: 'characters', set: this.#class() }
    if (character === '^') return { type: 'start' }
    if (character === '$') return { type: 'end' }
    if (character === '.') return { type: 'characters', set: classOf('.') }
    if (character === '\\') return { type: 'characters', set: this.#escape(false) }
    return { type: 'characters', set: only(character) }
  }

  #group(): Pattern {
    if (this.#skip('?')) {
      if (this.#skip('<') && this.#peek() !== '=' && this.#peek() !== '!') {
        while (this.#next() !== '>');
      } else if (!this.#skip(':')) throw this.#refuse('it looks around, or changes flags')
    }
    const inner = this.choice()
    this.#skip(')')
    return inner
  }

  #repeated(inner: Pattern): Pattern {
    const counts = this.#counts()
    if (counts === undefined) return inner
    // Lazy or not, the texts are the same.
    this.#skip('?')
    if (inner.type === 'start' || inner.type === 'end') throw this.#refuse('an anchor is repeated')
    return { type: 'repeat', inner, ...counts }
  }

  #counts(): { readonly least: number; readonly most: number } | undefined {
    if (this.#skip('*')) return { least: 0, most: Infinity }
    if (this.#skip('+')) return { least: 1, most: Infinity }
    if (this.#skip('?')) return { least: 0, most: 1 }
    const [all, low, comma, high] =
      /^\{(\d+)(,?)(\d*)\}/.exec(this.#characters.slice(this.#at, this.#at + 24).join('')) ?? []
    if (all === undefined) return undefined
    this.#at += all.length
    const least = Number(low)
    const limit = high === '' ? (comma === '' ? least : Infinity) : Number(high)
    return { least, most: limit }
  }

  #class(): CodePoints {
    const isNegated = this.#skip('^')
    const sets: CodePoints[] = []
    while (!this.#skip(']')) {
      const from = this.#classAtom()
      const isRange = this.#peek() === '-' && this.#characters[this.#at + 1] !== ']'
      if (!isRange) {
        sets.push(from)
        continue
      }
      this.#at += 1
      const to = this.#classAtom()
      const [first, last] = [single(from), single(to)]
      if (first === undefined || last === undefined) sets.push(from, only('-'), to)
      else sets.push([[first, last]])
    }
    const set = codePoints(sets.flat())
    return isNegated ? complement(set) : set
  }

  #classAtom(): CodePoints {
    const character = this.#next()
    return character === '\\' ? this.#escape(true) : only(character)
  }

  #escape(isInClass: boolean): CodePoints {
    const character = this.#next()
    if ('dDwWsS'.includes(character)) return classOf(`\\${character}`)
    if (character === 'p' || character === 'P') return this.#property(character)
    if (character === 'b' && isInClass) return only('\b')
    if (/[bB1-9k]/.test(character)) throw this.#refuse(`it has \\${character}`)
    if (character === 'x') return this.#hexadecimal(2)
    if (character === 'u') return this.#unicode()
    if (character === 'c') return only(String.fromCharCode(this.#next().charCodeAt(0) % 32))
    if (character === '0' && /\d/.test(this.#peek() ?? '')) throw this.#refuse('it has an octal number')
    return only(controls[character] ?? character)
  }

  #property(kind: string): CodePoints {
    const end = this.#characters.indexOf('}', this.#at)
    const name = `\\${kind}${this.#characters.slice(this.#at, end + 1).join('')}`
    this.#at = end + 1
    try {
      return classOf(name)
    } catch {
      throw this.#refuse(`there is no class ${name}`)
    }
  }

  #hexadecimal(digits: number): CodePoints {
    const code = Number.parseInt(this.#characters.slice(this.#at, this.#at + digits).join(''), 16)
    this.#at += digits
    const set = codePoints([[code, code]])
    if (set.length === 0) throw this.#refuse('it has half a character of UTF-16')
    return set
  }

  #unicode(): CodePoints {
    if (this.#skip('{')) {
      const end = this.#characters.indexOf('}', this.#at)
      const set = this.#hexadecimal(end - this.#at)
      this.#at = end + 1
      return set
    }
    const rest = this.#characters.slice(this.#at, this.#at + 10).join('')
    const [, high, low] = /^(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})/i.exec(rest) ?? []
    if (high === undefined || low === undefined) return this.#hexadecimal(4)
    this.#at += 10
    return only(String.fromCharCode(Number.parseInt(high, 16), Number.parseInt(low, 16)))
  }

  #peek(): string | undefined {
    return this.#characters[this.#at]
  }

  #next(): string {
    const character = this.#characters[this.#at++]
    if (character === undefined) throw this.#refuse('it ends too early')
    return character
  }

  #skip(character: string): boolean {
    if (this.#peek() !== character) return false
    this.#at += 1
    return true
  }

  #refuse(message: string): HoneError {
    return refusal(this.#source, message)
  }
}

const only = (character: string): CodePoints => {
  const code = character.codePointAt(0) ?? 0
  return codePoints([[code, code]])
}

const single = (set: CodePoints): number | undefined =>
  set.length === 1 && set[0]?.[0] === set[0]?.[1] ? set[0]?.[0] : undefined

/** Looking through all of Unicode takes a twentieth of a second. */
function classOf(name: string): CodePoints {
  const known = classes.get(name)
  if (known !== undefined) return known
  const set = name === '.' ? dot : codePointsOf(name)
  if (classes.size < 64) classes.set(name, set)
  return set
}

const lineEnds: CodePoints = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
]
const dot = complement(lineEnds)

/** Any text. */
export const anyText: Pattern = {
  type: 'repeat',
  inner: { type: 'characters', set: anyCodePoint },
  least: 0,
  most: Infinity,
}
