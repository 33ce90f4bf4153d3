import { canonicalJson, type JsonValue } from '../../lib/canonical-json.ts'
import { isObject, isOfType, typesOf, type JsonType } from './schema-keywords.ts'

/**
 * Whether it is certain that no value is right by two of the schemas: they are about different types, or are objects that
 * demand a property of different values.
 *
 * @param resolve a schema, or the one that it refers to
 */
export function areApart(schemas: readonly unknown[], resolve: (schema: unknown) => unknown): boolean {
  const resolved = schemas.map(resolve)
  return resolved.every((left, index) =>
    resolved.slice(index + 1).every((right) => areTwoApart(left, right, resolve)),
  )
}

function areTwoApart(left: unknown, right: unknown, resolve: (schema: unknown) => unknown): boolean {
  const [own, others] = [kindsOf(left), kindsOf(right)]
  if (own === undefined || others === undefined) return false
  const [leftValues, rightValues] = [valuesOf(left), valuesOf(right)]
  if (leftValues !== undefined && rightValues !== undefined) return areDistinct(leftValues, rightValues)
  const common = own.filter((type) => others.includes(type))
  if (common.length === 0) return true
  return common.every((type) => type === 'object') && differInProperty(left, right, resolve)
}

/** Types, with integers among the numbers. */
function kindsOf(schema: unknown): readonly JsonType[] | undefined {
  if (!isObject(schema)) return undefined
  const values = valuesOf(schema)
  const all: readonly JsonType[] = ['string', 'number', 'boolean', 'null', 'object', 'array']
  if (values !== undefined) return all.filter((type) => values.some((value) => isOfType(value, type)))
  if (['anyOf', 'oneOf', 'allOf', '$ref'].some((keyword) => keyword in schema)) return undefined
  return typesOf(schema, '').map((type) => (type === 'integer' ? 'number' : type))
}

function valuesOf(schema: unknown): readonly unknown[] | undefined {
  if (!isObject(schema)) return undefined
  if ('const' in schema) return [schema['const']]
  return Array.isArray(schema['enum']) ? schema['enum'] : undefined
}

function differInProperty(left: unknown, right: unknown, resolve: (schema: unknown) => unknown): boolean {
  const [own, others] = [demanded(left), demanded(right)]
  return [...own].some(([name, schema]) => {
    const other = others.get(name)
    const [ownValues, otherValues] = [valuesOf(resolve(schema)), valuesOf(resolve(other))]
    return ownValues !== undefined && otherValues !== undefined && areDistinct(ownValues, otherValues)
  })
}

/** Properties that must be there. */
function demanded(schema: unknown): ReadonlyMap<string, unknown> {
  if (!isObject(schema)) return new Map()
  const { properties, required } = schema
  if (!isObject(properties) || !Array.isArray(required)) return new Map()
  return new Map(Object.entries(properties).filter(([name]) => required.includes(name)))
}

function areDistinct(left: readonly unknown[], right: readonly unknown[]): boolean {
  try {
    const own = new Set(left.map((value) => canonicalJson(value as JsonValue)))
    return !right.some((value) => own.has(canonicalJson(value as JsonValue)))
  } catch {
    // Half a character of UTF-16 has no canonical form.
    return false
  }
}
