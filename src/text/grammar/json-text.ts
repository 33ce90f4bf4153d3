import { anyCodePoint, codePoints, complement, difference, utf8Of, type CodePoints } from './code-points.ts'
import { empty, nothing, type Expression, type Expressions } from './expressions.ts'

/** White space in one place: enough for an indented text, and an end to a model that writes nothing else. */
export const mostWhiteSpace = 32
/** Digits of a number before the point, after it, and of its exponent: as many as are read back exactly, and no infinity. */
export const numberDigits = { whole: 15, fraction: 15, exponent: 2 } as const

const escapedByName: readonly (readonly [point: number, written: string])[] = [
  [0x08, '\\b'],
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0c, '\\f'],
  [0x0d, '\\r'],
  [0x22, '\\"'],
  [0x5c, '\\\\'],
]
const mustBeEscaped = codePoints([
  [0, 0x1f],
  [0x22, 0x22],
  [0x5c, 0x5c],
])

/** Texts of JSON (RFC 8259) as languages. */
export class JsonText {
  readonly expressions: Expressions
  readonly whiteSpace: Expression
  /** One character of a text in each way in which it can be written; one that takes two escapes included. */
  readonly character: Expression
  /** @param rules where rules are noted, to be looked through in the end */
  readonly #rules: Expression[]
  #any: Expression | undefined

  constructor(expressions: Expressions, rules: Expression[]) {
    this.expressions = expressions
    this.#rules = rules
    this.whiteSpace = expressions.repeat(
      expressions.bytes([
        [0x09, 0x0a],
        [0x0d, 0x0d],
        [0x20, 0x20],
      ]),
      0,
      mostWhiteSpace,
    )
    this.character = this.#anyCharacter()
  }

  /** Characters as `JSON.stringify` writes them, each in one way only. */
  readonly write = (expressions: Expressions, set: CodePoints): Expression => {
    const has = (point: number): boolean => set.some(([first, last]) => point >= first && point <= last)
    const named = escapedByName.flatMap(([point, written]) => (has(point) ? [expressions.text(written)] : []))
    const numbered = Array.from({ length: 0x20 }, (_, point) => point)
      .filter((point) => has(point) && !escapedByName.some(([other]) => other === point))
      .map((point) => expressions.text(JSON.stringify(String.fromCharCode(point)).slice(1, -1)))
    return expressions.choice(utf8Of(expressions, difference(set, mustBeEscaped)), ...named, ...numbered)
  }

  /** A text of so many characters (code points, as JSON Schema counts). */
  string(least: number, most: number): Expression {
    return this.quoted(this.expressions.repeat(this.character, least, most))
  }

  quoted(content: Expression): Expression {
    const quote = this.expressions.text('"')
    return this.expressions.sequence(quote, content, quote)
  }

  /** Any text but these. */
  stringOtherThan(texts: readonly string[]): Expression {
    const { expressions } = this
    const rest = expressions.repeat(this.write(expressions, anyCodePoint), 0, Infinity)
    const otherThan = (taken: readonly (readonly string[])[]): Expression => {
      if (taken.length === 0) return rest
      const byFirst = new Map<string, (readonly string[])[]>()
      for (const [first, ...others] of taken) {
        if (first !== undefined) byFirst.set(first, [...(byFirst.get(first) ?? []), others])
      }
      const firsts = codePoints(
        [...byFirst.keys()].map((first) => [first.codePointAt(0) ?? 0, first.codePointAt(0) ?? 0]),
      )
      const ends = taken.some((text) => text.length === 0) ? nothing : empty
      return expressions.choice(
        ends,
        expressions.sequence(this.write(expressions, complement(firsts)), rest),
        ...[...byFirst].map(([first, others]) => {
          const point = first.codePointAt(0) ?? 0
          return expressions.sequence(this.write(expressions, [[point, point]]), otherThan(others))
        }),
      )
    }
    return this.quoted(otherThan(texts.map((text) => Array.from(text))))
  }

  digits(least: number, most: number): Expression {
    return this.expressions.repeat(this.expressions.bytes([[0x30, 0x39]]), least, most)
  }

  integer(): Expression {
    const { expressions } = this
    const positive = expressions.sequence(
      expressions.bytes([[0x31, 0x39]]),
      this.digits(0, numberDigits.whole - 1),
    )
    return expressions.sequence(
      expressions.optional(expressions.text('-')),
      expressions.choice(expressions.text('0'), positive),
    )
  }

  number(): Expression {
    const { expressions } = this
    const letter = expressions.bytes([
      [0x45, 0x45],
      [0x65, 0x65],
    ])
    const sign = expressions.bytes([
      [0x2b, 0x2b],
      [0x2d, 0x2d],
    ])
    return expressions.sequence(
      this.integer(),
      expressions.optional(
        expressions.sequence(expressions.text('.'), this.digits(1, numberDigits.fraction)),
      ),
      expressions.optional(
        expressions.sequence(letter, expressions.optional(sign), this.digits(1, numberDigits.exponent)),
      ),
    )
  }

