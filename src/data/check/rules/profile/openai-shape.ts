import type { JsonObject } from '../../../../core/example.ts'
import { parseJson } from '../../../../lib/parse-json.ts'
import { excerpt } from '../../../excerpt.ts'
import { isJsonObject, kindOf } from '../../../records/record-format.ts'
import type { RecordRule, RowReport } from '../../rule.ts'
import { messagesOf, roleOf } from './messages-of.ts'

export const messageWeight: RecordRule = {
  id: 'profile/weight',
  isAboutForm: true,
  severity: 'error',
  reason: 'The weight of an answer is 0 or 1, and one of them must count.',
  start({ profile }) {
    if (profile === undefined || !profile.record.messageKeys.includes('weight')) return undefined
    const { record: shape, method } = profile
    return ({ record }, report) => {
      const messages = messagesOf(record, shape)
      if (messages === undefined) return
      let answers = 0
      let learned = 0
      for (let at = 0; at < messages.list.length; at++) {
        const message = messages.list[at]
        if (!isJsonObject(message)) continue
        const { weight } = message
        const isAnswer = roleOf(message) === 'assistant'
        if (isAnswer) answers++
        if (isAnswer && weight !== 0) learned++
        if (weight === undefined) continue
        const pointer = `${messages.pointer}/${at}/weight`
        if (!isAnswer)
          report(pointer, `only an answer has a weight, this message comes from ${excerpt(roleOf(message))}`)
        else if (weight !== 0 && weight !== 1) {
          report(
            pointer,
            `the weight must be 0 or 1, this is ${typeof weight === 'number' ? weight : kindOf(weight)}`,
          )
        }
      }
      if (method === 'supervised' && answers > 0 && learned === 0) {
        report(messages.pointer, 'every answer has the weight 0: nothing would be learned')
      }
    }
  },
}

export const preferenceShape: RecordRule = {
  id: 'profile/preference',
  isAboutForm: true,
  severity: 'error',
  reason: 'A preference is a prompt with two different answers, each one assistant message.',
  start({ profile }) {
    if (profile?.record.kind !== 'openai-preference') return undefined
    return ({ record }, report) => {
      const answers = ['preferred_output', 'non_preferred_output'].map((key) => {
        const value = record[key]
        if (value === undefined) return undefined
        const message: unknown = Array.isArray(value) ? value[0] : undefined
        if (!Array.isArray(value) || value.length !== 1 || roleOf(message) !== 'assistant') {
          report(`/${key}`, 'an answer is a list of one assistant message')
          return undefined
        }
        return isJsonObject(message) ? message['content'] : undefined
      })
      const [preferred, other] = answers
      if (typeof preferred === 'string' && preferred === other) {
        report('/non_preferred_output', 'the preferred answer and the other one are the same')
      }
      const { input } = record
      const list = isJsonObject(input) ? input['messages'] : undefined
      if (Array.isArray(list) && roleOf(list.at(-1)) === 'assistant') {
        report(`/input/messages/${list.length - 1}`, 'the prompt must not end with an answer')
      }
    }
  },
}

const toolName = /^[A-Za-z0-9_-]{1,64}$/

export const tools: RecordRule = {
  id: 'profile/tools',
  isAboutForm: true,
  severity: 'error',
  reason:
    'Tools are declared as functions with a JSON Schema, and a call names one of them with JSON arguments.',
  start({ profile }) {
    if (profile?.record.kind.startsWith('openai-') !== true) return undefined
    const { record: shape } = profile
    return ({ record }, report) => {
      const holder =
        shape.kind === 'openai-preference' && isJsonObject(record['input']) ? record['input'] : record
      const base = holder === record ? '' : '/input'
      const declared = checkTools(holder['tools'], `${base}/tools`, report)
      const messages = messagesOf(record, shape)
      if (messages === undefined) return
      const called = new Set<string>()
      for (let at = 0; at < messages.list.length; at++) {
        const message = messages.list[at]
        if (!isJsonObject(message)) continue
        const pointer = `${messages.pointer}/${at}`
        if (message['tool_calls'] !== undefined) {
          checkCalls(message['tool_calls'], `${pointer}/tool_calls`, { declared, called }, report)
        }
        if (roleOf(message) !== 'tool') continue
        const id = message['tool_call_id']
        if (typeof id !== 'string')
          report(`${pointer}/tool_call_id`, 'a tool message needs the tool_call_id that it answers')
        else if (!called.has(id))
          report(`${pointer}/tool_call_id`, `no call before it has the id ${excerpt(id)}`)
      }
    }
  },
}

function checkTools(value: unknown, pointer: string, report: RowReport): ReadonlySet<string> | undefined {
  if (value === undefined) return undefined
  if (!Array.isArray(value)) {
    report(pointer, `tools must be a list, this is ${kindOf(value)}`)
    return undefined
  }
  const names = new Set<string>()
  value.forEach((tool: unknown, at) => {
    const declared: unknown = isJsonObject(tool) ? tool['function'] : undefined
    if (!isJsonObject(tool) || tool['type'] !== 'function' || !isJsonObject(declared)) {
      report(`${pointer}/${at}`, 'a tool is {"type": "function", "function": {"name", "parameters"}}')
      return
    }
    const { name, parameters } = declared
    if (typeof name !== 'string' || !toolName.test(name)) {
      report(`${pointer}/${at}/function/name`, 'the name of a tool has letters, digits, _ and -, 64 at most')
    } else names.add(name)
    if (parameters !== undefined && !isJsonObject(parameters)) {
      report(
        `${pointer}/${at}/function/parameters`,
        `parameters must be a JSON Schema, this is ${kindOf(parameters)}`,
      )
    }
  })
  return names
}

function checkCalls(
  value: unknown,
  pointer: string,
  known: { readonly declared: ReadonlySet<string> | undefined; readonly called: Set<string> },
  report: RowReport,
): void {
  if (!Array.isArray(value)) {
    report(pointer, `tool_calls must be a list, this is ${kindOf(value)}`)
    return
  }
  value.forEach((call: unknown, at) => {
    const target: unknown = isJsonObject(call) ? call['function'] : undefined
    if (!isJsonObject(call) || typeof call['id'] !== 'string' || !isJsonObject(target)) {
      report(`${pointer}/${at}`, 'a call is {"id", "type": "function", "function": {"name", "arguments"}}')
      return
    }
    known.called.add(call['id'])
    const { name } = target
    if (typeof name !== 'string' || known.declared?.has(name) !== true) {
      report(
        `${pointer}/${at}/function/name`,
        `no tool is declared with the name ${typeof name === 'string' ? excerpt(name) : kindOf(name)}`,
      )
    }
    if (argumentsOf(target) === undefined) {
      report(`${pointer}/${at}/function/arguments`, 'arguments must be text that holds a JSON object')
    }
  })
}

function argumentsOf({ arguments: text }: JsonObject): unknown {
  if (typeof text !== 'string') return undefined
  try {
    const value: unknown = parseJson(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
