import { canonicalJson, type JsonValue } from '../lib/canonical-json.ts'
import { readJson } from './read-json.ts'
import { unreadable, type Reading, type Span } from './reading.ts'

/**
 * Reads spans: a JSON list of `{"label", "text"}` with `start` and `end` where the place is known, or an object that gives
 * each label a list of texts or of such objects.
 */
export function readSpans(answer: string): Reading {
  const parsed = readJson(answer)
  if (!parsed.readable) return parsed
  const { value } = parsed
  const spans = isList(value) ? value.map((item) => spanOf(item)) : byLabel(value)
  if (spans === undefined || spans.includes(undefined)) return unreadable('JSON that is no list of spans')
  const found = spans.filter((span) => span !== undefined)
  const sorted = found.map((span) => canonicalJson({ ...span })).toSorted()
  return { readable: true, read: `[${sorted.join(',')}]`, spans: found }
}

function byLabel(value: JsonValue | undefined): (Span | undefined)[] | undefined {
  if (typeof value !== 'object' || value === null || isList(value)) return undefined
  return Object.entries(value).flatMap(([label, items]): (Span | undefined)[] =>
    isList(items) ? items.map((item) => spanOf(item, label)) : [undefined],
  )
}

/** @param key the label that the span stands under */
function spanOf(item: JsonValue, key?: string): Span | undefined {
  if (typeof item === 'string' && key !== undefined) return { label: key, text: item.trim() }
  if (typeof item !== 'object' || item === null || isList(item)) return undefined
  const label = item['label'] ?? item['type'] ?? key
  const { text = '', start, end } = item as Readonly<Record<string, JsonValue>>
  if (typeof label !== 'string' || typeof text !== 'string') return undefined
  if (start === undefined && end === undefined)
    return text.trim() === '' ? undefined : { label, text: text.trim() }
  const placed = Number.isSafeInteger(start) && Number.isSafeInteger(end) && Number(start) < Number(end)
  return placed ? { label, text: text.trim(), start: Number(start), end: Number(end) } : undefined
}

const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value)
