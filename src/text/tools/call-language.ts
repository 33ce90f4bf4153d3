import { HoneError } from '../../core/errors.ts'
import type { JsonObject, Tool } from '../../core/example.ts'
import { empty, nothing, type Expression, type Expressions } from '../grammar/expressions.ts'
import { anyObjectLanguage, schemaLanguage } from '../grammar/json-schema.ts'
import { JsonText } from '../grammar/json-text.ts'
import { wholeKeywords } from '../grammar/schema-keywords.ts'
import { callClose, callOpen, listMark, type CallForm } from './call-form.ts'

/** How a model writes calls. */
export interface CallWriting {
  readonly form: CallForm
  /** Whether one answer may make several. */
  readonly writesSeveralCalls: boolean
}

/** Which calls an answer makes. */
export interface CallDemand {
  readonly called: readonly Tool[]
  /** All that are offered, for errors. */
  readonly tools: readonly Tool[]
  /** Whether there is one call and no more. */
  readonly isOne: boolean
  /** Whether the answer may also be text, or text before calls. */
  readonly isFree?: boolean
  /** Names of those that take any object. */
  readonly loose?: readonly string[]
}

/** Answers that call tools. */
export interface CallLanguage {
  readonly language: Expression
  /** Text of a special token that comes first, where the model has one of it. */
  readonly mark: string | undefined
}

/**
 * Answers that are nothing but calls of the tools, one at least, each with arguments that its schema accepts; where they are
 * free, also texts, of which what begins like a call is one.
 *
 * @throws HoneError `E_CONSTRAINT` with a pointer to the part of a tool that cannot be kept
 */
export function callLanguage(
  expressions: Expressions,
  { form, writesSeveralCalls }: CallWriting,
  { called, tools, isOne, isFree = false, loose = [] }: CallDemand,
): CallLanguage {
  const json = new JsonText(expressions, [])
  const { argumentsKey, hasId, mark } = writings[form.id]
  const calls = called.map((tool) =>
    json.object([
      { key: json.value('name'), value: json.value(tool.name) },
      {
        key: json.value(argumentsKey),
        value: loose.includes(tool.name)
          ? anyObjectLanguage(expressions)
          : argumentsLanguage(expressions, tool.parameters, `/tools/${tools.indexOf(tool)}/parameters`),
      },
      ...(hasId ? [{ key: json.value('id'), value: idOf(json), optional: true }] : []),
    ]),
  )
  const call = expressions.choice(...calls)
  const most = isOne || !writesSeveralCalls ? 1 : Infinity
  return { language: (isFree ? freeLanguages : languages)[form.id](json, call, most), mark }
}

interface Writing {
  readonly argumentsKey: string
  readonly hasId: boolean
  readonly mark: string | undefined
}

/** As templates write them: those of Hermes and Qwen, of Mistral, of Llama 3. */
const writings: Readonly<Record<CallForm['id'], Writing>> = {
  tags: { argumentsKey: 'arguments', hasId: false, mark: undefined },
  list: { argumentsKey: 'arguments', hasId: true, mark: listMark },
  object: { argumentsKey: 'parameters', hasId: false, mark: undefined },
}

type Languages = Readonly<
  Record<CallForm['id'], (json: JsonText, call: Expression, most: number) => Expression>
>

const languages: Languages = {
  tags: (json, call, most) =>
    json.expressions.sequence(json.expressions.text(callOpen), taggedCalls(json, call, most)),
  list: (json, call, most) => {
    const { expressions, whiteSpace } = json
    const marked = expressions.sequence(expressions.text(listMark), whiteSpace)
    return expressions.sequence(expressions.choice(marked, whiteSpace, empty), json.array([], call, 1, most))
  },
  object: (_, call) => call,
}

/** The same, and texts: those without a call, and where the form has room for it those before calls. */
const freeLanguages: Languages = {
  tags: (json, call, most) => textUpTo(json.expressions, callOpen, taggedCalls(json, call, most)),
  list: (json, call, most) =>
    json.expressions.choice(languages.list(json, call, most), textNotFrom(json.expressions, '[')),
  object: (json, call, most) =>
    json.expressions.choice(languages.object(json, call, most), textNotFrom(json.expressions, '{')),
}

