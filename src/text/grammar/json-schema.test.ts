import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileSchema } from '../../lib/json-schema.ts'
import { createRandom } from '../../lib/random.ts'
import { stringFormats } from './string-formats.ts'
import { randomSchemas } from './testing/random-schemas.ts'
import { accepts, drawText, languageOf, type Language } from './testing/texts-of.ts'

const languageFor = (schema: unknown): Language => languageOf({ type: 'json-schema', schema })

/** None where no value is right. */
function languageOrNone(schema: unknown): Language | undefined {
  try {
    return languageFor(schema)
  } catch {
    return undefined
  }
}

function validatorOf(schema: unknown): (text: string) => boolean {
  const check = compileSchema(schema)
  return (text) => check(JSON.parse(text)).length === 0
}

/** Many texts of a schema, each of them right by its schema. */
function drawn(schema: unknown, count: number): string[] {
  const language = languageFor(schema)
  const isRight = validatorOf(schema)
  const texts = Array.from({ length: count }, (_, seed) => drawText(language, createRandom(`${seed}`)))
  const whole = texts.filter((text) => text !== undefined)
  expect(whole.filter((text) => !isRight(text))).toEqual([])
  return whole
}

test('texts of random schemas are JSON that obeys them', () => {
  let whole = 0
  fc.assert(
    fc.property(randomSchemas, (schema) => {
      whole += drawn(schema, 6).length
    }),
    { numRuns: 120 },
  )
  expect(whole).toBeGreaterThan(500)
})

describe('numbers', () => {
  const bound = fc.oneof(
    fc.integer({ min: -1200, max: 1200 }),
    fc.integer({ min: -99_999, max: 99_999 }).map((value) => value / 1000),
    fc.constantFrom(0, 0.5, -0.5, 100, 1e8, -1e8, 123456.789),
  )
  const range = fc.record(
    { minimum: bound, maximum: bound, exclusiveMinimum: bound, exclusiveMaximum: bound },
    { requiredKeys: [] },
  )

  test.each(['integer', 'number'])(
    '%s within bounds: all that are written are right, and the others are not',
    (type) => {
      let right = 0
      let wrong = 0
      fc.assert(
        fc.property(range, fc.array(bound, { minLength: 1, maxLength: 10 }), (bounds, values) => {
          const schema = { type, ...bounds }
          const isRight = validatorOf(schema)
          const language = languageOrNone(schema)
          for (let seed = 0; seed < 8; seed++) {
            const text = language && drawText(language, createRandom(`${seed}`))
            expect([text, text === undefined || isRight(text)]).toEqual([text, true])
          }
          for (const value of values) {
            const text = JSON.stringify(value)
            expect([text, language !== undefined && accepts(language, text)]).toEqual([text, isRight(text)])
            if (isRight(text)) right += 1
            else wrong += 1
          }
        }),
        { numRuns: 300 },
      )
      expect(Math.min(right, wrong)).toBeGreaterThan(5)
    },
  )

  test.each([
    ['{"type":"number"}', ['0', '-1.5', '1e5', '12.5E-3', '-0'], ['01', '1.', '.5', '1e999', '+1', 'NaN']],
    [
      '{"type":"number","minimum":0.25,"maximum":0.75}',
      ['0.25', '0.250', '0.5', '0.7'],
      ['0', '0.2', '0.751', '1'],
    ],
    ['{"type":"integer","minimum":5}', ['5', '10', '999999999999999'], ['4', '5.0', '-6']],
    ['{"type":"integer","maximum":-1000}', ['-1000', '-20000'], ['-999', '1000', '0']],
  ])('%s', (schema, right, wrong) => {
    const language = languageFor(JSON.parse(schema))
    for (const text of right) expect([text, accepts(language, text)]).toEqual([text, true])
    for (const text of wrong) expect([text, accepts(language, text)]).toEqual([text, false])
  })
})

test.each([...stringFormats.keys()])('texts of the format %s are right', (format) => {
  expect(drawn({ type: 'string', format }, 40).length).toBeGreaterThan(30)
})

test.each([
  [
    { type: 'string', format: 'date' },
    ['"2024-02-29"', '"2000-02-29"', '"2026-12-31"'],
    ['"2023-02-29"', '"2026-04-31"'],
  ],
  [
    { type: 'string', minLength: 1, maxLength: 2 },
    ['"a"', '"\\ud83d\\ude00"', '"😀é"', '"\\n"'],
    ['""', '"abc"', '"\\ud83d"', '"\n"'],
  ],
  [{ type: 'string', pattern: '^"\\\\$' }, ['"\\"\\\\"'], ['"\\\\"']],
  [{ type: 'string', pattern: 'b' }, ['"abc"', '"\\nb"'], ['"ac"']],
  [
    { type: 'object', properties: { a: true }, additionalProperties: { type: 'null' } },
    ['{"a":1,"b":null}', '{"ab":null,"":null}'],
    ['{"a":1,"a":null}', '{"\\u0061":null}', '{"b":1}'],
  ],
  [
    { type: 'object', properties: { a: { type: 'null' } } },
    ['{}', '{ "a" : null }', '{\n\t"a":\r\nnull\n}'],
    ['{"b":null}', '{"a":null,}', '{,}'],
  ],
  [{ type: 'object' }, ['{"x":[1,{"y":"z"}]}'], ['[]', '{"x"}']],
  [{ type: 'object', required: ['a', 'b'] }, ['{"a":1,"b":[]}'], ['{"b":1,"a":1}', '{"a":1}']],
  [
    { type: 'object', properties: { b: { const: 1 }, a: { const: 2 }, c: { const: 3 } }, required: ['a'] },
    ['{"b":1,"a":2,"c":3}', '{"a":2}', '{"a":2,"c":3}'],
    ['{"a":2,"b":1}', '{"b":1,"c":3}'],
  ],
  [
    { items: { type: 'null' }, minItems: 1, maxItems: 2 },
    ['[null]', '[null,null]'],
    ['[]', '[null,null,null]', '[null,]'],
  ],
  [{ prefixItems: [{ type: 'null' }] }, ['[]', '[null]'], ['[null,null]', '[1]']],
  [{ type: ['string', 'null'], enum: ['a', null, 1] }, ['"a"', 'null'], ['1']],
  [{}, ['1', '"a"', '[[], {}]', 'null'], ['', 'nul']],
  [{ $ref: '#/$defs/a~1b', $defs: { 'a/b': { type: 'boolean' } } }, ['true'], ['1']],
  [
    {
      oneOf: [
        { type: 'object', properties: { k: { const: 'a' } }, required: ['k'] },
        { type: 'object', properties: { k: { const: 'b' } }, required: ['k'] },
        { type: 'string' },
      ],
    },
    ['{"k":"a"}', '{"k":"b"}', '""'],
    ['{}'],
  ],
])('%j', (schema, right, wrong) => {
  const language = languageFor(schema)
  for (const text of right) expect([text, accepts(language, text)]).toEqual([text, true])
  for (const text of wrong) expect([text, accepts(language, text)]).toEqual([text, false])
})

