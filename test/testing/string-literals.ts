/** Fewer fixed characters than this would match by chance. */
const leastFixed = 12

/**
 * The string literals of a TypeScript source that are long enough to recognise, as patterns of what they can say:
 * a placeholder of a template stands for any text. A scanner for this project's sources, not for all of TypeScript.
 */
export function literalsOf(source: string): RegExp[] {
  const literals: string[][] = []
  scanCode(source.replaceAll(/\/\*[^]*?\*\/|^ *\/\/.*$/gm, ''), 0, literals)
  return literals
    .filter((parts) => parts.join('').length >= leastFixed)
    .map((parts) => new RegExp(parts.map(escaped).join('.+')))
}

/** Reads code up to the brace that closes it; returns the place behind that. */
function scanCode(source: string, start: number, literals: string[][]): number {
  let depth = 0
  for (let at = start; at < source.length; at++) {
    const character = source[at]
    if (character === '{') depth += 1
    else if (character === '}' && depth-- === 0) return at + 1
    else if (character === '`') at = scanTemplate(source, at + 1, literals) - 1
    else if (character === "'" || character === '"') {
      const end = endOfString(source, at + 1, character)
      if (end === undefined) continue
      literals.push([source.slice(at + 1, end)])
      at = end
    }
  }
  return source.length
}

/** Reads a template's fixed parts, and the literals in its placeholders. */
function scanTemplate(source: string, start: number, literals: string[][]): number {
  const parts = ['']
  for (let at = start; at < source.length;) {
    if (source[at] === '`') {
      literals.push(parts)
      return at + 1
    }
    if (source.startsWith('${', at)) {
      at = scanCode(source, at + 2, literals)
      parts.push('')
    } else {
      const length = source[at] === '\\' ? 2 : 1
      parts[parts.length - 1] += source.slice(at, at + length)
      at += length
    }
  }
  return source.length
}

/** Undefined for a quote that no other one closes on its line, as in a regular expression. */
function endOfString(source: string, start: number, quote: string): number | undefined {
  for (let at = start; at < source.length && source[at] !== '\n'; at++) {
    if (source[at] === '\\') at += 1
    else if (source[at] === quote) return at
  }
  return undefined
}

const escaped = (text: string): string =>
  text.replaceAll(/\\(.)/g, '$1').replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)
