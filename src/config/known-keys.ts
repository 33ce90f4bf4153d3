import type { KeyPath } from './config-problem.ts'
import type { JsonSchema } from './config-schema.ts'

/** The properties that an object at a path may have, in any of its forms. */
export function propertiesAt(schema: JsonSchema, path: KeyPath): Readonly<Record<string, JsonSchema>> {
  const [key, ...rest] = path
  const properties = propertiesOf(schema)
  if (key === undefined) return properties
  const next = properties[String(key)]
  if (next !== undefined) return propertiesAt(next, rest)
  return Object.assign({}, ...elementsOf(schema).map((element) => propertiesAt(element, rest)))
}

/** What the items of a list, or the members of a section with names of the user's choice, may be. */
function elementsOf(schema: JsonSchema): JsonSchema[] {
  const own = [schema['items'], schema['additionalProperties']].filter(isSchema)
  return [...own, ...formsOf(schema).flatMap(elementsOf)]
}

function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  const own = schema['properties']
  return Object.assign(
    {},
    ...formsOf(schema).map(propertiesOf),
    isSchema(own) ? Object.fromEntries(Object.entries(own).filter(([, property]) => isSchema(property))) : {},
  )
}

const formsOf = (schema: JsonSchema): JsonSchema[] =>
  [schema['anyOf'], schema['oneOf']].flatMap((list) => (Array.isArray(list) ? list.filter(isSchema) : []))

/** Every key that there is, as a path from the root. */
export function allPaths(schema: JsonSchema): string[][] {
  return Object.entries(propertiesOf(schema)).flatMap(([key, property]) => [
    [key],
    ...allPaths(property).map((path) => [key, ...path]),
  ])
}

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
