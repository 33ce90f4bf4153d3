import type { Expression, Expressions } from './expressions.ts'

/** Code points from the first to the last, both included. */
export type CodePointRange = readonly [first: number, last: number]

/** Sets of code points: sorted ranges that neither touch nor overlap. Surrogates are in none: UTF-8 cannot write them. */
export type CodePoints = readonly CodePointRange[]

const last = 0x10ffff
const surrogates: CodePointRange = [0xd800, 0xdfff]

export const anyCodePoint: CodePoints = [
  [0, surrogates[0] - 1],
  [surrogates[1] + 1, last],
]

export function codePoints(ranges: readonly CodePointRange[]): CodePoints {
  const merged: [number, number][] = []
  for (const [from, to] of ranges.toSorted((left, right) => left[0] - right[0])) {
    const previous = merged.at(-1)
    if (previous !== undefined && from <= previous[1] + 1) previous[1] = Math.max(previous[1], to)
    else merged.push([from, to])
  }
  return without(merged, surrogates)
}

export function complement(set: CodePoints): CodePoints {
  const others: CodePointRange[] = []
  let next = 0
  for (const [from, to] of set) {
    if (from > next) others.push([next, from - 1])
    next = to + 1
  }
  if (next <= last) others.push([next, last])
  return without(others, surrogates)
}

export const difference = (set: CodePoints, other: CodePoints): CodePoints =>
  complement(codePoints([...complement(set), ...other]))

/** What JavaScript's own class of characters holds, such as `\p{L}`. */
export function codePointsOf(className: string): CodePoints {
  const pattern = new RegExp(`^${className}$`, 'u')
  const ranges: [number, number][] = []
  for (const [from, to] of anyCodePoint) {
    for (let point = from; point <= to; point++) {
      if (!pattern.test(String.fromCodePoint(point))) continue
      const previous = ranges.at(-1)
      if (previous?.[1] === point - 1) previous[1] = point
      else ranges.push([point, point])
    }
  }
  return ranges
}

/** One character out of a set, in UTF-8 (RFC 3629). */
export function utf8Of(expressions: Expressions, set: CodePoints): Expression {
  return expressions.choice(
    ...sameLength(set).map(([from, to]) => between(expressions, encode(from), encode(to))),
  )
}

/** Ranges whose code points all take as many bytes. */
function sameLength(set: CodePoints): CodePoints {
  const ends = [0x7f, 0x7ff, 0xffff, last]
  return set.flatMap(([from, to]) => {
    const cuts: CodePointRange[] = []
    let next = from
    for (const end of ends) {
      if (next > to) break
      if (next > end) continue
      cuts.push([next, Math.min(to, end)])
      next = end + 1
    }
    return cuts
  })
}

/** Byte sequences of one length, in order from the first to the last. */
function between(expressions: Expressions, from: readonly number[], to: readonly number[]): Expression {
  const [low = 0, ...lowRest] = from
  const [high = 0, ...highRest] = to
  const one = (first: number, final: number): Expression => expressions.bytes([[first, final]])
  if (lowRest.length === 0) return one(low, high)
  if (low === high) return expressions.sequence(one(low, low), between(expressions, lowRest, highRest))
  const smallest = lowRest.map(() => 0x80)
  const largest = lowRest.map(() => 0xbf)
  return expressions.choice(
    expressions.sequence(one(low, low), between(expressions, lowRest, largest)),
    low + 1 > high - 1
      ? expressions.choice()
      : expressions.sequence(one(low + 1, high - 1), between(expressions, smallest, largest)),
    expressions.sequence(one(high, high), between(expressions, smallest, highRest)),
  )
}

const encode = (point: number): readonly number[] => [
  ...new TextEncoder().encode(String.fromCodePoint(point)),
]

function without(ranges: readonly CodePointRange[], [from, to]: CodePointRange): CodePoints {
  return ranges.flatMap((range): CodePointRange[] => {
    if (range[1] < from || range[0] > to) return [range]
    const rest: CodePointRange[] = [
      [range[0], from - 1],
      [to + 1, range[1]],
    ]
    return rest.filter(([first, final]) => first <= final)
  })
}
