import { parseJson } from '../../lib/parse-json.ts'
import type { Edit } from './edits.ts'
import { JsonTexts, type JsonLiteral } from './json-texts.ts'
import { isStructural } from './structural-keys.ts'

/** A text of a record, with what is replaced in it. */
export interface JsonLeaf {
  readonly literal: JsonLiteral
  readonly pointer: string
  readonly key: string
  /** Where the text is JSON itself, its own texts. */
  readonly inner: readonly JsonLeaf[] | undefined
  edits: readonly Edit[]
}

/** A number with fewer characters is nobody's. */
const shortestNumber = 7
const mostInside = 4

/** Every text, key and number of a JSON text that may hold personal data. */
export function leavesOf(json: string, prefix = '', depth = 0): JsonLeaf[] {
  const leaves: JsonLeaf[] = []
  const texts = new JsonTexts(json)
  for (const literal of texts) {
    const { key } = texts
    if (!mayHold(literal, key)) continue
    const pointer = prefix + texts.pointer
    const isJson = literal.type === 'string' && depth < mostInside && holdsJson(literal.value)
    const inner = isJson ? leavesOf(literal.value, pointer, depth + 1) : undefined
    leaves.push({ literal, pointer, key: literal.type === 'key' ? '' : key, inner, edits: [] })
  }
  return leaves
}

export const mayHold = ({ type, value }: JsonLiteral, key: string): boolean =>
  type === 'number'
    ? value.length >= shortestNumber
    : value.length > 1 && (type === 'key' || !isStructural(key, value))

/** The leaves that are no JSON themselves. */
export function* flatLeaves(leaves: readonly JsonLeaf[]): Generator<JsonLeaf> {
  for (const leaf of leaves) {
    if (leaf.inner === undefined) yield leaf
    else yield* flatLeaves(leaf.inner)
  }
}

/** Whether a text is a JSON object or list itself, such as the arguments of a tool call. */
export function holdsJson(text: string): boolean {
  const first = text.charCodeAt(0)
  if (first > 0x20 && first !== 0x7b && first !== 0x5b) return false
  if (!/^\s*[{[]/.test(text) || !/[}\]]\s*$/.test(text.slice(-16))) return false
  try {
    parseJson(text)
    return true
  } catch {
    return false
  }
}

/**
 * The JSON text with the edits of its leaves made; all else stays as it is written.
 *
 * @param written - the leaf's value with its edits made.
 */
export function writeLeaves(
  json: string,
  leaves: readonly JsonLeaf[],
  written: (leaf: JsonLeaf) => string,
): string {
  let out = ''
  let at = 0
  const keys = new Set<string>()
  for (const leaf of leaves) {
    const { literal, edits, inner } = leaf
    const changedInside = inner !== undefined && [...flatLeaves(inner)].some((each) => each.edits.length > 0)
    if (edits.length === 0 && !changedInside) continue
    const value =
      inner !== undefined && changedInside ? writeLeaves(literal.value, inner, written) : written(leaf)
    const isNumber = literal.type === 'number' && /^[1-9]\d{0,14}$/.test(value)
    out += json.slice(at, literal.start)
    out += isNumber ? value : JSON.stringify(literal.type === 'key' ? unused(value, keys) : value)
    at = literal.end
  }
  return out + json.slice(at)
}

/** Keys that become the same get a number. */
function unused(key: string, keys: Set<string>): string {
  let name = key
  for (let count = 2; keys.has(name); count++) name = `${key}-${count}`
  keys.add(name)
  return name
}
