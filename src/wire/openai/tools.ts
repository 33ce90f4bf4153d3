import { z } from 'zod'
import type { Constraint, ToolChoice } from '../../core/chat-model.ts'
import type { Tool } from '../../core/example.ts'
import { BodyFault, type DialectRequest } from '../dialect-request.ts'

const word = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'expected at most 64 letters, digits, _ and -')

const functionMembers = {
  name: word,
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  // Arguments are not kept to their schema.
  strict: z
    .literal(false, {
      error: () =>
        'Unsupported value: arguments are not kept to their schema with this model; leave strict out.',
    })
    .nullish(),
}
const definition = z.object(functionMembers)

const functionTool = z.object({ type: z.literal('function'), function: definition })

/** Tools of a chat completion. */
export const chatTools: z.ZodType<Tool[] | null | undefined> = z
  .array(
    z
      .discriminatedUnion('type', [functionTool, refusedTools(['custom'])])
      .transform((tool) => toTool('function' in tool ? tool.function : undefined)),
  )
  .max(128)
  .nullish()

/** Tools of a response, whose functions are not a member of their own. */
export const responseTools: z.ZodType<Tool[] | null | undefined> = z
  .array(
    z
      .discriminatedUnion('type', [
        z.object({ type: z.literal('function'), ...functionMembers }),
        refusedTools([
          'apply_patch',
          'code_interpreter',
          'computer_use_preview',
          'custom',
          'file_search',
          'image_generation',
          'local_shell',
          'mcp',
          'shell',
          'web_search',
          'web_search_preview',
        ]),
      ])
      .transform((tool) => toTool('name' in tool ? tool : undefined)),
  )
  .max(128)
  .nullish()

/** Tools that a service runs by itself, which is not done here. */
function refusedTools(types: readonly [string, ...string[]]): z.ZodObject<{ type: z.ZodLiteral<string> }> {
  const type = z.literal([...types]).refine(() => false, {
    error: ({ input }) =>
      `Unsupported value: tools of the type '${String(input)}' are not supported with this model, only functions.`,
    params: { code: 'unsupported_value' },
  })
  return z.object({ type })
}

function toTool(given: z.infer<typeof definition> | undefined): Tool {
  // Refused before.
  if (given === undefined) return { name: '' }
  const { name, description, parameters } = given
  return {
    name,
    parameters: parameters ?? { type: 'object', properties: {} },
    ...(description === null || description === undefined ? {} : { description }),
  }
}

const choiceWords = z.enum(['none', 'auto', 'required'])
const functionName = z.object({ name: z.string() })

/** The choice among tools of a chat completion. */
export const chatToolChoice: z.ZodType<ToolChoice | null | undefined> = z
  .union([
    choiceWords,
    z.object({ type: z.literal('function'), function: functionName }).transform((choice) => choice.function),
  ])
  .nullish()

/** The choice among tools of a response. */
export const responseToolChoice: z.ZodType<ToolChoice | null | undefined> = z
  .union([
    choiceWords,
    z.object({ type: z.literal('function'), ...functionName.shape }).transform(({ name }) => ({ name })),
  ])
  .nullish()

/** @throws BodyFault for a function that is not among the tools */
export function toToolChoice(
  choice: ToolChoice | null | undefined,
  tools: readonly Tool[],
): DialectRequest['toolChoice'] {
  if (choice === null || choice === undefined) return undefined
  // What says nothing of its own is taken without tools, too.
  if (tools.length === 0 && (choice === 'none' || choice === 'auto')) return undefined
  if (choice === 'required') return 'any'
  if (typeof choice === 'string' || tools.some(({ name }) => name === choice.name)) return choice
  throw new BodyFault(
    '/tool_choice',
    `Tool choice '${choice.name.slice(0, 64)}' not found in 'tools' parameter.`,
    'invalid_value',
  )
}

const jsonSchemaMembers = {
  name: word,
  description: z.string().nullish(),
  schema: z.record(z.string(), z.unknown()).optional(),
  strict: z.boolean().nullish(),
}

const plainFormats = [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
] as const

/** The form of the answer of a chat completion. */
export const chatFormat: z.ZodType<Constraint | undefined> = z
  .discriminatedUnion('type', [
    ...plainFormats,
    z.object({ type: z.literal('json_schema'), json_schema: z.object(jsonSchemaMembers) }),
  ])
  .nullish()
  .transform((format) =>
    toConstraint(format?.type, format?.type === 'json_schema' ? format.json_schema.schema : undefined),
  )

/** The form of the answer of a response. */
export const responseFormat: z.ZodType<Constraint | undefined> = z
  .discriminatedUnion('type', [
    ...plainFormats,
    z.object({ type: z.literal('json_schema'), ...jsonSchemaMembers }),
  ])
  .nullish()
  .transform((format) =>
    toConstraint(format?.type, format?.type === 'json_schema' ? format.schema : undefined),
  )

/** A schema is kept to whether it is called strict or not; without one any object will do. */
function toConstraint(
  type: 'text' | 'json_object' | 'json_schema' | undefined,
  schema: unknown,
): Constraint | undefined {
  if (type === undefined || type === 'text') return undefined
  return type === 'json_object' || schema === undefined
    ? { type: 'json-object' }
    : { type: 'json-schema', schema }
}
