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
}

/** Answers that call tools. */
export interface CallLanguage {
  readonly language: Expression
  /** Text of a special token that comes first, where the model has one of it. */
  readonly mark: string | undefined
}

/**
 * Answers that are nothing but calls of the tools, one at least, each with arguments that its schema accepts.
 *
 * @throws HoneError `E_CONSTRAINT` with a pointer to the part of a tool that cannot be kept
 */
export function callLanguage(
  expressions: Expressions,
  { form, writesSeveralCalls }: CallWriting,
  { called, tools, isOne }: CallDemand,
): CallLanguage {
  const json = new JsonText(expressions, [])
  const { argumentsKey, hasId, mark } = writings[form.id]
  const calls = called.map((tool) =>
    json.object([
      { key: json.value('name'), value: json.value(tool.name) },
      {
        key: json.value(argumentsKey),
        value: argumentsLanguage(expressions, tool.parameters, `/tools/${tools.indexOf(tool)}/parameters`),
      },
      ...(hasId ? [{ key: json.value('id'), value: idOf(json), optional: true }] : []),
    ]),
  )
  const call = expressions.choice(...calls)
  const most = isOne || !writesSeveralCalls ? 1 : Infinity
  return { language: languages[form.id](json, call, most), mark }
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

const languages: Readonly<
  Record<CallForm['id'], (json: JsonText, call: Expression, most: number) => Expression>
> = {
  tags: ({ expressions, whiteSpace }, call, most) => {
    const one = expressions.sequence(
      expressions.text(callOpen),
      whiteSpace,
      call,
      whiteSpace,
      expressions.text(callClose),
    )
    const further = expressions.sequence(expressions.text('\n'), one)
    return expressions.sequence(one, expressions.repeat(further, 0, most - 1))
  },
  list: (json, call, most) => {
    const { expressions, whiteSpace } = json
    const marked = expressions.sequence(expressions.text(listMark), whiteSpace)
    return expressions.sequence(expressions.choice(marked, whiteSpace, empty), json.array([], call, 1, most))
  },
  object: (_, call) => call,
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
