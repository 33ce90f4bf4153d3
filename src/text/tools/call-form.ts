import type { JsonObject, ToolCall } from '../../core/example.ts'
import { parseJson } from '../../lib/parse-json.ts'
import { jsonEnd } from './json-end.ts'

/** A call as the model writes it: without an id, which is no more than a name for it. */
export type WrittenCall = Pick<ToolCall, 'name' | 'arguments'>

/** An answer in its parts. */
export interface ReadAnswer {
  /** All that is no call, less the white space around calls. */
  readonly text: string
  readonly calls: readonly WrittenCall[]
}

/** How a model writes its calls into an answer. */
export interface CallForm {
  readonly id: 'tags' | 'list' | 'object'
  /**
   * Where a call may begin, or the beginning of one that is still to be written whole: everything before is text for
   * certain. The length of the answer where there is none.
   */
  firstCall(answer: string): number
  /** @param allows whether there is a tool of this name: what calls another is text */
  read(answer: string, allows: (name: string) => boolean): ReadAnswer
}

export const callOpen = '<tool_call>'
export const callClose = '</tool_call>'

/** Each call is JSON between tags, after the text: that of Hermes and Qwen, and of the layout. */
const tags: CallForm = {
  id: 'tags',
  firstCall: (answer) => withSpaceBefore(answer, beginningOf(answer, callOpen)),
  read(answer, allows) {
    const texts: string[] = []
    const calls: WrittenCall[] = []
    let next = 0
    for (let at = answer.indexOf(callOpen); at >= 0; at = answer.indexOf(callOpen, at + callOpen.length)) {
      const start = skipSpace(answer, at + callOpen.length)
      const end = jsonEnd(answer, start)
      if (end === undefined) continue
      const after = skipSpace(answer, end)
      const isClosed = answer.startsWith(callClose, after)
      if (!isClosed && after < answer.length) continue
      const call = callOf(parsed(answer.slice(start, end)), allows)
      if (call === undefined) continue
      texts.push(answer.slice(next, at).trimEnd())
      calls.push(call)
      next = isClosed ? after + callClose.length : after
      at = next - callOpen.length
    }
    if (calls.length === 0) return { text: answer, calls }
    texts.push(answer.slice(next).trim())
    return { text: texts.filter((text) => text !== '').join('\n'), calls }
  },
}

/** The answer is a list of calls, after a mark that may be a special token: that of Mistral. */
const list: CallForm = {
  id: 'list',
  firstCall: (answer) => (/^\s*(\[|$)/.test(answer) ? 0 : answer.length),
  read(answer, allows) {
    const start = skipSpace(
      answer,
      answer.trimStart().startsWith(listMark) ? answer.indexOf(listMark) + listMark.length : 0,
    )
    return whole(answer, start, (value) => {
      if (!Array.isArray(value) || value.length === 0) return undefined
      const calls = value.map((each: unknown) => callOf(each, allows))
      return calls.includes(undefined) ? undefined : calls.filter((call) => call !== undefined)
    })
  },
}

export const listMark = '[TOOL_CALLS]'

/** The answer is one call: that of Llama 3. */
const object: CallForm = {
  id: 'object',
  firstCall: (answer) => (/^\s*(\{|$)/.test(answer) ? 0 : answer.length),
  read: (answer, allows) =>
    whole(answer, skipSpace(answer, 0), (value) => {
      const call = callOf(value, allows)
      return call === undefined ? undefined : [call]
    }),
}

/** Every form that can be read, the one of the layout first. */
export const callForms: readonly [layout: CallForm, ...others: CallForm[]] = [tags, list, object]

/** One call between tags, as the layout writes it. */
export const writeTagged = ({ name, arguments: given }: WrittenCall): string =>
  `${callOpen}${JSON.stringify({ name, arguments: given })}${callClose}`

function whole(
  answer: string,
  start: number,
  callsOf: (value: unknown) => WrittenCall[] | undefined,
): ReadAnswer {
  const end = jsonEnd(answer, start)
  const isWhole = end !== undefined && skipSpace(answer, end) === answer.length
  const calls = isWhole ? callsOf(parsed(answer.slice(start, end))) : undefined
  return calls === undefined ? { text: answer, calls: [] } : { text: '', calls }
}

/** `parameters` is what Llama calls the arguments. */
function callOf(value: unknown, allows: (name: string) => boolean): WrittenCall | undefined {
  if (!isObject(value)) return undefined
  const { name, arguments: given = value['parameters'] } = value
  return typeof name === 'string' && isObject(given) && allows(name) ? { name, arguments: given } : undefined
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function parsed(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (/\s/.test(text.charAt(at))) at++
  return at
}

/** Where the mark stands, or a beginning of it at the very end; else the length. */
function beginningOf(text: string, mark: string): number {
  const at = text.indexOf(mark)
  if (at >= 0) return at
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(mark.slice(0, length))) return text.length - length
  }
  return text.length
}

/** White space before a call belongs to it. */
function withSpaceBefore(text: string, at: number): number {
  return text.slice(0, at).trimEnd().length
}
