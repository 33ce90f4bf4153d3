/** A word, a quoted name, a number or a sign of a promotion rule. */
export interface GateToken {
  readonly kind: 'word' | 'quoted' | 'number' | 'sign'
  readonly text: string
  /** Position of its first character. */
  readonly at: number
}

const token =
  /(?<quote>["'])(?<quoted>.*?)\k<quote>|(?<sign>>=|=>|<=|=<|[<>=≥≤%])|(?<number>\d+(?:\.\d+)?)(?=\s|%|$|(?:ms|s|points?)(?:\s|$))|(?<word>[^\s<>=≥≤%]+)/gu

/** The parts of a rule, in order; ≥ and ≤ as >= and <=. */
export function gateTokens(text: string): GateToken[] {
  return [...text.matchAll(token)].map(({ groups, index }) => {
    const { quoted, sign, number, word } = groups ?? {}
    if (quoted !== undefined) return { kind: 'quoted', text: quoted, at: index }
    if (number !== undefined) return { kind: 'number', text: number, at: index }
    if (sign === undefined) return { kind: 'word', text: word ?? '', at: index }
    return { kind: 'sign', text: sign === '≥' ? '>=' : sign === '≤' ? '<=' : sign, at: index }
  })
}
