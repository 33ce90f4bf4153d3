import { HoneError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/example.ts'

/** Types of JSON Schema. */
export type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'null' | 'object' | 'array'

/** What says something about values of a type only. */
export const keywordsOf: Readonly<Record<JsonType, readonly string[]>> = {
  string: ['minLength', 'maxLength', 'pattern', 'format'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  integer: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  boolean: [],
  null: [],
  object: ['properties', 'required', 'additionalProperties'],
  array: ['items', 'prefixItems', 'minItems', 'maxItems'],
}

/** Keywords that say what values are, and stand alone but for notes. */
export const wholeKeywords = ['$ref', 'anyOf', 'oneOf', 'allOf', 'const', 'enum'] as const

/** What says nothing about which values are right. */
const notes = new Set([
  'title',
  'description',
  'default',
  'example',
  'examples',
  '$comment',
  '$defs',
  'definitions',
  'deprecated',
  'readOnly',
  'writeOnly',
  'contentEncoding',
  'contentMediaType',
  'discriminator',
])
const notesAtTop = new Set(['$schema', '$id', 'name', 'strict'])

const hint = 'docs/constrained.md lists what can be kept: leave the keyword out, and check the answers for it'

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const schemaRefusal = (pointer: string, message: string, advice: string = hint): HoneError =>
  new HoneError('E_CONSTRAINT', message, { at: { pointer }, hint: advice })

/** @throws HoneError `E_CONSTRAINT` that names a keyword which is not among those known */
export function requireKnown(schema: JsonObject, pointer: string, known: readonly string[]): void {
  for (const key of Object.keys(schema)) {
    if (known.includes(key) || notes.has(key) || (pointer === '' && notesAtTop.has(key))) continue
    const isElsewhere =
      key === 'type' ||
      Object.values(keywordsOf).flat().includes(key) ||
      (wholeKeywords as readonly string[]).includes(key)
    throw schemaRefusal(
      `${pointer}/${escaped(key)}`,
      isElsewhere
        ? `the keyword ${key} cannot be kept beside ${known.filter((other) => other !== key && other in schema).join(', ') || 'the others of this schema'}`
        : `the keyword ${key} cannot be kept`,
    )
  }
}

/** A part of a JSON pointer (RFC 6901). */
export const escaped = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1')

/** The types that a schema allows: those it names, or those that its keywords are about; all where it says nothing. */
export function typesOf(schema: JsonObject, pointer: string): readonly JsonType[] {
  const { type } = schema
  if (type === undefined) {
    const about = (Object.keys(keywordsOf) as JsonType[]).filter(
      (each) => each !== 'integer' && keywordsOf[each].some((keyword) => keyword in schema),
    )
    return about.length > 0 ? about : ['string', 'number', 'boolean', 'null', 'object', 'array']
  }
  const types: readonly unknown[] = Array.isArray(type) ? type : [type]
  const unknown = types.find((each) => typeof each !== 'string' || !Object.hasOwn(keywordsOf, each))
  if (types.length === 0 || unknown !== undefined) {
    throw schemaRefusal(`${pointer}/type`, `there is no type ${JSON.stringify(unknown ?? type)}`)
  }
  return types as readonly JsonType[]
}

export function isOfType(value: unknown, type: JsonType): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isObject(value)
  return type === 'integer' ? Number.isInteger(value) : typeof value === type
}
