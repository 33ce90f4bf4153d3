/** Levels of arrays and objects. Readers that walk a value by calling themselves are safe with as many. */
const deepest = 256

/** The text is JSON, but no one writes such. */
export class TooDeep extends SyntaxError {
  constructor() {
    super(`nested deeper than ${deepest} levels`)
  }
}

/**
 * The value of a JSON text that came from outside.
 *
 * @throws SyntaxError for what is not JSON; TooDeep for a value that would fill the stack of whoever walks it
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  // Each level takes two characters at least.
  if (text.length > 2 * deepest && isDeeper(value, deepest)) {
    throw new TooDeep()
  }
  return value
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  for (const each of Array.isArray(value) ? value : Object.values(value)) {
    if (isDeeper(each, levels - 1)) return true
  }
  return false
}