test('any JSON object', () => {
  const language = languageOf({ type: 'json-object' })
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), fc.nat(3), (value, indent) => {
      // As many digits as are read back exactly, and as the product writes.
      const text = JSON.stringify(
        value,
        (_, each: unknown) => (typeof each === 'number' ? Math.round(each % 1e9) : each),
        indent,
      )
      expect(accepts(language, text)).toBe(true)
      expect(accepts(language, `[${text}]`)).toBe(false)
    }),
  )
})

const nested = (depth: number): unknown => (depth === 0 ? true : { items: nested(depth - 1) })

const refused: readonly (readonly [schema: unknown, pointer: string, message: string])[] = [
  [{ type: 'array', uniqueItems: true }, '/uniqueItems', 'the keyword uniqueItems cannot be kept'],
  [{ properties: { 'a/b': { type: 'number', multipleOf: 3 } } }, '/properties/a~1b/multipleOf', 'multipleOf'],
  [{ type: 'string', minimum: 3 }, '/minimum', 'minimum cannot be kept beside type'],
  [{ not: {} }, '/not', 'the keyword not cannot be kept'],
  [{ type: 'object', patternProperties: {} }, '/patternProperties', 'patternProperties'],
  [{ anyOf: [{ type: 'null' }], type: 'object' }, '/type', 'type cannot be kept beside anyOf'],
  [{ allOf: [{ type: 'null' }, {}] }, '/allOf/1', '2 schemas at once'],
  [{ oneOf: [{ type: 'integer' }, { type: 'number' }] }, '/oneOf', 'oneOf'],
  [{ oneOf: [{ const: { a: 1, b: 2 } }, { const: { b: 2, a: 1 } }] }, '/oneOf', 'oneOf'],
  [{ anyOf: [] }, '/anyOf', 'anyOf is a list'],
  [{ $ref: 'https://example.com/a' }, '/$ref', 'refers out of the schema'],
  [{ $ref: '#/$defs/none' }, '/$ref', 'there is no #/$defs/none'],
  [{ $ref: '#' }, '', 'refers to itself'],
  [
    { $ref: '#/$defs/a', $defs: { a: { anyOf: [{ $ref: '#/$defs/a' }, { type: 'null' }] } } },
    '/$defs/a',
    'refers to itself',
  ],
  [
    { $ref: '#/$defs/a', $defs: { a: { properties: { a: { $ref: '#/$defs/a' } }, required: ['a'] } } },
    '/$defs/a',
    'no value that ever ends',
  ],
  [{ type: 'text' }, '/type', 'there is no type "text"'],
  [{ type: 'string', pattern: '(?=a)' }, '/pattern', 'it looks around'],
  [{ type: 'string', pattern: 'a', maxLength: 3 }, '/maxLength', 'beside pattern'],
  [{ type: 'string', format: 'uri-template' }, '/format', 'the format "uri-template" cannot be kept'],
  [{ type: 'string', minLength: -1 }, '/minLength', 'whole number'],
  [{ type: 'number', exclusiveMinimum: true }, '/exclusiveMinimum', 'is a number'],
  [{ type: 'number', minimum: 1e-7 }, '/minimum', 'bounds of so many digits'],
  [{ type: 'integer', minimum: 3, maximum: 2 }, '', 'no value is right'],
  [{ type: 'array', items: [{}] }, '/items', 'items is a schema'],
  [{ type: 'string', enum: [1, 2] }, '/enum', 'no value is right'],
  [{ properties: { a: { minimum: 'x' } } }, '/properties/a/minimum', 'is a number'],
  ['string', '', 'a schema is an object'],
  [nested(101), '', 'nested more than 100 deep'],
  [{ enum: Array.from({ length: 60_000 }, (_, index) => index) }, '', 'more than 50000 parts'],
]

test.each(
  refused.map(([schema, pointer, message]) => [`${pointer}: ${message}`, schema, pointer, message] as const),
)('is refused by name: %s', (_, schema, pointer, message) => {
  expect(() => languageFor(schema)).toThrow(
    expect.objectContaining({
      code: 'E_CONSTRAINT',
      at: { pointer },
      message: expect.stringContaining(message),
    }),
  )
})
