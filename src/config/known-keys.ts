import type { KeyPath } from './config-problem.ts'
import type { JsonSchema } from './config-schema.ts'

/** The properties that an object at a path may have, in any of its forms. */
export function propertiesAt(schema: JsonSchema, path: KeyPath): Readonly<Record<string, JsonSchema>> {
  const [key, ...rest] = path
  const properties = propertiesOf(schema)
  if (key === undefined) return properties
  const next = properties[String(key)]
  return next === undefined ? {} : propertiesAt(next, rest)
}

function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  const forms = [schema['anyOf'], schema['oneOf']].flatMap((list) =>
    Array.isArray(list) ? list.filter(isSchema) : [],
  )
  const own = schema['properties']
  return Object.assign(
    {},
    ...forms.map(propertiesOf),
    isSchema(own) ? Object.fromEntries(Object.entries(own).filter(([, property]) => isSchema(property))) : {},
  )
}

/** Every key that there is, as a path from the root. */
export function allPaths(schema: JsonSchema): string[][] {
  return Object.entries(propertiesOf(schema)).flatMap(([key, property]) => [
    [key],
    ...allPaths(property).map((path) => [key, ...path]),
  ])
}

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
