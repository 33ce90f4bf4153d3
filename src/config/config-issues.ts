import type { z } from 'zod'
import { closestWord } from '../lib/closest-word.ts'
import type { ConfigProblem, KeyPath } from './config-problem.ts'
import type { JsonSchema } from './config-schema.ts'
import { allPaths, propertiesAt } from './known-keys.ts'

/**
 * What the schema's issues mean, in words; one problem for each unknown key.
 *
 * @param known the schema as JSON Schema, for what was probably meant
 */
export function toConfigProblems(
  issues: readonly z.core.$ZodIssue[],
  raw: unknown,
  known: JsonSchema,
): ConfigProblem[] {
  return issues.flatMap((issue) => fromIssue(issue, [], raw, known))
}

function fromIssue(
  issue: z.core.$ZodIssue,
  parent: KeyPath,
  raw: unknown,
  known: JsonSchema,
): ConfigProblem[] {
  const path = [...parent, ...issue.path]
  const value = valueAt(raw, path)
  const found = `this is ${shown(value)}`
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(path, key, known))
    case 'invalid_union':
      return fromUnion(issue, path, raw, known)
    case 'invalid_type':
      if (value === undefined) return [{ path, message: `"${String(path.at(-1))}" is missing` }]
      return [
        {
          path,
          message: `must be ${expectedKind(issue.expected)}, ${found}`,
          ...quoteHint(issue.expected, value),
        },
      ]
    case 'invalid_value': {
      if (value === undefined) return [{ path, message: `"${String(path.at(-1))}" is missing` }]
      const values = issue.values.map(String)
      const meant = typeof value === 'string' ? closestWord(value, values) : undefined
      const hint = meant === undefined ? {} : { hint: `did you mean "${meant}"?` }
      return [{ path, message: `must be ${oneOf(values)}, ${found}`, ...hint }]
    }
    case 'too_small':
      return [
        {
          path,
          message: `${limit(issue.origin, issue.inclusive ? 'at least' : 'more than', issue.minimum)}, ${found}`,
        },
      ]
    case 'too_big':
      return [
        {
          path,
          message: `${limit(issue.origin, issue.inclusive ? 'at most' : 'less than', issue.maximum)}, ${found}`,
        },
      ]
    case 'invalid_format':
    case 'custom':
      return [{ path, message: `${issue.message}, ${found}` }]
    case 'invalid_key':
      return [
        {
          path,
          message: `the key ${shown(String(path.at(-1)))} ${issue.issues[0]?.message ?? 'is not allowed'}`,
        },
      ]
    case 'not_multiple_of':
    case 'invalid_element':
    default:
      return [{ path, message: issue.message }]
  }
}

/** Of the forms that a value may have, the one that was meant: the first whose kind fits. */
function fromUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  path: KeyPath,
  raw: unknown,
  known: JsonSchema,
): ConfigProblem[] {
  const value = valueAt(raw, path)
  if (issue.discriminator !== undefined && 'options' in issue && Array.isArray(issue.options)) {
    const values = issue.options.map(String)
    const meant = typeof value === 'string' ? closestWord(value, values) : undefined
    if (value === undefined)
      return [{ path, message: `"${issue.discriminator}" is missing: ${oneOf(values)}` }]
    const hint = meant === undefined ? {} : { hint: `did you mean "${meant}"?` }
    return [{ path, message: `must be ${oneOf(values)}, this is ${shown(value)}`, ...hint }]
  }
  // A section of keys can be none of a list of texts.
  const isSection = typeof value === 'object' && value !== null
  const fitting = issue.errors.find(
    (errors) =>
      !errors.some(
        ({ code, path: place }) =>
          place.length === 0 && (code === 'invalid_type' || (code === 'invalid_value' && isSection)),
      ),
  )
  if (fitting !== undefined) return fitting.flatMap((error) => fromIssue(error, path, raw, known))
  if (value === undefined) return [{ path, message: `"${String(path.at(-1))}" is missing` }]
  const kinds = issue.errors.flatMap((errors) =>
    errors.flatMap((error) => (error.code === 'invalid_type' ? [expectedKind(error.expected)] : [])),
  )
  return [
    {
      path,
      message: `must be ${kinds.join(' or ')}, this is ${shown(value)}`,
      ...quoteHint('string', value),
    },
  ]
}

function unknownKey(parent: KeyPath, key: string, schema: JsonSchema): ConfigProblem {
  const path = [...parent, key]
  const message = `unknown key ${shown(key)}`
  const here = Object.keys(propertiesAt(schema, parent))
  if (here.includes(key)) return { path, message: `${shown(key)} belongs to another kind`, hint: 'remove it' }
  const meant = closestWord(key, here)
  if (meant !== undefined) return { path, message, hint: `did you mean "${meant}"?` }
  const elsewhere = allPaths(schema).find((each) => each.at(-1) === key)
  if (elsewhere !== undefined) return { path, message, hint: `did you mean ${elsewhere.join('.')}?` }
  return { path, message, hint: here.length === 0 ? 'remove it' : `known here: ${here.join(', ')}` }
}

function valueAt(raw: unknown, path: KeyPath): unknown {
  let value = raw
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = Reflect.get(value, key)
  }
  return value
}

function expectedKind(expected: string): string {
  if (expected === 'int') return 'a whole number'
  if (expected === 'object') return 'a section of keys'
  if (expected === 'array') return 'a list'
  return expected === 'string' ? 'a text' : `a ${expected}`
}

function quoteHint(expected: string, value: unknown): { hint?: string } {
  const scalar = typeof value === 'number' || typeof value === 'boolean'
  return expected === 'string' && scalar ? { hint: 'put it in quotes to make it a text' } : {}
}

function limit(origin: string, relation: string, bound: number | bigint): string {
  if (origin === 'string') return `must have ${relation} ${bound} characters`
  return origin === 'array' ? `must have ${relation} ${bound} entries` : `must be ${relation} ${bound}`
}

function oneOf(values: readonly string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`
}

/** A value as a short text for a message. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'a section of keys'
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
