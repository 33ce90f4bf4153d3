import { empty, nothing, type Expression, type Expressions } from './expressions.ts'
import { numberDigits } from './json-text.ts'

/** Bounds of a number; one that is missing is no bound. */
export interface NumberRange {
  readonly least: number | undefined
  readonly most: number | undefined
  /** The bound itself is left out. */
  readonly aboveLeast: boolean
  readonly belowMost: boolean
}

/** Where a bound is missing on one side. */
const widest = 10 ** numberDigits.whole - 1
const widestWithFraction = 10 ** 9 - 1
// Two numbers of so many digits that are not equal are read back as two numbers (IEEE 754, double precision).
const exactDigits = 15

/** Integers within bounds, as JSON; undefined where the bounds cannot be kept exactly. */
export function integersWithin(expressions: Expressions, range: NumberRange): Expression | undefined {
  const { least, most, aboveLeast, belowMost } = range
  const low = least === undefined ? undefined : aboveLeast ? Math.floor(least) + 1 : Math.ceil(least)
  const high = most === undefined ? undefined : belowMost ? Math.ceil(most) - 1 : Math.floor(most)
  if (low !== undefined && !Number.isSafeInteger(low)) return undefined
  if (high !== undefined && !Number.isSafeInteger(high)) return undefined
  const from = low ?? Math.min(-widest, (high ?? 0) > -widest ? -widest : Number.MIN_SAFE_INTEGER)
  const to = high ?? Math.max(widest, from < widest ? widest : Number.MAX_SAFE_INTEGER)
  if (from > to) return nothing
  const ranges = new Digits(expressions)
  return expressions.choice(
    to < 0 ? nothing : ranges.whole(Math.max(0, from), to),
    from >= 0 ? nothing : expressions.sequence(expressions.text('-'), ranges.whole(Math.max(0, -to), -from)),
  )
}

/** Numbers within bounds, without an exponent; undefined where the bounds cannot be kept exactly. */
export function numbersWithin(expressions: Expressions, range: NumberRange): Expression | undefined {
  const { least, most, aboveLeast, belowMost } = range
  for (const bound of [least, most]) {
    if (bound === undefined) continue
    // A digit is left for numbers beside the bound.
    if (!/^-?\d+(\.\d+)?$/.test(String(bound)) || digitsOf(bound) >= exactDigits) return undefined
  }
  const from = least ?? Math.min(-widestWithFraction, Math.floor((most ?? 0) * 10) - 1)
  const to = most ?? Math.max(widestWithFraction, Math.ceil((least ?? 0) * 10) + 1)
  if (digitsOf(from) >= exactDigits || digitsOf(to) >= exactDigits) return undefined
  if (from > to || (from === to && (aboveLeast || belowMost))) return nothing
  const ranges = new Digits(expressions)
  const low: Bound = { value: from, isLeftOut: aboveLeast }
  const high: Bound = { value: to, isLeftOut: belowMost }
  const zero: Bound = { value: 0, isLeftOut: false }
  const negative = (bound: Bound): Bound => ({ ...bound, value: -bound.value })
  return expressions.choice(
    to < 0 ? nothing : ranges.decimal(from < 0 ? zero : low, high),
    from >= 0
      ? nothing
      : expressions.sequence(
          expressions.text('-'),
          ranges.decimal(to < 0 ? negative(high) : { ...zero, isLeftOut: true }, negative(low)),
        ),
  )
}

const digitsOf = (value: number): number => String(value).replaceAll(/\D/g, '').length

interface Bound {
  readonly value: number
  readonly isLeftOut: boolean
}

/** Digits after a point: whether there may be none, and the others. */
interface Fraction {
  readonly none: boolean
  readonly some: Expression
}

/** Digits after the point of a number. */
const digitsBeside = (whole: number): number => exactDigits - String(whole).length

class Digits {
  readonly #expressions: Expressions

  constructor(expressions: Expressions) {
    this.#expressions = expressions
  }

