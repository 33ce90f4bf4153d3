import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { z } from 'zod'
import { HoneError } from '../../core/errors.ts'
import { closestWord } from '../../lib/closest-word.ts'
import { kindGroups } from './detector.ts'
import { detectors } from './detectors.ts'
import { safePattern } from './pattern-detector.ts'
import { builtInPolicies, redactActions, type RedactPolicy } from './policy.ts'

const action = z.enum(redactActions)

/** The names that a policy may decide over: kinds, and groups of kinds. */
const policyKinds: readonly string[] = [...kindGroups, ...detectors.map(({ kind }) => kind)].filter(
  (kind, at, all) => all.indexOf(kind) === at,
)

/** The form of a policy file. */
const policySchema = z
  .strictObject({
    $schema: z.string().optional(),
    schema: z.literal(1).meta({ description: 'Version of the form.' }),
    name: z
      .string()
      .min(1)
      .max(60)
      .optional()
      .meta({ description: 'Name in reports (default: that of the file).' }),
    default: action.default('replace').meta({ description: 'What is done with kinds that are not named.' }),
    kinds: z
      .partialRecord(z.enum(policyKinds), action)
      .default({})
      .meta({ description: 'What is done, by kind or group of kinds; a kind goes before its group.' }),
    pseudonyms: z
      .enum(['conversation', 'file'])
      .default('conversation')
      .meta({ description: 'Within which the same value gets the same pseudonym.' }),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be two capital letters, such as "DE"')
      .optional()
      .meta({
        description: 'ISO 3166 code of the country whose national numbers are written without a prefix.',
      }),
    mrn: z.array(z.string()).max(20).optional().meta({ description: 'Patterns of medical record numbers.' }),
  })
  .meta({ title: 'Policy of hone data redact' })

/** The form of a policy file as JSON Schema. */
export const policyJsonSchema = (): object => z.toJSONSchema(policySchema, { io: 'input' })

/**
 * The policy of a name or a file (YAML or JSON).
 *
 * @throws HoneError `E_USAGE` when there is no such name or file; `E_CONFIG` that says all that is wrong in the file.
 */
export async function readPolicy(nameOrFile: string): Promise<RedactPolicy> {
  const builtIn = builtInPolicies.find(({ name }) => name === nameOrFile)
  if (builtIn !== undefined) return builtIn
  const text = await readFile(nameOrFile, 'utf8').catch((error: unknown) => {
    const names = builtInPolicies.map(({ name }) => name)
    const meant = closestWord(nameOrFile, names)
    throw new HoneError(
      'E_USAGE',
      `there is no policy ${JSON.stringify(nameOrFile)}, and no such file can be read`,
      {
        hint: `${meant === undefined ? '' : `did you mean ${meant}? `}name one of ${names.join(', ')}, or a YAML or JSON file`,
        cause: error,
      },
    )
  })
  let raw: unknown
  try {
    raw = parse(text)
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    throw new HoneError('E_CONFIG', `not YAML: ${said}`, { at: { file: nameOrFile }, cause: error })
  }
  const read = policySchema.safeParse(raw)
  if (!read.success) throw problems(read.error.issues, nameOrFile, raw)
  const { name = nameOrFile, country, mrn, default: otherwise, kinds, pseudonyms } = read.data
  for (const pattern of mrn ?? []) safePattern(pattern)
  return {
    name,
    default: otherwise,
    kinds: Object.fromEntries(
      Object.entries(kinds).flatMap(([kind, does]) => (does === undefined ? [] : [[kind, does]])),
    ),
    pseudonyms,
    ...(country === undefined ? {} : { country }),
    ...(mrn === undefined ? {} : { mrn }),
  }
}

function problems(issues: readonly z.core.$ZodIssue[], file: string, raw: unknown): HoneError {
  const said = issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      const known = issue.path[0] === 'kinds' ? policyKinds : Object.keys(policySchema.shape)
      return issue.keys.map((key) => ({
        path: [...issue.path, key],
        message: `"${key}" is not known`,
        meant: closestWord(key, known),
      }))
    }
    if (issue.code === 'invalid_key') {
      const key = String(issue.path.at(-1))
      return [{ path: issue.path, message: `"${key}" is not a kind`, meant: closestWord(key, policyKinds) }]
    }
    if (issue.code === 'invalid_value') {
      const value = issue.path.reduce<unknown>(
        (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
        raw,
      )
      const values = issue.values.map(String)
      return [
        {
          path: issue.path,
          message: `must be ${values.join(' or ')}`,
          meant: typeof value === 'string' ? closestWord(value, values) : undefined,
        },
      ]
    }
    return [{ path: issue.path, message: issue.message, meant: undefined }]
  })
  const lines = said.map(
    ({ path, message, meant }) =>
      `/${path.join('/')}  ${message}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
  )
  return new HoneError(
    'E_CONFIG',
    `${lines.length} ${lines.length === 1 ? 'problem' : 'problems'} in the policy\n  ${lines.join('\n  ')}`,
    {
      at: { file, pointer: `/${said[0]?.path.join('/') ?? ''}` },
      hint: 'docs/redact.md describes the file',
    },
  )
}
