import { z } from 'zod'
import { readWith } from '../read-body.ts'

/** Codes of OpenAI's for parameters that cannot be kept to. */
const unsupportedParameter = { code: 'unsupported_parameter' }
const unsupportedValue = { code: 'unsupported_value' }

/**
 * A request whose members are all known: one that the API does not have is refused, and so is one that it has and that
 * cannot be kept to here. One that is null is not given.
 *
 * @param refused by name, what to do instead
 */
export const requestSchema = <Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
  refused: Readonly<Record<string, string>> = {},
): z.ZodObject<Shape, z.core.$loose> =>
  z.looseObject(shape).superRefine((body, context) => {
    for (const [name, value] of Object.entries(body)) {
      if (Object.hasOwn(shape, name) || value === null || value === undefined) continue
      const instead = Object.hasOwn(refused, name) ? refused[name] : undefined
      context.addIssue({
        code: 'custom',
        path: [name],
        ...(instead === undefined
          ? { message: `Unknown parameter: '${name.slice(0, 100)}'.`, params: { code: 'unknown_parameter' } }
          : {
              message: `Unsupported parameter: '${name}' is not supported with this model: ${instead}.`,
              params: unsupportedParameter,
            }),
      })
    }
  })

/** What a body asks for, beside the body as it was sent. */
export const asking = <Body, Asked>(
  schema: z.ZodType<Body>,
  toAsked: (body: Body, sent: Readonly<Record<string, unknown>>) => Asked,
): z.ZodType<Asked> =>
  z.unknown().transform((sent) => toAsked(readWith(schema, sent), sent as Readonly<Record<string, unknown>>))

/** A parameter that only has its usual values here, with which it changes nothing. */
export const onlyValues = (values: readonly unknown[]): z.ZodType =>
  z
    .unknown()
    .superRefine((value, context) => {
      if (value === null || value === undefined) return
      if (values.some((known) => JSON.stringify(known) === JSON.stringify(value))) return
      const usual = values.map((known) => JSON.stringify(known)).join(' or ')
      const said = JSON.stringify(value).slice(0, 60)
      context.addIssue({
        code: 'custom',
        message: `Unsupported value: ${said} is not supported with this model. Only ${usual} is supported.`,
        params: unsupportedValue,
      })
    })
    .optional()

/** A parameter that is taken and changes nothing. */
export const unheeded: z.ZodType = z.unknown().optional()

/** A part of a message that no local model reads, such as a picture. */
export const unreadPart = <Type extends string>(type: Type): z.ZodObject<{ type: z.ZodLiteral<Type> }> =>
  z.object({
    type: z.literal(type).refine(() => false, {
      message: `Invalid content type. ${type} is only supported by certain models.`,
      params: { code: 'unsupported_value' },
    }),
  })

export const metadata: z.ZodType<Record<string, string> | null | undefined> = z
  .record(z.string().max(64), z.string().max(512))
  .refine((members) => Object.keys(members).length <= 16, 'expected at most 16 members')
  .nullish()

/** What the sampling parameters of every endpoint have in common. */
export const sampling: {
  readonly temperature: z.ZodType<number | null | undefined>
  readonly top_p: z.ZodType<number | null | undefined>
} = {
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
}

export const stopTexts: z.ZodType<string | string[] | null | undefined> = z
  .union([z.string(), z.array(z.string()).max(4, 'expected at most 4 texts')])
  .nullish()

/** Until the model ends its answer, or its context is full. */
export const untilContextIsFull: number = 2 ** 30

/** Texts at which to stop; an empty one is none. */
export const toStop = (stop: string | readonly string[] | null | undefined): readonly string[] =>
  (typeof stop === 'string' ? [stop] : (stop ?? [])).filter((text) => text !== '')

/** Without members that are null or undefined. */
export function given<Value extends object>(
  value: Value,
): { [Key in keyof Value]?: NonNullable<Value[Key]> } {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== null && member !== undefined),
  ) as { [Key in keyof Value]?: NonNullable<Value[Key]> }
}
