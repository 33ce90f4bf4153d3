import { Ajv2020 } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileSchema } from './json-schema.ts'
import { sameJson } from './same-json.ts'

const isRight = (schema: unknown, value: unknown): boolean => compileSchema(schema)(value).length === 0

test.each(['valueOf', 'toString', 'constructor', '__proto__', 'hasOwnProperty'])(
  'members called %s are compared as all others',
  (name) => {
    const [one, same, other] = ['1', '1', '2'].map((text) => JSON.parse(`{"${name}": ${text}}`) as unknown)
    expect(isRight({ const: one }, same)).toBe(true)
    expect(isRight({ const: one }, other)).toBe(false)
    expect(isRight({ const: {} }, one)).toBe(false)
    expect(isRight({ enum: [3, one] }, same)).toBe(true)
    expect(isRight({ enum: [3, one] }, other)).toBe(false)
    expect(isRight({ uniqueItems: true }, [one, 1, other])).toBe(true)
    expect(isRight({ uniqueItems: true }, [one, 1, same])).toBe(false)
  },
)

/** Members that the library takes for what every object of JavaScript has: it fails, or says of equal values that they differ. */
const inherited = new Set(Object.getOwnPropertyNames(Object.prototype))
const hasInherited = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).some(([name, member]) => inherited.has(name) || hasInherited(member))
const plain = fc.jsonValue({ maxDepth: 2 }).filter((value) => !hasInherited(value))

test('where the library can compare, both say the same', () => {
  const ajv = new Ajv2020({ strict: false, logger: false })
  const schemas = fc.oneof(
    fc.record({ const: plain }),
    fc.record({ enum: fc.array(plain, { minLength: 1, maxLength: 3 }) }),
    fc.record({ uniqueItems: fc.boolean() }),
  )
  let [right, wrong] = [0, 0]
  fc.assert(
    fc.property(schemas, fc.array(plain, { maxLength: 3 }), fc.nat(), (schema, values, at) => {
      const known = [...('enum' in schema ? schema.enum : []), ...('const' in schema ? [schema.const] : [])]
      const copies = structuredClone([...values, ...known, [...values, ...values]])
      const value = copies[at % copies.length]
      const wanted = ajv.validate(schema, value)
      expect(isRight(schema, value)).toBe(wanted)
      if (wanted) right++
      else wrong++
    }),
    { numRuns: 200 },
  )
  expect(Math.min(right, wrong)).toBeGreaterThan(10)
})

test('says what is wrong and where, all of it where that is asked for', () => {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    properties: { kind: { enum: ['a', 'b'] }, tags: { uniqueItems: true }, version: { const: 2 } },
  }
  const value = { kind: 'c', tags: [1, 1], version: 3 }
  expect(compileSchema(schema)(value)).toHaveLength(1)
  const all = compileSchema(schema, { allErrors: true })(value)
  expect(all.map(({ instancePath, message, params }) => [instancePath, message, params])).toEqual([
    ['/kind', 'must be equal to one of the allowed values', { allowedValues: ['a', 'b'] }],
    ['/tags', 'must NOT have duplicate items', {}],
    ['/version', 'must be equal to constant', { allowedValue: 2 }],
  ])
  expect(() => compileSchema({ type: 'text' })).toThrow('type')
  for (const none of [null, 5, []]) expect(() => compileSchema(none)).toThrow('a schema is an object')
  expect(isRight(false, 1)).toBe(false)
})

test('the order of members says nothing, that of items does', () => {
  expect(sameJson({ a: [1, { b: null }], c: 'd' }, { c: 'd', a: [1, { b: null }] })).toBe(true)
  expect(sameJson([1, 2], [2, 1])).toBe(false)
  expect(sameJson([], {})).toBe(false)
  expect(sameJson({ a: undefined }, { b: undefined })).toBe(false)
  expect(sameJson(0, -0)).toBe(true)
})
