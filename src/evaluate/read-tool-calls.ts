import type { JsonObject } from '../core/example.ts'
import { canonicalJson, type JsonValue } from '../lib/canonical-json.ts'
import { readJson } from './read-json.ts'
import { unreadable, type ReadCall, type Reading } from './reading.ts'

const tagged = /<tool_call>([\s\S]*?)(?:<\/tool_call>|$)/g

/**
 * Reads the calls of an answer: `{"name", "arguments"}`, alone or in a list, `{"function": {…}}` around it, arguments as an
 * object or as its JSON text, each in `<tool_call>` tags or not. Text that holds none of it calls nothing. What begins like a
 * call and is none cannot be read.
 */
export function readToolCalls(answer: string): Reading {
  const text = answer.trim()
  const blocks = [...text.matchAll(tagged)].map((match) => match[1] ?? '')
  if (blocks.length === 0 && !/^[[{]/.test(text)) return reading([])
  const calls: ReadCall[] = []
  for (const block of blocks.length === 0 ? [text] : blocks) {
    const parsed = readJson(block)
    if (!parsed.readable) return parsed
    const found = callsOf(parsed.value)
    if (found === undefined) return unreadable('JSON that is no call')
    calls.push(...found)
  }
  return reading(calls)
}

function reading(calls: readonly ReadCall[]): Reading {
  return { readable: true, read: canonicalJson(calls as unknown as JsonValue), calls }
}

function callsOf(value: JsonValue | undefined): ReadCall[] | undefined {
  const items: readonly (JsonValue | undefined)[] = Array.isArray(value) ? value : [value]
  const calls = items.map(callOf)
  return calls.includes(undefined) ? undefined : calls.filter((call) => call !== undefined)
}

function callOf(value: JsonValue | undefined): ReadCall | undefined {
  const call = objectOf(objectOf(value)?.['function']) ?? objectOf(value)
  const name = call?.['name']
  if (call === undefined || typeof name !== 'string' || name === '') return undefined
  const written = call['arguments'] ?? call['parameters'] ?? {}
  const parsed = typeof written === 'string' ? readJson(written === '' ? '{}' : written) : undefined
  const found = parsed === undefined ? written : parsed.readable ? parsed.value : undefined
  const args = objectOf(found)
  return args === undefined ? undefined : { name, arguments: args }
}

const objectOf = (value: unknown): JsonObject | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
