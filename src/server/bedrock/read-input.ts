import { z } from 'zod'
import type { JsonValue } from '../../lib/canonical-json.ts'
import { parseJson } from '../../lib/parse-json.ts'
import type { Tag } from '../../store/database/tag-store.ts'
import { readBody, type AwsRequest } from '../aws/aws-request.ts'
import { validationError } from './bedrock-error.ts'

/** Bodies of the control plane are small. */
const largestBody = 2 * 2 ** 20

/** @throws AwsError `ValidationException` */
export async function readJson(request: AwsRequest, limit: number = largestBody): Promise<JsonValue> {
  const text = (await readBody(request, limit)).toString('utf8')
  if (text.trim() === '') return {}
  try {
    return parseJson(text) as JsonValue
  } catch {
    throw validationError('The request body is not valid JSON.')
  }
}

/** Checks the members of a request. @throws AwsError `ValidationException` that names all that is wrong */
export function checkInput<Input>(schema: z.ZodType<Input>, input: unknown): Input {
  const { success, data, error } = schema.safeParse(withoutNulls(input))
  if (success) return data
  const faults = error.issues.slice(0, 10).map((issue) => {
    const member = issue.path.map(String).join('.')
    return `Value at '${member}' failed to satisfy constraint: ${issue.message}`
  })
  const count = faults.length === 1 ? '1 validation error' : `${faults.length} validation errors`
  throw validationError(`${count} detected: ${faults.join('; ')}`)
}

/** A member that is null is one that is not given. */
function withoutNulls(input: unknown): unknown {
  if (Array.isArray(input) || typeof input !== 'object' || input === null) return input
  return Object.fromEntries(
    Object.entries(input)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, withoutNulls(value)]),
  )
}

const matching = (pattern: RegExp, minimum: number, maximum: number): z.ZodType<string> =>
  z
    .string('Member must be a string')
    .min(minimum, `Member must have length greater than or equal to ${minimum}`)
    .max(maximum, `Member must have length less than or equal to ${maximum}`)
    .regex(pattern, `Member must satisfy regular expression pattern: ${pattern.source}`)

// Forms of the service model that match in linear time.
export const jobName: z.ZodType<string> = matching(/^[a-zA-Z0-9][a-zA-Z0-9+.-]*$/, 1, 63)
export const customModelName: z.ZodType<string> = matching(/^([0-9a-zA-Z][_-]?){1,63}$/, 1, 63)
export const roleArn: z.ZodType<string> = matching(/^arn:aws(-[^:]+)?:iam::([0-9]{12})?:role\/.+$/, 0, 2048)
export const requestToken: z.ZodType<string> = matching(
  /^[a-zA-Z0-9]([-a-zA-Z0-9]{0,254}[a-zA-Z0-9])?$/,
  1,
  256,
)
export const s3Uri: z.ZodType<string> = matching(
  /^s3:\/\/[a-z0-9][-.a-z0-9]{1,61}[a-z0-9](?:\/[-!_*'().a-z0-9A-Z]+(?:\/[-!_*'().a-z0-9A-Z]+)*)?\/?$/,
  1,
  1024,
)
export const tagList: z.ZodType<Tag[]> = z
  .array(
    z.object({
      key: matching(/^[a-zA-Z0-9\s._:/=+@-]*$/, 1, 128),
      value: matching(/^[a-zA-Z0-9\s._:/=+@-]*$/, 0, 256),
    }),
  )
  .max(200)
  .refine(
    (tags) => new Set(tags.map(({ key }) => key)).size === tags.length,
    'Member must have tags of different keys',
  )

/** Key of the key service by ARN, id or alias. Nothing is encrypted with it here. */
export const kmsKeyId: z.ZodType<string> = matching(
  /^(?:(?:arn:aws(?:-[^:]+)?:kms:[a-zA-Z0-9-]*:[0-9]{12}:(?:key\/[a-zA-Z0-9-]{36}|alias\/[a-zA-Z0-9-_/]+))|[a-zA-Z0-9-]{36}|alias\/[a-zA-Z0-9-_/]+)$/,
  1,
  2048,
)

export const kmsKeyArn: z.ZodType<string> = matching(
  /^arn:aws(?:-[^:]+)?:kms:[a-zA-Z0-9-]*:[0-9]{12}:key\/[a-zA-Z0-9-]{36}$/,
  1,
  2048,
)

/** Where a model's files lie. */
export const modelDataSource: z.ZodType<{ s3DataSource: { s3Uri: string } }> = z.object({
  s3DataSource: z.object({ s3Uri }),
})

export const accountId: z.ZodType<string> = matching(/^[0-9]{12}$/, 12, 12)

/** An ARN, id or name in a path or a member. */
export const identifier: z.ZodType<string> = z.string().min(1).max(2048)

const networkIds = (most: number): z.ZodType<string[]> =>
  z
    .array(matching(/^[-0-9a-zA-Z]+$/, 0, 32))
    .min(1)
    .max(most)

/** Kept and answered; there is no such network here. */
export const vpcConfig: z.ZodType<{ subnetIds: string[]; securityGroupIds: string[] }> = z.object({
  subnetIds: networkIds(16),
  securityGroupIds: networkIds(5),
})

const time: z.ZodType<number> = z
  .string()
  .refine(
    (text) =>
      /^\d{4}-\d\d-\d\dT[\d:.]{5,20}(?:Z|[+-]\d\d:?\d\d)?$/.test(text) && !Number.isNaN(Date.parse(text)),
    'Member must be a timestamp, such as 2026-01-31T12:00:00Z',
  )
  .transform((text) => Date.parse(text))

const count: z.ZodType<number> = z
  .string()
  .regex(/^\d{1,5}$/, 'Member must be a whole number')
  .transform(Number)
  .refine((value) => value >= 1 && value <= 1000, 'Member must be between 1 and 1000')

/** A part of a name of whatever kind. */
export const nameContains: z.ZodType<string> = matching(/^[a-zA-Z0-9][a-zA-Z0-9+._-]*$/, 1, 63)

/** What every list operation takes from the query. */
export const listMembers: {
  readonly maxResults: z.ZodOptional<z.ZodType<number>>
  readonly nextToken: z.ZodOptional<z.ZodType<string>>
  readonly sortBy: z.ZodOptional<z.ZodType<'CreationTime'>>
  readonly sortOrder: z.ZodOptional<z.ZodType<'Ascending' | 'Descending'>>
  readonly nameContains: z.ZodOptional<z.ZodType<string>>
} = {
  maxResults: count.optional(),
  nextToken: matching(/^\S*$/, 1, 2048).optional(),
  sortBy: z.literal('CreationTime').optional(),
  sortOrder: z.enum(['Ascending', 'Descending']).optional(),
  nameContains: nameContains.optional(),
}

const moment = time.optional()
/** The same under names of an operation's own. */
export const submittedMembers: {
  readonly submitTimeAfter: z.ZodOptional<z.ZodType<number>>
  readonly submitTimeBefore: z.ZodOptional<z.ZodType<number>>
} = { submitTimeAfter: moment, submitTimeBefore: moment }

export const createdMembers: {
  readonly creationTimeAfter: z.ZodOptional<z.ZodType<number>>
  readonly creationTimeBefore: z.ZodOptional<z.ZodType<number>>
} = { creationTimeAfter: moment, creationTimeBefore: moment }

/** Without members that are undefined, as exact optional ones demand. */
export function defined<Value extends object>(
  value: Value,
): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [Key in keyof Value]: Exclude<Value[Key], undefined>
  }
}
