import { _, Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { sameJson } from './same-json.ts'

/** What is wrong with a value; nothing where it is right. */
export type SchemaCheck = (value: unknown) => readonly ErrorObject[]

export interface CompileSchemaOptions {
  /** Say all that is wrong. Default false: the first of it. */
  readonly allErrors?: boolean
}

/**
 * A check by a JSON Schema (draft 2020-12; earlier drafts are read as it).
 *
 * @throws Error where it is no schema
 */
export function compileSchema(
  schema: unknown,
  { allErrors = false }: CompileSchemaOptions = {},
): SchemaCheck {
  if (typeof schema !== 'boolean' && (!isObject(schema) || Array.isArray(schema)))
    throw new TypeError('a schema is an object, true or false')
  const ajv = new Ajv2020({ strict: false, logger: false, allErrors })
  addFormats.default(ajv)
  compareAsJson(ajv)
  const validate = ajv.compile(typeof schema === 'boolean' ? schema : withoutDraft(schema))
  return (value) => (validate(value) ? [] : (validate.errors ?? []))
}

function withoutDraft(schema: object): object {
  const { $schema: _draft, ...rest } = schema as Record<string, unknown>
  return rest
}

/** The library compares values as objects of JavaScript: it calls their `valueOf` and `toString`, and fails where these are members. */
function compareAsJson(ajv: Ajv2020): void {
  for (const keyword of ['const', 'enum', 'uniqueItems']) ajv.removeKeyword(keyword)
  ajv.addKeyword({
    keyword: 'const',
    compile: (constant: unknown) => (value: unknown) => sameJson(value, constant),
    error: {
      message: 'must be equal to constant',
      params: ({ schemaCode }) => _`{allowedValue: ${schemaCode}}`,
    },
  })
  ajv.addKeyword({
    keyword: 'enum',
    schemaType: 'array',
    compile: (allowed: readonly unknown[]) => {
      const [objects, others] = parted(allowed)
      const known = new Set(others)
      return (value: unknown) => known.has(value) || objects.some((each) => sameJson(value, each))
    },
    error: {
      message: 'must be equal to one of the allowed values',
      params: ({ schemaCode }) => _`{allowedValues: ${schemaCode}}`,
    },
  })
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    compile: (wanted: boolean) => (items: readonly unknown[]) => !wanted || areUnique(items),
    error: { message: 'must NOT have duplicate items' },
  })
}

function areUnique(items: readonly unknown[]): boolean {
  const [objects, others] = parted(items)
  return (
    new Set(others).size === others.length &&
    objects.every((item, at) => !objects.slice(0, at).some((before) => sameJson(item, before)))
  )
}

/** Lists and objects, and what is neither. */
function parted(values: readonly unknown[]): [object[], unknown[]] {
  return [values.filter(isObject), values.filter((value) => !isObject(value))]
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
