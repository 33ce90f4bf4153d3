import { HoneError } from '../../core/errors.ts'
import { compileSchema } from '../../lib/json-schema.ts'
import type { SchemaFault } from './rule.ts'

/**
 * Says what is wrong with values that must obey a JSON Schema (draft 2020-12; earlier drafts are read as it).
 *
 * @param file - named in errors
 * @throws HoneError `E_CONFIG` where it is no schema
 */
export function answerFaultsOf(schema: unknown, file: string): (value: unknown) => readonly SchemaFault[] {
  try {
    const check = compileSchema(schema, { allErrors: true })
    return (value) =>
      check(value).map(({ instancePath, message, params }) => ({
        pointer: instancePath,
        message: `${message ?? 'wrong'}${detailOf(params as Readonly<Record<string, unknown>>)}`,
      }))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new HoneError('E_CONFIG', `this is no JSON Schema: ${reason.slice(0, 200)}`, {
      at: { file },
      cause,
    })
  }
}

/** The name or the values that the message of the library leaves out. */
function detailOf({ additionalProperty, allowedValues }: Readonly<Record<string, unknown>>): string {
  if (typeof additionalProperty === 'string') return ` (${additionalProperty.slice(0, 40)})`
  return Array.isArray(allowedValues) ? ` (${allowedValues.slice(0, 8).join(', ').slice(0, 120)})` : ''
}