  /** Whole numbers from one to another that are not negative. */
  whole(from: number, to: number): Expression {
    const parts: Expression[] = []
    for (let length = String(from).length; length <= String(to).length; length++) {
      const low = Math.max(from, length === 1 ? 0 : 10 ** (length - 1))
      const high = Math.min(to, 10 ** length - 1)
      if (low <= high) parts.push(this.#sameLength(String(low), String(high)))
    }
    return this.#expressions.choice(...parts)
  }

  /** Numbers that are not negative, with or without digits after the point. */
  decimal(low: Bound, high: Bound): Expression {
    const [lowWhole, lowFraction] = partsOf(low.value)
    const [highWhole, highFraction] = partsOf(high.value)
    const rest = new Fractions(this.#expressions)
    if (lowWhole === highWhole) {
      const between = rest.between(
        { digits: lowFraction, isIncluded: !low.isLeftOut },
        { digits: highFraction, isIncluded: !high.isLeftOut },
        digitsBeside(lowWhole),
      )
      return this.#withFraction(lowWhole, lowWhole, between)
    }
    return this.#expressions.choice(
      this.#withFraction(
        lowWhole,
        lowWhole,
        rest.atLeast({ digits: lowFraction, isIncluded: !low.isLeftOut }, digitsBeside(lowWhole)),
      ),
      this.#withFraction(lowWhole + 1, highWhole - 1, rest.any(digitsBeside(highWhole))),
      this.#withFraction(
        highWhole,
        highWhole,
        rest.atMost({ digits: highFraction, isIncluded: !high.isLeftOut }, digitsBeside(highWhole)),
      ),
    )
  }

  #withFraction(from: number, to: number, { none, some }: Fraction): Expression {
    const { sequence, choice, text } = builders(this.#expressions)
    if (from > to) return nothing
    return sequence(this.whole(from, to), choice(none ? empty : nothing, sequence(text('.'), some)))
  }

  #sameLength(low: string, high: string): Expression {
    if (low === '') return empty
    if (/^0+$/.test(low) && /^9+$/.test(high)) {
      return this.#expressions.repeat(this.#digit(0, 9), low.length, low.length)
    }
    const { sequence, choice } = builders(this.#expressions)
    const [first, last] = [Number(low[0]), Number(high[0])]
    const [lowRest, highRest] = [low.slice(1), high.slice(1)]
    if (first === last) return sequence(this.#digit(first, first), this.#sameLength(lowRest, highRest))
    const length = lowRest.length
    return choice(
      sequence(this.#digit(first, first), this.#sameLength(lowRest, '9'.repeat(length))),
      sequence(this.#digit(first + 1, last - 1), this.#expressions.repeat(this.#digit(0, 9), length, length)),
      sequence(this.#digit(last, last), this.#sameLength('0'.repeat(length), highRest)),
    )
  }

  #digit(first: number, last: number): Expression {
    return digit(this.#expressions, first, last)
  }
}

/** Digits after a point as a bound. */
interface FractionBound {
  readonly digits: string
  readonly isIncluded: boolean
}

/** Digits after a point; `left` is how many there may be at most. */
class Fractions {
  readonly #expressions: Expressions

  constructor(expressions: Expressions) {
    this.#expressions = expressions
  }

  any(left: number): Fraction {
    return { none: true, some: this.#digits(0, 9, 1, left) }
  }

  atLeast(bound: FractionBound, left: number): Fraction {
    const { first, rest, isZero } = split(bound)
    if (isZero) return bound.isIncluded ? this.any(left) : this.#moreThanZero(left)
    return this.#firstOf(
      false,
      [first, first, this.atLeast(rest, left - 1)],
      [first + 1, 9, this.any(left - 1)],
    )
  }

  atMost(bound: FractionBound, left: number): Fraction {
    const { first, rest, isZero } = split(bound)
    if (isZero) return bound.isIncluded ? this.#zeros(left) : { none: false, some: nothing }
    return this.#firstOf(
      true,
      [0, first - 1, this.any(left - 1)],
      [first, first, this.atMost(rest, left - 1)],
    )
  }

  between(low: FractionBound, high: FractionBound, left: number): Fraction {
    const [from, to] = [split(low), split(high)]
    if (from.isZero && to.isZero) {
      return low.isIncluded && high.isIncluded ? this.#zeros(left) : { none: false, some: nothing }
    }
    const none = from.isZero && low.isIncluded
    return from.first === to.first
      ? this.#firstOf(none, [from.first, from.first, this.between(from.rest, to.rest, left - 1)])
      : this.#firstOf(
          none,
          [from.first, from.first, this.atLeast(from.rest, left - 1)],
          [from.first + 1, to.first - 1, this.any(left - 1)],
          [to.first, to.first, this.atMost(to.rest, left - 1)],
        )
  }

  #firstOf(
    none: boolean,
    ...cases: readonly (readonly [first: number, last: number, rest: Fraction])[]
  ): Fraction {
    const { sequence, choice } = builders(this.#expressions)
    const some = cases.map(([first, last, rest]) =>
      sequence(digit(this.#expressions, first, last), choice(rest.none ? empty : nothing, rest.some)),
    )
    return { none, some: choice(...some) }
  }

  #zeros(left: number): Fraction {
    return { none: true, some: this.#digits(0, 0, 1, left) }
  }

  #moreThanZero(left: number): Fraction {
    const { sequence, choice } = builders(this.#expressions)
    const ends = Array.from({ length: Math.max(0, left) }, (_, zeros) =>
      sequence(
        this.#digits(0, 0, zeros, zeros),
        digit(this.#expressions, 1, 9),
        this.#digits(0, 9, 0, left - zeros - 1),
      ),
    )
    return { none: false, some: choice(...ends) }
  }

  #digits(first: number, last: number, least: number, most: number): Expression {
    return this.#expressions.repeat(digit(this.#expressions, first, last), least, most)
  }
}

/** The first digit of a bound and what follows; behind its end there are zeros. */
function split({ digits, isIncluded }: FractionBound): {
  readonly first: number
  readonly rest: FractionBound
  readonly isZero: boolean
} {
  return {
    first: Number(digits[0] ?? 0),
    rest: { digits: digits.slice(1), isIncluded },
    isZero: /^0*$/.test(digits),
  }
}

const digit = (expressions: Expressions, first: number, last: number): Expression =>
  first > last ? nothing : expressions.bytes([[0x30 + first, 0x30 + last]])

function partsOf(value: number): readonly [whole: number, fraction: string] {
  const [whole = '0', fraction = ''] = String(value).split('.')
  return [Number(whole), fraction]
}

/** Its functions, for many calls in one place. */
const builders = (
  expressions: Expressions,
): {
  readonly sequence: Expressions['sequence']
  readonly choice: Expressions['choice']
  readonly text: Expressions['text']
} => ({
  sequence: (...parts) => expressions.sequence(...parts),
  choice: (...members) => expressions.choice(...members),
  text: (text) => expressions.text(text),
})
