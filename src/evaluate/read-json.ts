import { canonicalJson, type JsonValue } from '../lib/canonical-json.ts'
import { parseJson } from '../lib/parse-json.ts'
import { unreadable, type Reading } from './reading.ts'

/** Deeper values are refused: comparing them would exhaust the stack. */
const deepest = 100

/** Reads JSON with nothing around it but white space. Numbers are IEEE doubles, the order of keys is free. */
export function readJson(answer: string): Reading {
  const text = answer.trim()
  if (text.startsWith('```')) return unreadable('JSON inside a code fence')
  if (nesting(text) > deepest) return unreadable(`JSON nested deeper than ${deepest} levels`)
  let value: JsonValue
  try {
    value = parseJson(text) as JsonValue
  } catch {
    return unreadable('not JSON')
  }
  try {
    return { readable: true, read: canonicalJson(value), value }
  } catch {
    return unreadable('JSON with a number or a character that has no value')
  }
}

/** The most brackets that are open at once, strings left out. */
function nesting(text: string): number {
  let depth = 0
  let most = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '"') quoted = !quoted
    else if (quoted && character === '\\') at++
    else if (quoted) continue
    else if (character === '{' || character === '[') most = Math.max(most, ++depth)
    else if (character === '}' || character === ']') depth--
  }
  return most
}
