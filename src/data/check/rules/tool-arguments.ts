import { createRequire } from 'node:module'
import type { ValidateFunction } from 'ajv'
import type { JsonObject } from '../../../core/example.ts'
import { parseJson } from '../../../lib/parse-json.ts'
import { isJsonObject } from '../../records/record-format.ts'
import type { RecordRule } from '../rule.ts'

// Few files have calls of tools, and rules cannot wait for an import.
const require = createRequire(import.meta.url)

/** Tools of a dataset are few; sets that write one for each record must not fill the memory. */
const keptSchemas = 200

export const toolArguments: RecordRule = {
  id: 'answer/tool-arguments',
  isAboutForm: true,
  severity: 'error',
  reason: 'Calls whose arguments break the schema of their tool teach the model to make such calls.',
  start() {
    const schemas = new Map<string, ValidateFunction | undefined>()
    return ({ record }, report) => {
      const holder = isJsonObject(record['input']) ? record['input'] : record
      const { tools, messages } = holder
      if (!Array.isArray(tools) || !Array.isArray(messages)) return
      messages.forEach((message: unknown, at) => {
        const calls = isJsonObject(message) ? message['tool_calls'] : undefined
        if (!Array.isArray(calls)) return
        calls.forEach((call: unknown, index) => {
          const target = isJsonObject(call) ? call['function'] : undefined
          if (!isJsonObject(target) || typeof target['arguments'] !== 'string') return
          const validate = validatorOf(tools, target['name'], schemas)
          const given = parsed(target['arguments'])
          if (validate === undefined || given === undefined || validate(given)) return
          const [fault] = validate.errors ?? []
          const where = fault?.instancePath === '' ? 'its top' : (fault?.instancePath ?? '')
          report(
            `${holder === record ? '' : '/input'}/messages/${at}/tool_calls/${index}/function/arguments`,
            `the arguments break the tool's schema at ${where}: ${fault?.message ?? 'wrong'}`,
          )
        })
      })
    }
  },
}

function validatorOf(
  tools: readonly unknown[],
  name: unknown,
  schemas: Map<string, ValidateFunction | undefined>,
): ValidateFunction | undefined {
  const declared = tools
    .map((tool) => (isJsonObject(tool) ? tool['function'] : undefined))
    .find((each): each is JsonObject => isJsonObject(each) && each['name'] === name)
  const schema = declared?.['parameters']
  if (!isJsonObject(schema)) return undefined
  const key = JSON.stringify(schema)
  if (!schemas.has(key)) {
    if (schemas.size >= keptSchemas) schemas.clear()
    schemas.set(key, compiled(schema))
  }
  return schemas.get(key)
}

/** A schema that is none, or that names others, is not applied: that is for the rule about tools. */
function compiled(schema: JsonObject): ValidateFunction | undefined {
  try {
    const { Ajv } = require('ajv') as typeof import('ajv')
    return new Ajv({ strict: false, validateFormats: false, logger: false }).compile(schema)
  } catch {
    return undefined
  }
}

function parsed(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}
