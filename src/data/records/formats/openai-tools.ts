import type { JsonObject, Tool, ToolCall } from '../../../core/example.ts'
import { parseJson } from '../../../lib/parse-json.ts'
import { excerpt } from '../../excerpt.ts'
import { digitsLost, losesDigits } from '../loses-digits.ts'
import type { RecordDraft } from '../record-draft.ts'
import { isJsonObject, isMeaningful, kindOf, pointerPart } from '../record-format.ts'

/** A tool from its name, description and schema, wherever a format puts them; `undefined` when it was reported. */
export function toTool(
  parts: { readonly name: unknown; readonly description: unknown; readonly parameters: unknown },
  pointer: string,
  draft: RecordDraft,
): Tool | undefined {
  const { name, description, parameters } = parts
  if (typeof name !== 'string' || name === '') {
    draft.report('tools/definition', pointer, 'the tool has no name')
    return undefined
  }
  if (parameters !== undefined && parameters !== null && !isJsonObject(parameters)) {
    draft.report('tools/definition', pointer, `the schema of ${excerpt(name)} is ${kindOf(parameters)}`)
    return undefined
  }
  return {
    name,
    ...(typeof description === 'string' ? { description } : {}),
    ...(isJsonObject(parameters) ? { parameters } : {}),
  }
}

/** A call from its parts; arguments as an object, or as the JSON text of one. `undefined` when it was reported. */
export function toCall(
  parts: { readonly id: unknown; readonly name: unknown; readonly arguments: unknown },
  pointer: string,
  draft: RecordDraft,
): ToolCall | undefined {
  const { id, name } = parts
  if (typeof name !== 'string' || name === '') {
    draft.report('tools/call', pointer, 'the call names no tool')
    return undefined
  }
  if (typeof id !== 'string' || id === '') {
    draft.report('tools/call', pointer, `the call of ${excerpt(name)} has no id`)
    return undefined
  }
  const given = typeof parts.arguments === 'string' ? parsed(parts.arguments) : (parts.arguments ?? {})
  if (!isJsonObject(given)) {
    draft.report('tools/call', pointer, `the arguments of ${excerpt(name)} are no JSON object`)
    return undefined
  }
  if (typeof parts.arguments === 'string' && losesDigits(parts.arguments)) {
    draft.report('record/ignored-key', pointer, digitsLost)
  }
  return { id, name, arguments: given }
}

/** JSON of a text, `undefined` for what is none. An empty text is an empty object, as services write calls without arguments. */
export function parsed(text: string): unknown {
  if (text.trim() === '') return {}
  try {
    const value: unknown = parseJson(text)
    return value
  } catch {
    return undefined
  }
}

/** Every element of a list that is an object, read by a function; what is none is reported. */
export function readList<T>(
  value: unknown,
  pointer: string,
  draft: RecordDraft,
  rule: 'tools/definition' | 'tools/call' | 'content/part',
  read: (element: JsonObject, pointer: string) => T | undefined,
): T[] {
  if (!Array.isArray(value)) {
    draft.report(rule, pointer, `this must be a list, and is ${kindOf(value)}`)
    return []
  }
  const result: T[] = []
  for (const [at, element] of value.entries()) {
    const place = `${pointer}/${at}`
    if (!isJsonObject(element)) {
      draft.report(rule, place, `this must be an object, and is ${kindOf(element)}`)
      continue
    }
    const one = read(element, place)
    if (one !== undefined) result.push(one)
  }
  return result
}

const toolKeys = new Set(['type', 'name', 'description', 'parameters'])

/** OpenAI's `tools`, or the older `functions` that lack the frame. */
function readOpenaiTools(value: unknown, pointer: string, draft: RecordDraft): void {
  draft.tools = readList(value, pointer, draft, 'tools/definition', (tool, place) => {
    const body = isJsonObject(tool['function']) ? tool['function'] : tool
    for (const key in body) {
      if (toolKeys.has(key) || body[key] === null) continue
      draft.report(
        'record/ignored-key',
        `${place}/${pointerPart(key)}`,
        `${excerpt(key)} of tools is not read`,
      )
    }
    return toTool(
      { name: body['name'], description: body['description'], parameters: body['parameters'] },
      place,
      draft,
    )
  })
}

export const writeOpenaiTool = ({ name, description, parameters }: Tool): JsonObject => ({
  type: 'function',
  function: {
    name,
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters }),
  },
})

export const writeOpenaiCall = ({ id, name, arguments: given }: ToolCall): JsonObject => ({
  id,
  type: 'function',
  function: { name, arguments: JSON.stringify(given) },
})

/** `tools` (or the older `functions`) and `parallel_tool_calls`, where a record has them. */
export function readChatSettings(record: JsonObject, draft: RecordDraft, at = ''): void {
  const key = isMeaningful(record['tools']) ? 'tools' : 'functions'
  if (!isMeaningful(record[key])) return
  readOpenaiTools(record[key], `${at}/${key}`, draft)
  if (typeof record['parallel_tool_calls'] === 'boolean') {
    draft.parallelToolCalls = record['parallel_tool_calls']
  }
}
