/**
 * How many characters (code points) must be put in, left out or replaced to make one text of the other: V. I. Levenshtein
 * 1966, by the table of R. A. Wagner and M. J. Fischer 1974, one line at a time. Time: one length times the other.
 */
export function editDistance(left: string, right: string): number {
  let [a, b] = [codePoints(left), codePoints(right)]
  const start = commonStart(a, b)
  const end = commonEnd(a.subarray(start), b.subarray(start))
  a = a.subarray(start, a.length - end)
  b = b.subarray(start, b.length - end)
  if (a.length > b.length) [a, b] = [b, a]
  const line = Uint32Array.from({ length: a.length + 1 }, (_, at) => at)
  for (let row = 1; row <= b.length; row++) {
    let diagonal = line[0]!
    line[0] = row
    const wanted = b[row - 1]!
    for (let at = 1; at <= a.length; at++) {
      const above = line[at]!
      const changed = diagonal + (a[at - 1] === wanted ? 0 : 1)
      const added = Math.min(above, line[at - 1]!) + 1
      line[at] = changed < added ? changed : added
      diagonal = above
    }
  }
  return line[a.length]!
}

/** 1 for equal texts, 0 where nothing stays: 1 − distance over the length of the longer text. */
export function editSimilarity(left: string, right: string): number {
  const longest = Math.max(codePoints(left).length, codePoints(right).length)
  return longest === 0 ? 1 : 1 - editDistance(left, right) / longest
}

const codePoints = (text: string): Uint32Array =>
  Uint32Array.from(text, (character) => character.codePointAt(0) ?? 0)

function commonStart(a: Uint32Array, b: Uint32Array): number {
  let at = 0
  while (at < a.length && at < b.length && a[at] === b[at]) at++
  return at
}

function commonEnd(a: Uint32Array, b: Uint32Array): number {
  let at = 0
  while (at < a.length && at < b.length && a[a.length - 1 - at] === b[b.length - 1 - at]) at++
  return at
}
