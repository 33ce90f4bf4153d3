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
  // Walking every value would take half as long as reading it.
  if (hasManyBrackets(text) && isDeeper(value, deepest)) throw new TooDeep()
  return value
}

/** Each level opens a bracket. */
function hasManyBrackets(text: string): boolean {
  // Each level takes two characters at least.
  if (text.length <= 2 * deepest) return false
  let count = 0
  for (const bracket of '[{') {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      if (++count > deepest) return true
    }
  }
  return false
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  for (const each of Array.isArray(value) ? value : Object.values(value)) {
    if (isDeeper(each, levels - 1)) return true
  }
  return false
}
