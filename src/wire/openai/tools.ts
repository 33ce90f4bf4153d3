import { z } from 'zod'
import type { Constraint, ToolChoice } from '../../core/chat-model.ts'
import type { Tool } from '../../core/example.ts'
import { BodyFault, type DialectRequest } from '../dialect-request.ts'

const word = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'expected at most 64 letters, digits, _ and -')

const functionMembers = {
  name: word,
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  strict: z.boolean().nullish(),
}
const definition = z.object(functionMembers)

/** A tool that is offered, and whether its arguments must fit their schema. */
export interface OfferedTool {
  readonly tool: Tool
  readonly strict: boolean
}

const functionTool = z.object({ type: z.literal('function'), function: definition })

/** Tools of a chat completion. */
export const chatTools: z.ZodType<OfferedTool[] | null | undefined> = z
  .array(
    z
      .discriminatedUnion('type', [functionTool, refusedTools(['custom'])])
      .transform((tool) => toTool('function' in tool ? tool.function : undefined)),
  )
  .max(128)
  .nullish()

/** Tools of a response, whose functions are not a member of their own. */
export const responseTools: z.ZodType<OfferedTool[] | null | undefined> = z
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

function toTool(read: z.infer<typeof definition> | undefined): OfferedTool {
  // Refused before.
  if (read === undefined) return { tool: { name: '' }, strict: false }
  const { name, description, parameters, strict } = read
  const tool = {
    name,
    parameters: parameters ?? { type: 'object', properties: {} },
    ...(description === null || description === undefined ? {} : { description }),
  }
  return { tool, strict: strict ?? false }
}

const choiceWords = z.enum(['none', 'auto', 'required'])
const functionName = z.object({ name: z.string() })

/** A choice among some of the tools. */
interface AllowedTools {
  readonly mode: 'auto' | 'required'
  readonly names: readonly string[]
}

type AskedChoice = ToolChoice | AllowedTools | null | undefined

const mode = z.enum(['auto', 'required'])
const calledFunction = z.object({ type: z.literal('function'), function: functionName })
const calledOfResponse = z.object({ type: z.literal('function'), ...functionName.shape })

/** The choice among tools of a chat completion. */
export const chatToolChoice: z.ZodType<AskedChoice> = z
  .union([
    choiceWords,
    z.discriminatedUnion('type', [
      calledFunction.transform((choice): ToolChoice => choice.function),
      z
        .object({
          type: z.literal('allowed_tools'),
          allowed_tools: z.object({ mode, tools: z.array(calledFunction).min(1) }),
        })
        .transform(({ allowed_tools: { mode: chosen, tools } }): AllowedTools => ({
          mode: chosen,
          names: tools.map((each) => each.function.name),
        })),
    ]),
  ])
  .nullish()

/** The choice among tools of a response. */
export const responseToolChoice: z.ZodType<AskedChoice> = z
  .union([
    choiceWords,
    z.discriminatedUnion('type', [
      calledOfResponse.transform(({ name }): ToolChoice => ({ name })),
      z
        .object({ type: z.literal('allowed_tools'), mode, tools: z.array(calledOfResponse).min(1) })
        .transform(({ mode: chosen, tools }): AllowedTools => ({
          mode: chosen,
          names: tools.map(({ name }) => name),
        })),
    ]),
  ])
  .nullish()

/** What a request says of tools. */
interface ToolMembers {
  readonly tools?: readonly OfferedTool[] | null | undefined
  readonly tool_choice?: AskedChoice
  readonly parallel_tool_calls?: boolean | null | undefined
}

/**
 * The tools of a request, and the choice among them.
 *
 * @throws BodyFault for a choice that is not among the tools
 */
export function toolMembers({
  tools: all,
  tool_choice: choice,
  parallel_tool_calls: areParallel,
}: ToolMembers): Pick<DialectRequest, 'tools' | 'toolChoice' | 'oneCall' | 'strictTools'> {
  const isAllowed = typeof choice === 'object' && choice !== null && 'names' in choice
  const said = (isAllowed ? choice.mode : choice) ?? undefined
  const called = isAllowed ? choice.names : typeof said === 'object' ? [said.name] : []
  const missing = called.find((name) => !(all ?? []).some(({ tool }) => tool.name === name))
  if (missing !== undefined) {
    throw new BodyFault(
      '/tool_choice',
      `Tool choice '${missing.slice(0, 64)}' not found in 'tools' parameter.`,
      'invalid_value',
    )
  }
  // The model is told of no tool that it may not call.
  const offered = (all ?? []).filter(({ tool }) => !isAllowed || called.includes(tool.name))
  const tools = offered.map(({ tool }) => tool)
  const strictTools = offered.flatMap(({ tool, strict }) => (strict ? [tool.name] : []))
  const isFree = said === undefined || said === 'auto'
  if (tools.length === 0) {
    if (isFree || said === 'none') return {}
    throw new BodyFault('/tool_choice', "'tool_choice' is only allowed when 'tools' are specified.")
  }
  return {
    tools,
    ...(isFree ? {} : { toolChoice: said === 'required' ? 'any' : said }),
    ...(strictTools.length === 0 ? {} : { strictTools }),
    ...(areParallel === false ? { oneCall: true } : {}),
  }
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