/** Calls between tags, after the first of these. */
function taggedCalls({ expressions, whiteSpace }: JsonText, call: Expression, most: number): Expression {
  const one = expressions.sequence(whiteSpace, call, whiteSpace, expressions.text(callClose))
  const further = expressions.sequence(expressions.text(`\n${callOpen}`), one)
  return expressions.sequence(one, expressions.repeat(further, 0, most - 1))
}

/**
 * Texts in which the mark stands nowhere, and those that go on as is told from the first mark on. How much of the mark a text
 * ends with is all that decides what may follow: Knuth, Morris and Pratt 1977, https://doi.org/10.1137/0206024.
 */
function textUpTo(expressions: Expressions, mark: string, afterMark: Expression): Expression {
  const endings = Array.from(mark, () => expressions.rule())
  const ending = (length: number): Expression => expressions.optional(endings[length] ?? nothing)
  endings.forEach((rule, length) => {
    const ways = new Map<number, [number, number][]>()
    for (let byte = 0; byte < 256; byte++) {
      const next = endOf(`${mark.slice(0, length)}${String.fromCharCode(byte)}`, mark)
      ways.set(next, [...(ways.get(next) ?? []), [byte, byte]])
    }
    const choices = [...ways].map(([next, bytes]) =>
      expressions.sequence(expressions.bytes(bytes), next === mark.length ? afterMark : ending(next)),
    )
    expressions.define(rule, expressions.choice(...choices))
  })
  return ending(0)
}

/** How much of the mark the text ends with. */
function endOf(text: string, mark: string): number {
  let length = Math.min(text.length, mark.length)
  while (!text.endsWith(mark.slice(0, length))) length--
  return length
}

/** Texts that begin otherwise, white space aside. */
function textNotFrom(expressions: Expressions, first: '[' | '{'): Expression {
  const space = expressions.bytes([
    [0x09, 0x0d],
    [0x20, 0x20],
  ])
  const code = first.charCodeAt(0)
  const others = expressions.bytes([
    [0x00, 0x08],
    [0x0e, 0x1f],
    [0x21, code - 1],
    [code + 1, 0xff],
  ])
  const anything = expressions.repeat(expressions.bytes([[0x00, 0xff]]), 0, Infinity)
  return expressions.sequence(
    expressions.repeat(space, 0, Infinity),
    expressions.optional(expressions.sequence(others, anything)),
  )
}

/** Nine letters and digits, as Mistral's template demands. */
function idOf(json: JsonText): Expression {
  const character = json.expressions.bytes([
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x61, 0x7a],
  ])
  return json.quoted(json.expressions.repeat(character, 9, 9))
}

function argumentsLanguage(
  expressions: Expressions,
  parameters: JsonObject | undefined,
  pointer: string,
): Expression {
  if (parameters === undefined) return anyObjectLanguage(expressions)
  try {
    const language = schemaLanguage(expressions, asObject(parameters))
    if (language !== nothing) return language
  } catch (error) {
    if (!HoneError.isInstance(error) || error.code !== 'E_CONSTRAINT') throw error
    throw new HoneError(error.code, error.message, {
      at: { pointer: `${pointer}${error.at.pointer ?? ''}` },
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    })
  }
  throw notObject(pointer)
}

/** What is not an object would not be read as a call. */
function asObject(parameters: JsonObject): JsonObject {
  const { type } = parameters
  const types: readonly unknown[] = type === undefined ? ['object'] : Array.isArray(type) ? type : [type]
  if (!types.includes('object') || wholeKeywords.some((keyword) => keyword in parameters)) {
    throw notObject('')
  }
  return { ...parameters, type: 'object' }
}

const notObject = (pointer: string): HoneError =>
  new HoneError('E_CONSTRAINT', 'the schema of a tool that must be called is not one of an object', {
    at: { pointer },
    hint: 'give it the type object, with properties',
  })
