import type { JsonValue } from '../../lib/canonical-json.ts'

/** The value of a member by its name, or by a JSON pointer (RFC 6901) when it begins with a slash. */
export function valueAt(value: JsonValue | undefined, field: string): JsonValue | undefined {
  if (!field.startsWith('/')) return memberOf(value, field)
  return field
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(memberOf, value)
}

function memberOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value) && !/^(?:0|[1-9]\d*)$/.test(key)) return undefined
  return Object.hasOwn(value, key) ? (Reflect.get(value, key) as JsonValue | undefined) : undefined
}
