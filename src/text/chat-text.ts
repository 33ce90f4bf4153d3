import { HoneError } from '../core/errors.ts'
import type { Message, Tool } from '../core/example.ts'
import { createTokenFinder } from './added-tokens.ts'
import { placeAnswer, type AnswerPlace, type RenderedExample } from './answer-place.ts'
import type { ChatTemplate, RenderOptions } from './chat-template.ts'
import { renderMarked } from './marked-rendering.ts'
import { cut, type Tokenizer } from './tokenizer.ts'
import type { CallWriting } from './tools/call-language.ts'
import { CallReader } from './tools/call-reader.ts'
import type { PreparedConversation } from './tools/prepared-conversation.ts'
import { areSameCalls } from './tools/template-tools.ts'
import { createToolText, type ToolText } from './tools/tool-conversation.ts'

export interface EncodeExampleOptions {
  /** Which assistant messages are trained on. Default `all`. */
  readonly answers?: 'all' | 'last'
  /** One flag an assistant message: false where it is not trained on. */
  readonly learned?: readonly boolean[] | undefined
  /** The tools that the model may call. */
  readonly tools?: readonly Tool[] | undefined
}

export interface EncodedExample {
  readonly tokens: number[]
  /** One flag a token: true for the tokens of answers, each with its end-of-turn token. */
  readonly trained: boolean[]
  /** Answers whose first characters share a token with the prompt; that token is not trained. */
  readonly joinedAnswers: number
}

/** Conversations as the tokens of one model: the same code for training and for serving. */
export interface ChatText {
  readonly templateHash: string
  readonly defaultSystemPrompt: string | undefined
  /** Tokens at which generation stops: the end of sequence, and what the template writes after an answer. */
  readonly endOfTurn: ReadonlySet<number>
  /**
   * The conversation so far and the start of the assistant's turn.
   *
   * @param continues whether the last message is the beginning of that turn
   * @throws HoneError `E_DATA` where calls and results do not belong together, `E_TEMPLATE` where the template refuses
   */
  encodePrompt(messages: readonly Message[], tools?: readonly Tool[], continues?: boolean): number[]
  /** Reads calls of these tools out of an answer, in the form in which they were trained. */
  callReader(tools: readonly Tool[]): CallReader
  /** How calls are written. */
  callWriting(): CallWriting
  /**
   * The mask covers the text of an answer and its calls.
   *
   * @throws HoneError `E_DATA` where there is no assistant message, or calls and results do not belong together;
   * `E_TEMPLATE` where the template refuses the messages or writes them so that an exact loss mask is not possible
   */
  encodeExample(messages: readonly Message[], options?: EncodeExampleOptions): EncodedExample
}

export function createChatText(tokenizer: Tokenizer, template: ChatTemplate): ChatText {
  const special = tokenizer.addedTokens.filter((token) => token.special)
  const findTokens = createTokenFinder(tokenizer.addedTokens)
  const render = (messages: readonly Message[], options: RenderOptions): RenderedExample => {
    const rendering = renderMarked(template, messages, options, special)
    return {
      messages,
      rendering,
      tokens: findTokens(rendering.text, (start, end) => rendering.isFromTemplate(start, end)),
    }
  }
  const turnEnd = findTurnEnd(render)
  const { endOfSequence } = tokenizer
  // Most conversations have none, and looking for them takes a few renderings.
  let found: ToolText | undefined
  const toolText = (): ToolText => (found ??= createToolText(template))
  const prepare = (messages: readonly Message[], tools: readonly Tool[]): PreparedConversation =>
    tools.length === 0 && !messages.some(usesTools)
      ? { messages, tools: undefined, origins: [...messages.keys()] }
      : toolText().prepare(messages, tools)
  return {
    templateHash: template.hash,
    defaultSystemPrompt: template.defaultSystemPrompt,
    endOfTurn: new Set([endOfSequence, turnEnd].filter((id) => id !== undefined)),
    callReader: (tools) => new CallReader(toolText().form, tools),
    callWriting: toolText,
    encodePrompt: (messages, tools = [], continues = false) => {
      const begun = continues ? (messages.at(-1)?.content ?? '') : ''
      const prepared = prepare(continues ? messages.slice(0, -1) : messages, tools)
      return placed(prepared, () => {
        const { rendering, tokens } = render(prepared.messages, {
          addGenerationPrompt: true,
          tools: prepared.tools,
        })
        // Encoded with what stands before it, as an answer is learned.
        return tokenizer.encodePieces(cut(`${rendering.text}${begun}`, tokens)).flat()
      })
    },
    encodeExample: (given, options = {}) => {
      const { tools = [] } = options
      const prepared = prepare(given, tools)
      const wanted = wantedAnswers(prepared.messages, options)
      return placed(prepared, () => {
        const { messages } = prepared
        const own = withTools(template, prepared.tools)
        const example = render(messages, { addGenerationPrompt: false, tools: prepared.tools })
        const places = wanted.map((message) => placeAnswer(own, example, message, turnEnd))
        if (tools.length > 0 || given.some(usesTools)) {
          places.forEach(({ start, turnEnd: end }, at) => {
            const origin = prepared.origins[wanted[at] ?? 0] ?? 0
            requireReadable(example.rendering.text.slice(start, end), given[origin], wanted[at] ?? 0, {
              form: toolText().form,
              tools,
            })
          })
        }
        return encodeWithMask(tokenizer, example, places)
      })
    },
  }
}

const usesTools = ({ role, toolCalls = [] }: Message): boolean => role === 'tool' || toolCalls.length > 0

const withTools = (
  template: ChatTemplate,
  tools: readonly Tool[] | undefined,
): Pick<ChatTemplate, 'render'> => ({
  render: (messages, options) => template.render(messages, { ...options, tools }),
})

