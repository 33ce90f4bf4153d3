import * as fc from 'fast-check'

const names = fc.constantFrom('a', 'ab', 'name', 'é"', 'two words', 'x\\y')
const length = fc.nat({ max: 3 })

const strings = fc.oneof(
  fc.record({ type: fc.constant('string'), minLength: length, maxLength: fc.integer({ min: 3, max: 6 }) }),
  fc.record({
    type: fc.constant('string'),
    pattern: fc.constantFrom(
      '^[A-Z]{2}[0-9]{1,4}$',
      '^(ja|nein)$',
      '^x',
      '^[^a-z]{0,5}$',
      '^\\w+@\\w+\\.de$',
    ),
  }),
)
const numbers = fc
  .tuple(fc.constantFrom('integer', 'number'), fc.integer({ min: -50, max: 50 }), fc.nat({ max: 500 }))
  .map(([type, minimum, size]) => ({ type, minimum, maximum: minimum + size }))
const values = fc.oneof(
  fc.record({ const: fc.jsonValue({ maxDepth: 2 }) }),
  fc.record({ enum: fc.array(fc.jsonValue({ maxDepth: 1 }), { minLength: 1, maxLength: 4 }) }),
)
const simple = fc.oneof(
  strings,
  numbers,
  values,
  fc.constantFrom(
    { type: 'boolean' },
    { type: ['null', 'integer'] },
    { type: 'number' },
    { $ref: '#/$defs/shared' },
  ),
)

const { schema } = fc.letrec<{ schema: object }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    simple,
    fc
      .tuple(
        fc.uniqueArray(fc.tuple(names, tie('schema')), { selector: ([name]) => name, maxLength: 4 }),
        fc.infiniteStream(fc.boolean()),
      )
      .chain(([properties, choices]) =>
        fc
          .constantFrom(undefined, false, { type: 'integer', maximum: 9, minimum: 0 })
          .map((additionalProperties) => ({
            type: 'object',
            properties: Object.fromEntries(properties),
            required: properties.map(([name]) => name).filter(() => choices.next().value),
            ...(additionalProperties === undefined ? {} : { additionalProperties }),
          })),
      ),
    fc
      .tuple(tie('schema'), length, fc.nat({ max: 2 }))
      .map(([items, minItems, more]) => ({ type: 'array', items, minItems, maxItems: minItems + more })),
    fc.record({
      type: fc.constant('array'),
      prefixItems: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }),
      items: fc.constant(false),
    }),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
  ),
}))

/** Schemas of all that can be kept, whose texts mostly end soon. */
export const randomSchemas: fc.Arbitrary<object> = schema.map((own) => ({
  ...own,
  $defs: {
    shared: {
      type: 'array',
      items: { anyOf: [{ $ref: '#/$defs/shared' }, { type: 'null' }, { enum: ['b'] }] },
      maxItems: 2,
    },
  },
}))