  /** This very value, its keys in this order. */
  value(value: unknown): Expression {
    if (Array.isArray(value)) return this.array(value.map((each) => this.value(each)))
    if (typeof value !== 'object' || value === null) return this.expressions.text(JSON.stringify(value))
    return this.object(
      Object.entries(value).map(([key, each]) => ({ key: this.value(key), value: this.value(each) })),
    )
  }

  /** Any value at all. */
  any(): Expression {
    if (this.#any !== undefined) return this.#any
    const { expressions } = this
    const rule = expressions.rule()
    this.#any = rule
    this.#rules.push(rule)
    const words = ['true', 'false', 'null'].map((word) => expressions.text(word))
    const parts = [this.string(0, Infinity), this.number(), ...words, this.array([], rule), this.anyObject()]
    expressions.define(rule, expressions.choice(...parts))
    return rule
  }

  anyObject(): Expression {
    return this.object([], { key: this.string(0, Infinity), value: this.any() })
  }

  /**
   * @param members in this order, those that are optional may be left out
   * @param more members after these, as many as wanted
   */
  object(
    members: readonly { readonly key: Expression; readonly value: Expression; readonly optional?: boolean }[],
    more?: { readonly key: Expression; readonly value: Expression },
  ): Expression {
    const { expressions } = this
    const member = ({ key, value }: { readonly key: Expression; readonly value: Expression }): Expression =>
      this.#spaced(key, expressions.text(':'), value)
    const further = (one: Expression): Expression =>
      expressions.sequence(this.whiteSpace, expressions.text(','), this.whiteSpace, one)
    // What is left: after a member, and before any, there at least one.
    let after = more === undefined ? empty : expressions.repeat(further(member(more)), 0, Infinity)
    let some = more === undefined ? nothing : expressions.sequence(member(more), after)
    for (const each of members.toReversed()) {
      const first = expressions.sequence(member(each), after)
      const next = expressions.sequence(further(member(each)), after)
      some = each.optional === true ? expressions.choice(first, some) : first
      after = each.optional === true ? expressions.choice(next, after) : next
    }
    const mayBeEmpty = members.every(({ optional }) => optional === true)
    return this.#enclosed('{', some, '}', mayBeEmpty)
  }

  /**
   * @param items one for each place
   * @param more of the items after these
   * @param least of all items: those above beyond it may be left out
   */
  array(
    items: readonly Expression[],
    more: Expression = nothing,
    least: number = items.length,
    most: number = Infinity,
  ): Expression {
    const { expressions } = this
    const further = (one: Expression): Expression =>
      one === nothing
        ? nothing
        : expressions.sequence(this.whiteSpace, expressions.text(','), this.whiteSpace, one)
    const places = Math.min(items.length, most)
    const moreLeast = Math.max(0, least - items.length)
    const moreMost = Math.max(0, most - items.length)
    let after = expressions.repeat(further(more), moreLeast, moreMost)
    let some =
      moreMost === 0
        ? nothing
        : expressions.sequence(
            more,
            expressions.repeat(further(more), Math.max(0, moreLeast - 1), moreMost - 1),
          )
    for (let place = places - 1; place >= 0; place--) {
      const item = items[place] ?? nothing
      const mayEnd = place >= least ? empty : nothing
      some = expressions.sequence(item, after)
      after = expressions.choice(expressions.sequence(further(item), after), mayEnd)
    }
    return this.#enclosed('[', some, ']', least === 0)
  }

  #enclosed(open: string, some: Expression, close: string, mayBeEmpty: boolean): Expression {
    const { expressions } = this
    const inside = expressions.choice(
      expressions.sequence(some, this.whiteSpace),
      mayBeEmpty ? empty : nothing,
    )
    return expressions.sequence(expressions.text(open), this.whiteSpace, inside, expressions.text(close))
  }

  #spaced(...parts: readonly Expression[]): Expression {
    return this.expressions.sequence(
      ...parts.flatMap((part, index) => (index === 0 ? [part] : [this.whiteSpace, part])),
    )
  }

  #anyCharacter(): Expression {
    const { expressions } = this
    const digit = [
      [0x30, 0x39],
      [0x41, 0x46],
      [0x61, 0x66],
    ] as const
    const hex = (ranges: readonly (readonly [number, number])[] = digit): Expression =>
      expressions.bytes(ranges)
    const letters = (text: string): Expression =>
      expressions.bytes(Array.from(text, (letter) => [letter.charCodeAt(0), letter.charCodeAt(0)] as const))
    const escape = expressions.text('\\')
    const d = letters('dD')
    const upperHalf = expressions.sequence(d, letters('89abAB'), hex(), hex())
    const lowerHalf = expressions.sequence(d, letters('cdefCDEF'), hex(), hex())
    const notHalf = expressions.choice(
      expressions.sequence(letters('0123456789abcefABCEF'), hex(), hex(), hex()),
      expressions.sequence(d, hex([[0x30, 0x37]]), hex(), hex()),
    )
    const unicode = expressions.text('\\u')
    return expressions.choice(
      utf8Of(expressions, complement(mustBeEscaped)),
      expressions.sequence(escape, letters('"\\/bfnrt')),
      expressions.sequence(unicode, notHalf),
      expressions.sequence(unicode, upperHalf, unicode, lowerHalf),
    )
  }
}