/** The places of the assistant messages that are trained on. */
function wantedAnswers(messages: readonly Message[], options: EncodeExampleOptions): number[] {
  const answers = messages.flatMap(({ role }, index) => (role === 'assistant' ? [index] : []))
  const wanted = answers
    .filter((_, index) => options.answers !== 'last' || index === answers.length - 1)
    .filter((message) => options.learned?.[answers.indexOf(message)] !== false)
  if (wanted.length > 0) return wanted
  throw new HoneError(
    'E_DATA',
    answers.length === 0
      ? 'no token would be trained: the conversation has no assistant message'
      : 'no token would be trained: the last answer has the weight 0',
    {
      at: { pointer: '/messages' },
      hint: 'end the conversation with the answer that the model should learn',
    },
  )
}

/** What is learned must be what is read when the model is served: the very calls of the message, and no other. */
function requireReadable(
  answer: string,
  message: Message | undefined,
  index: number,
  { form, tools }: { readonly form: ToolText['form']; readonly tools: readonly Tool[] },
): void {
  const calls = message?.toolCalls ?? []
  const names = new Set(tools.map(({ name }) => name))
  const unknown = calls.find(({ name }) => tools.length > 0 && !names.has(name))
  const at = { pointer: `/messages/${index}` }
  if (unknown !== undefined) {
    throw new HoneError('E_DATA', `${JSON.stringify(unknown.name)} is called and is not among the tools`, {
      at,
      hint: 'add the tool to the tools of the record',
    })
  }
  const read = form.read(answer, (name) => tools.length === 0 || names.has(name))
  if (areSameCalls(read.calls, calls)) return
  throw new HoneError(
    'E_TEMPLATE',
    `the answer would be read as ${read.calls.length} calls of tools, and it makes ${calls.length}`,
    { at, hint: 'take text that looks like a call out of the answer, or choose another base model' },
  )
}

/** Errors name messages as the caller counts them. */
function placed<Result>({ origins }: PreparedConversation, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (!HoneError.isInstance(error)) throw error
    const [, digits, rest = ''] = /^\/messages\/(\d+)(.*)$/s.exec(error.at.pointer ?? '') ?? []
    const index = Number(digits)
    const origin = origins[index]
    if (digits === undefined || origin === undefined || origin === index) throw error
    throw new HoneError(error.code, error.message.replace(`message ${index + 1}`, `message ${origin + 1}`), {
      at: { ...error.at, pointer: `/messages/${origin}${rest}` },
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      cause: error,
    })
  }
}

/** The token that ends an assistant's turn, if the template writes one. */
function findTurnEnd(
  render: (messages: readonly Message[], options: RenderOptions) => RenderedExample,
): number | undefined {
  const turns: readonly Message[] = [
    { role: 'user', content: 'Question' },
    { role: 'assistant', content: 'Answer' },
  ]
  const conversations = [turns, [{ role: 'system', content: 'System' } as const, ...turns]]
  for (const messages of conversations) {
    try {
      const { rendering, tokens } = render(messages, { addGenerationPrompt: false })
      const end = rendering.contentEdges(messages.length - 1).end
      return end === undefined ? undefined : tokens.find((place) => place.start >= end)?.id
    } catch (error) {
      if (!HoneError.isInstance(error)) throw error
    }
  }
  return undefined
}

function encodeWithMask(
  tokenizer: Tokenizer,
  { rendering, tokens }: RenderedExample,
  answers: readonly AnswerPlace[],
): EncodedExample {
  const pieces = cut(rendering.text, tokens)
  const encoded = tokenizer.encodePieces(pieces)
  const trained: boolean[] = []
  // One by one: a record may have more tokens than a call can have arguments.
  const mark = (ids: readonly number[], firstTrained: number): void => {
    for (let position = 0; position < ids.length; position++) trained.push(position >= firstTrained)
  }
  let joinedAnswers = 0
  let offset = 0
  encoded.forEach((ids, index) => {
    const piece = pieces[index] ?? ''
    const start = offset
    offset = typeof piece === 'string' ? start + piece.length : (tokens[(index - 1) / 2]?.end ?? start)
    const answer = answers.find((place) => place.start < offset && place.end > start)
    if (answer === undefined) mark(ids, ids.length)
    else if (answer.start <= start || typeof piece !== 'string') mark(ids, 0)
    else {
      const previous = pieces[index - 1]
      const encodeAlone = (text: string): readonly number[] =>
        previous === undefined ? tokenizer.encode(text) : (tokenizer.encodePieces([previous, text])[1] ?? [])
      const { first, isJoined } = firstAnswerToken(encodeAlone, piece, answer.start - start, ids)
      mark(ids, first)
      if (isJoined) joinedAnswers++
    }
  })
  return { tokens: encoded.flat(), trained, joinedAnswers }
}

/**
 * The first of a piece's tokens that holds nothing from before the offset. Usually the tokens of the text before are
 * the first tokens of the whole; where the two texts meet inside a token, the tokens which the whole shares with the
 * text after, counted from the end, are the answer's for certain.
 */
function firstAnswerToken(
  encode: (text: string) => readonly number[],
  piece: string,
  offset: number,
  ids: readonly number[],
): { first: number; isJoined: boolean } {
  const before = encode(piece.slice(0, offset))
  if (before.length <= ids.length && before.every((id, index) => ids[index] === id)) {
    return { first: before.length, isJoined: false }
  }
  const after = encode(piece.slice(offset))
  let shared = 0
  while (shared < after.length && shared < ids.length && after.at(-1 - shared) === ids.at(-1 - shared))
    shared++
  return { first: ids.length - shared, isJoined: true }
}
