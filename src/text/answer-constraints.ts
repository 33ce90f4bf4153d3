import type { ChatRequest, ToolChoice } from '../core/chat-model.ts'
import { HoneError } from '../core/errors.ts'
import type { Tool } from '../core/example.ts'
import type { ModelText } from './load-chat-text.ts'
import { listMark } from './tools/call-form.ts'
import { callLanguage, type CallDemand, type CallLanguage } from './tools/call-language.ts'
import { constraintLanguage } from './grammar/compile-constraint.ts'
import { Expressions, type Expression } from './grammar/expressions.ts'
import { ConstrainedAnswer, TokenConstraint } from './grammar/token-constraint.ts'
import { createTokenTrie, type TokenTrie } from './grammar/token-trie.ts'

/** What a request says about its answer. */
export type AnswerDemand = Pick<
  ChatRequest,
  'constraint' | 'tools' | 'toolChoice' | 'oneCall' | 'strictTools'
>

interface Vocabulary {
  readonly trie: TokenTrie
  /** The same, where a special token that calls begin with stands for its text. */
  readonly marks: () => TokenTrie
  readonly leavesOutSpace: boolean
}

interface Compiled {
  readonly constraint: TokenConstraint
  readonly opening: readonly number[]
}

const mostCompiled = 32
// States are found while answers are written: what has grown beyond this is made anew for the next answer.
const largest = 100_000

/** What answers of one model must be: constraints are compiled once for all requests that have the same. */
export class AnswerConstraints {
  readonly #text: Pick<ModelText, 'tokenizer' | 'chatText'>
  /** Least recently used first. */
  readonly #compiled = new Map<string, Compiled>()
  #vocabulary: Vocabulary | undefined

  constructor(text: Pick<ModelText, 'tokenizer' | 'chatText'>) {
    this.#text = text
  }

  /**
   * For one answer; undefined where it is free.
   *
   * @throws HoneError `E_CONSTRAINT` for what cannot be kept, `E_MODEL_UNSUPPORTED` for a model whose tokens are no bytes
   */
  open(demand: AnswerDemand): ConstrainedAnswer | undefined {
    const { constraint, tools = [], toolChoice = 'auto', oneCall = false, strictTools = [] } = demand
    const isCall = toolChoice !== 'auto' && toolChoice !== 'none'
    const called = toolChoice === 'none' ? [] : offered(tools, toolChoice)
    // Text or calls, as the model likes.
    const isFree = constraint === undefined && !isCall
    if (isFree && (called.length === 0 || (!oneCall && strictTools.length === 0))) return undefined
    const isOne = oneCall || typeof toolChoice === 'object'
    const loose = isFree ? called.map(({ name }) => name).filter((name) => !strictTools.includes(name)) : []
    const text = isCall ? undefined : constraint
    const key = JSON.stringify([text, called, isCall && toolChoice, isOne, isFree, loose])
    let compiled = this.#compiled.get(key)
    this.#compiled.delete(key)
    if (compiled === undefined || compiled.constraint.size > largest) {
      compiled = this.#compile(text, { called, tools, isOne, isFree, loose })
    }
    this.#compiled.set(key, compiled)
    const [oldest] = this.#compiled.keys()
    if (this.#compiled.size > mostCompiled && oldest !== undefined) this.#compiled.delete(oldest)
    return new ConstrainedAnswer(compiled.constraint, compiled.opening)
  }

  #compile(constraint: AnswerDemand['constraint'], demand: CallDemand): Compiled {
    const { trie, leavesOutSpace, marks } = (this.#vocabulary ??= this.#read())
    const expressions = new Expressions()
    const text = constraint === undefined ? undefined : constraintLanguage(expressions, constraint)
    const calls =
      demand.called.length === 0
        ? undefined
        : callLanguage(expressions, this.#text.chatText.callWriting(), demand)
    const languages = [text, calls?.language].filter((each): each is Expression => each !== undefined)
    return {
      constraint: new TokenConstraint(
        expressions,
        expressions.choice(...languages),
        demand.isFree ? marks() : trie,
        leavesOutSpace,
      ),
      opening: text === undefined && !demand.isFree ? this.#openingOf(calls) : [],
    }
  }

  #openingOf(calls: CallLanguage | undefined): readonly number[] {
    const token = this.#text.tokenizer.specialTokens.get(calls?.mark ?? '')
    return token === undefined ? [] : [token]
  }

  #read(): Vocabulary {
    const { tokenizer } = this.#text
    const bytes = tokenizer.answerBytes()
    if (bytes === undefined) {
      throw new HoneError(
        'E_MODEL_UNSUPPORTED',
        'answers of this model cannot be constrained: its tokens are no bytes',
        {
          hint: 'choose a base with a byte-level or SentencePiece vocabulary',
        },
      )
    }
    const trie = createTokenTrie(tokenizer.vocabularySize, (token) => bytes.of(token))
    const mark = tokenizer.specialTokens.get(listMark)
    let marked = mark === undefined ? trie : undefined
    const marks = (): TokenTrie =>
      (marked ??= createTokenTrie(tokenizer.vocabularySize, (token) =>
        token === mark ? Buffer.from(listMark) : bytes.of(token),
      ))
    return { trie, marks, leavesOutSpace: bytes.leavesOutSpace }
  }
}

/** Those that may be called. */
function offered(tools: readonly Tool[], choice: ToolChoice): readonly Tool[] {
  const hint = 'offer the tool that must be called, or leave the choice to the model'
  if (choice !== 'auto' && tools.length === 0) {
    throw new HoneError('E_CONSTRAINT', 'a tool must be called, and none is offered', {
      at: { pointer: '/toolChoice' },
      hint,
    })
  }
  if (typeof choice !== 'object') return tools
  const named = tools.filter(({ name }) => name === choice.name)
  if (named.length > 0) return named
  throw new HoneError(
    'E_CONSTRAINT',
    `the tool ${JSON.stringify(choice.name)} must be called, and is not offered`,
    {
      at: { pointer: '/toolChoice/name' },
      hint,
    },
  )
}
