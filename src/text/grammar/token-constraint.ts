import { HoneError } from '../../core/errors.ts'
import { nothing, type Expression, type Expressions } from './expressions.ts'
import type { TokenTrie } from './token-trie.ts'

/** A set of tokens, one bit each: token t is bit `t % 32` of word `t >> 5`. */
export type TokenSet = Uint32Array

export const hasToken = (set: TokenSet, token: number): boolean =>
  (((set[token >> 5] ?? 0) >>> (token & 31)) & 1) === 1

const space = 0x20
// Those of some states differ by what they count only; a thousand sets of 49,152 tokens take six megabytes.
const mostSets = 1000

/** A language of answers for one vocabulary: which tokens may follow. Shared by all answers that must be in it. */
export class TokenConstraint {
  readonly start: Expression
  readonly #expressions: Expressions
  readonly #trie: TokenTrie
  readonly #classes: Uint8Array
  readonly #classCount: number
  readonly #leavesOutSpace: boolean
  readonly #sets = new Map<number, TokenSet>()
  readonly #stack: Int32Array
  readonly #spaceNode: number

  /** @param leavesOutSpace whether a space at the very beginning of an answer is no part of its text */
  constructor(expressions: Expressions, start: Expression, trie: TokenTrie, leavesOutSpace: boolean) {
    this.#expressions = expressions
    this.start = start
    this.#trie = trie
    this.#leavesOutSpace = leavesOutSpace
    this.#classes = expressions.classes()
    this.#classCount = Math.max(...this.#classes) + 1
    this.#stack = new Int32Array(trie.longest + 1)
    this.#spaceNode = leavesOutSpace ? findFirst(trie, space) : -1
  }

  /** A measure of the memory that it takes. */
  get size(): number {
    return this.#expressions.size
  }

  /** Whether the answer may end here. */
  mayEnd(state: Expression): boolean {
    return this.#expressions.isNullable(state)
  }

  /** Whether nothing can follow. */
  mustEnd(state: Expression): boolean {
    if (!this.mayEnd(state)) return false
    for (let each = 0; each < this.#classCount; each++) {
      if (this.#expressions.derivative(state, each) !== nothing) return false
    }
    return true
  }

  /** The state after a token; `nothing` where it must not follow. */
  after(state: Expression, token: number, isFirst: boolean): Expression {
    const bytes = this.#trie.bytesOf(token)
    const from = this.#leavesOutSpace && isFirst && bytes[0] === space ? 1 : 0
    if (bytes.length <= from) return nothing
    let next = state
    for (let at = from; at < bytes.length && next !== nothing; at++) {
      next = this.#expressions.derivative(next, this.#classes[bytes[at] ?? 0] ?? 0)
    }
    return next
  }

  /** The tokens that may follow, but for those that end the answer. */
  allowed(state: Expression, isFirst: boolean): TokenSet {
    const leavesOut = isFirst && this.#spaceNode >= 0
    const key = 2 * state + (leavesOut ? 1 : 0)
    const known = this.#sets.get(key)
    if (known !== undefined) return known
    const set = new Uint32Array(Math.ceil(this.#trie.vocabularySize / 32))
    const end = this.#trie.bytes.length
    if (leavesOut) {
      const after = this.#trie.next[this.#spaceNode] ?? end
      this.#walk(state, set, 0, this.#spaceNode, 0)
      this.#walk(state, set, this.#spaceNode + 1, after, 1)
      this.#walk(state, set, after, end, 0)
    } else this.#walk(state, set, 0, end, 0)
    if (this.#sets.size >= mostSets) this.#sets.clear()
    this.#sets.set(key, set)
    return set
  }

  /** Adds the tokens of nodes from one to another. @param leftOut bytes at the beginning of each that are not read */
  #walk(state: Expression, set: TokenSet, from: number, to: number, leftOut: number): void {
    const { bytes, depths, next, tokenStarts, tokens } = this.#trie
    const stack = this.#stack
    stack[leftOut] = state
    for (let node = from; node < to;) {
      const depth = depths[node] ?? 0
      const byteClass = this.#classes[bytes[node] ?? 0] ?? 0
      const after = this.#expressions.derivative(stack[depth] ?? nothing, byteClass)
      if (after === nothing) {
        node = next[node] ?? to
        continue
      }
      stack[depth + 1] = after
      const last = tokenStarts[node + 1] ?? 0
      for (let place = tokenStarts[node] ?? 0; place < last; place++) {
        const token = tokens[place] ?? 0
        set[token >> 5] = (set[token >> 5] ?? 0) | (1 << (token & 31))
      }
      node += 1
    }
  }
}

/** Where one answer stands in its constraint. */
export class ConstrainedAnswer {
  readonly #constraint: TokenConstraint
  #state: Expression
  #isFirst = true
  /** Special tokens that come before the text. */
  readonly #opening: number[]

  /** @param opening special tokens with which the answer begins */
  constructor(constraint: TokenConstraint, opening: readonly number[] = []) {
    this.#constraint = constraint
    this.#state = constraint.start
    this.#opening = [...opening]
  }

  get mayEnd(): boolean {
    return this.#opening.length === 0 && this.#constraint.mayEnd(this.#state)
  }

  get mustEnd(): boolean {
    return this.#opening.length === 0 && this.#constraint.mustEnd(this.#state)
  }

  allows(token: number): boolean {
    const [opening] = this.#opening
    if (opening !== undefined) return token === opening
    return this.#constraint.after(this.#state, token, this.#isFirst) !== nothing
  }

  /** The one token that must follow before the text. */
  get forced(): number | undefined {
    return this.#opening[0]
  }

  /** @throws HoneError `E_CONSTRAINT` where the vocabulary can go on in no way */
  allowed(): TokenSet {
    const set = this.#constraint.allowed(this.#state, this.#isFirst)
    if (this.mayEnd || set.some((word) => word !== 0)) return set
    throw new HoneError('E_CONSTRAINT', 'the model has no token with which the answer could go on', {
      hint: 'the constraint demands characters that this model cannot write',
    })
  }

  /** How many of the tokens, one after the other, may follow. */
  follows(tokens: readonly number[]): number {
    if (this.#opening.length > 0) return 0
    let state = this.#state
    let isFirst = this.#isFirst
    for (const [index, token] of tokens.entries()) {
      state = this.#constraint.after(state, token, isFirst)
      if (state === nothing) return index
      isFirst = false
    }
    return tokens.length
  }

  take(token: number): void {
    if (this.#opening.length > 0) {
      this.#opening.shift()
      return
    }
    this.#state = this.#constraint.after(this.#state, token, this.#isFirst)
    this.#isFirst = false
  }
}

function findFirst({ bytes, next }: TokenTrie, byte: number): number {
  for (let node = 0; node < bytes.length; node = next[node] ?? bytes.length) {
    if (bytes[node] === byte) return node
  }
  return -1
}
