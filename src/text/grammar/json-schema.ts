import { HoneError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/example.ts'
import type { Expression, Expressions } from './expressions.ts'
import { nothing } from './expressions.ts'
import { JsonText } from './json-text.ts'
import { integersWithin, numbersWithin, type NumberRange } from './number-range.ts'
import { patternLanguage } from './pattern-language.ts'
import { areApart } from './schemas-apart.ts'
import {
  escaped,
  isObject,
  isOfType,
  keywordsOf,
  requireKnown,
  schemaRefusal,
  typesOf,
  wholeKeywords,
  type JsonType,
} from './schema-keywords.ts'
import { stringFormats } from './string-formats.ts'

const mostProperties = 1000
const mostDepth = 100
const mostParts = 50_000

/**
 * JSON texts of values that a schema (JSON Schema 2020-12) accepts. What cannot be kept is refused, never left out; of what
 * a schema leaves open, some is not written: docs/constrained.md says what.
 *
 * @throws HoneError `E_CONSTRAINT` with the JSON pointer of what cannot be kept
 */
export function schemaLanguage(expressions: Expressions, schema: unknown): Expression {
  return new SchemaLanguage(expressions, schema).whole()
}

/** Any JSON object. */
export function anyObjectLanguage(expressions: Expressions): Expression {
  return new JsonText(expressions, []).anyObject()
}

class SchemaLanguage {
  readonly #expressions: Expressions
  readonly #root: unknown
  readonly #json: JsonText
  readonly #rules: Expression[] = []
  /** By the pointer to what they are. */
  readonly #references = new Map<string, Expression>()

  constructor(expressions: Expressions, root: unknown) {
    this.#expressions = expressions
    this.#root = root
    this.#json = new JsonText(expressions, this.#rules)
  }

  whole(): Expression {
    requireSmall(this.#root)
    const language = this.#value(this.#root, '')
    for (const [pointer, rule] of this.#references) {
      if (this.#expressions.isLeftRecursive(rule)) {
        throw schemaRefusal(pointer, 'the schema refers to itself and says nothing else', 'mend the schema')
      }
    }
    const [endless] = this.#expressions.endlessRules(this.#rules)
    if (endless === undefined && language !== nothing) return language
    const pointer = [...this.#references].find(([, rule]) => rule === endless)?.[0] ?? ''
    throw schemaRefusal(pointer, 'the schema accepts no value that ever ends', 'mend the schema')
  }

  #value(schema: unknown, pointer: string): Expression {
    if (schema === true) return this.#json.any()
    if (schema === false) return nothing
    if (!isObject(schema)) throw schemaRefusal(pointer, 'a schema is an object, true or false')
    const whole = wholeKeywords.find((keyword) => keyword in schema)
    if (whole === undefined) return this.#typed(schema, pointer)
    const at = `${pointer}/${whole}`
    if (whole === 'const' || whole === 'enum') {
      requireKnown(schema, pointer, [whole, 'type'])
      return this.#values(schema, whole, pointer)
    }
    requireKnown(schema, pointer, [whole])
    if (whole === '$ref') return this.#reference(schema[whole], at)
    const members = schema[whole]
    if (!Array.isArray(members) || members.length === 0) {
      throw schemaRefusal(at, `${whole} is a list of schemas`)
    }
    if (whole === 'allOf' && members.length > 1) {
      throw schemaRefusal(`${at}/1`, `${members.length} schemas at once cannot be kept`)
    }
    if (whole === 'oneOf' && !areApart(members, (each) => this.#resolved(each))) {
      throw schemaRefusal(
        at,
        'oneOf cannot be kept where a value could be right by two of its schemas',
        'give each a property that is required and has a const of its own, or write anyOf',
      )
    }
    return this.#expressions.choice(...members.map((each, index) => this.#value(each, `${at}/${index}`)))
  }

  #values(schema: JsonObject, keyword: 'const' | 'enum', pointer: string): Expression {
    const given = schema[keyword]
    const values: readonly unknown[] = keyword === 'const' ? [given] : Array.isArray(given) ? given : []
    const types = schema['type'] === undefined ? undefined : typesOf(schema, pointer)
    const right = values.filter((value) => types === undefined || types.some((type) => isOfType(value, type)))
    if (right.length === 0) throw schemaRefusal(`${pointer}/${keyword}`, 'no value is right')
    return this.#expressions.choice(...right.map((value) => this.#json.value(value)))
  }

  #typed(schema: JsonObject, pointer: string): Expression {
    const types = typesOf(schema, pointer)
    requireKnown(schema, pointer, ['type', ...types.flatMap((type) => keywordsOf[type])])
    const language = this.#expressions.choice(...types.map((type) => this.#ofType(type, schema, pointer)))
    if (language === nothing) throw schemaRefusal(pointer, 'no value is right')
    return language
  }

  #ofType(type: JsonType, schema: JsonObject, pointer: string): Expression {
    const languages: Readonly<Record<JsonType, () => Expression>> = {
      null: () => this.#expressions.text('null'),
      boolean: () =>
        this.#expressions.choice(this.#expressions.text('true'), this.#expressions.text('false')),
      string: () => this.#string(schema, pointer),
      integer: () => this.#number('integer', schema, pointer),
      number: () => this.#number('number', schema, pointer),
      array: () => this.#array(schema, pointer),
      object: () => this.#object(schema, pointer),
    }
    return languages[type]()
  }

  #string(schema: JsonObject, pointer: string): Expression {
    const { pattern, format } = schema
    const least = count(schema, 'minLength', pointer) ?? 0
    const most = count(schema, 'maxLength', pointer) ?? Infinity
    if (pattern === undefined && format === undefined) return this.#json.string(least, most)
    const [keyword, source] = format === undefined ? ['pattern', pattern] : ['format', format]
    const at = `${pointer}/${keyword}`
    for (const other of ['minLength', 'maxLength', 'format']) {
      if (other === keyword || !(other in schema)) continue
      throw schemaRefusal(
        `${pointer}/${other}`,
        `the keyword ${other} cannot be kept beside ${keyword === 'format' && 'pattern' in schema ? 'pattern' : keyword}`,
        'write one pattern that says it all',
      )
    }
    if (keyword === 'format' && pattern !== undefined) {
      throw schemaRefusal(at, 'the keyword format cannot be kept beside pattern')
    }
    if (typeof source !== 'string') throw schemaRefusal(at, `${keyword} is a text`)
    const known = keyword === 'format' ? stringFormats.get(source) : source
    if (known === undefined) {
      throw schemaRefusal(
        at,
        `the format ${JSON.stringify(source)} cannot be kept`,
        `known are ${[...stringFormats.keys()].join(', ')}`,
      )
    }
    const { write } = this.#json
    return this.#json.quoted(
      inPlace(at, () =>
        patternLanguage(this.#expressions, known, { write, anywhere: keyword === 'pattern' }),
      ),
    )
  }

  #number(type: 'integer' | 'number', schema: JsonObject, pointer: string): Expression {
    const bounds = keywordsOf.number.map((keyword) => {
      const value = schema[keyword]
      if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value
      throw schemaRefusal(`${pointer}/${keyword}`, `${keyword} is a number`)
    })
    if (bounds.every((bound) => bound === undefined)) {
      return type === 'integer' ? this.#json.integer() : this.#json.number()
    }
    const within = type === 'integer' ? integersWithin : numbersWithin
    const language = within(this.#expressions, rangeOf(bounds))
    if (language !== undefined) return language
    const keyword = keywordsOf.number.find((each) => each in schema) ?? ''
    throw schemaRefusal(
      `${pointer}/${keyword}`,
      'bounds of so many digits cannot be kept exactly',
      'choose bounds of less than 15 digits',
    )
  }

  #array(schema: JsonObject, pointer: string): Expression {
    const { prefixItems = [], items } = schema
    const at = `${pointer}/prefixItems`
    if (!Array.isArray(prefixItems)) throw schemaRefusal(at, 'prefixItems is a list of schemas')
    if (Array.isArray(items)) {
      throw schemaRefusal(`${pointer}/items`, 'items is a schema', 'write a list of schemas as prefixItems')
    }
    const first = prefixItems.map((each, index) => this.#value(each, `${at}/${index}`))
    const isOpen = items === undefined && first.length === 0
    const more = isOpen
      ? this.#json.any()
      : items === undefined
        ? nothing
        : this.#value(items, `${pointer}/items`)
    const least = count(schema, 'minItems', pointer) ?? 0
    const most = count(schema, 'maxItems', pointer) ?? Infinity
    return this.#json.array(first, more, least, most)
  }

  #object(schema: JsonObject, pointer: string): Expression {
    const { properties = {}, required = [], additionalProperties: more } = schema
    if (!isObject(properties)) throw schemaRefusal(`${pointer}/properties`, 'properties is an object')
    if (!isNames(required)) throw schemaRefusal(`${pointer}/required`, 'required is a list of names')
    const names = [...new Set([...Object.keys(properties), ...required])]
    if (names.length > mostProperties) {
      throw schemaRefusal(`${pointer}/properties`, `${names.length} are more than ${mostProperties}`)
    }
    const others = more === undefined ? true : more
    const members = names.map((name) => {
      const isNamed = Object.hasOwn(properties, name)
      const own = isNamed ? properties[name] : others
      const at = isNamed ? `${pointer}/properties/${escaped(name)}` : `${pointer}/additionalProperties`
      return { key: this.#json.value(name), value: this.#value(own, at), optional: !required.includes(name) }
    })
    // An object of which nothing is said is any object; where properties are named, these alone are written.
    const isOpen = more === undefined ? names.length === 0 : more !== false
    if (!isOpen) return this.#json.object(members)
    return this.#json.object(members, {
      key: names.length === 0 ? this.#json.string(0, Infinity) : this.#json.stringOtherThan(names),
      value: this.#value(others, `${pointer}/additionalProperties`),
    })
  }

  #reference(reference: unknown, at: string): Expression {
    const { pointer, schema } = this.#target(reference, at)
    const known = this.#references.get(pointer)
    if (known !== undefined) return known
    const rule = this.#expressions.rule()
    this.#references.set(pointer, rule)
    this.#rules.push(rule)
    this.#expressions.define(rule, this.#value(schema, pointer))
    return rule
  }

  #target(reference: unknown, at: string): { readonly pointer: string; readonly schema: unknown } {
    if (typeof reference !== 'string' || !/^#(\/|$)/.test(reference)) {
      throw schemaRefusal(
        at,
        `${JSON.stringify(reference)} refers out of the schema`,
        'write it as #/$defs/NAME',
      )
    }
    const pointer = decodeURIComponent(reference.slice(1))
    let schema: unknown = this.#root
    for (const part of pointer.split('/').slice(1)) {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
      const isThere = typeof schema === 'object' && schema !== null && Object.hasOwn(schema, key)
      if (!isThere) throw schemaRefusal(at, `there is no ${reference}`, 'mend the reference')
      schema = (schema as JsonObject)[key]
    }
    return { pointer, schema }
  }

  /** A schema, or the one that it refers to. */
  #resolved(schema: unknown): unknown {
    let resolved = schema
    for (let steps = 0; steps < 16 && isObject(resolved) && typeof resolved['$ref'] === 'string'; steps++) {
      resolved = this.#target(resolved['$ref'], '').schema
    }
    return resolved
  }
}

function requireSmall(schema: unknown): void {
  let level: readonly unknown[] = [schema]
  let parts = 0
  for (let depth = 0; level.length > 0; depth++) {
    parts += level.length
    if (depth > mostDepth)
      throw schemaRefusal('', `the schema is nested more than ${mostDepth} deep`, 'use $ref')
    if (parts > mostParts)
      throw schemaRefusal('', `the schema has more than ${mostParts} parts`, 'make it smaller')
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []))
  }
}

function rangeOf(bounds: readonly (number | undefined)[]): NumberRange {
  const [minimum, maximum, above, below] = bounds
  const aboveLeast = above !== undefined && above >= (minimum ?? -Infinity)
  const belowMost = below !== undefined && below <= (maximum ?? Infinity)
  return {
    least: aboveLeast ? above : minimum,
    most: belowMost ? below : maximum,
    aboveLeast,
    belowMost,
  }
}

function count(schema: JsonObject, keyword: string, pointer: string): number | undefined {
  const value = schema[keyword]
  if (value === undefined || (Number.isSafeInteger(value) && Number(value) >= 0))
    return value as number | undefined
  throw schemaRefusal(`${pointer}/${keyword}`, `${keyword} is a whole number from 0`)
}

const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')

/** Errors of a pattern are in the schema. */
function inPlace(pointer: string, work: () => Expression): Expression {
  try {
    return work()
  } catch (error) {
    if (!HoneError.isInstance(error) || error.code !== 'E_CONSTRAINT') throw error
    throw schemaRefusal(pointer, error.message, error.hint)
  }
}
