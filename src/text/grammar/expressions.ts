import { HoneError } from '../../core/errors.ts'

/** A language over bytes, by its number in one `Expressions`. Equal numbers are equal languages; the reverse need not hold. */
export type Expression = number

/** The language without any text. */
export const nothing: Expression = 0
/** The language of the empty text. */
export const empty: Expression = 1

interface Node {
  readonly kind: 'nothing' | 'empty' | 'bytes' | 'sequence' | 'choice' | 'repeat' | 'rule'
  /** Members of a choice; first and rest of a sequence; what is repeated; the body of a rule, once it is known. */
  parts: readonly Expression[]
  readonly bytes?: Uint8Array
  readonly least?: number
  readonly most?: number
  readonly isNullable: boolean
}

// Far above what schemas and patterns of use need; a machine of so many parts takes a hundred megabytes, and a second.
const mostParts = 1_000_000
const deepest = 1000
const unknown = -1

/**
 * Context-free languages of bytes as expressions, each kept once, with the Brzozowski derivative: what may follow after a
 * byte is an expression again. Brzozowski 1964, https://doi.org/10.1145/321239.321249; with rules it stays exact as long as
 * no rule begins with itself (Might, Darais and Spiewak 2011, https://arxiv.org/abs/1010.5023).
 *
 * Every expression but `nothing` has at least one text, if every rule has: a text begun can be ended.
 */
export class Expressions {
  readonly #nodes: Node[] = [
    { kind: 'nothing', parts: [], isNullable: false },
    { kind: 'empty', parts: [], isNullable: true },
  ]
  readonly #known = new Map<string, Expression>()
  /** Of each byte: the class of bytes that no expression tells apart. */
  #classOf: Uint8Array | undefined
  /** One byte of each class. */
  #samples: readonly number[] = []
  readonly #derivatives: (Int32Array | undefined)[] = []
  #parts = 0
  #depth = 0

  /** How many parts they have altogether, which is a measure of the memory that they take. */
  get size(): number {
    return this.#parts
  }

  /** One byte out of these ranges, both ends included. */
  bytes(ranges: readonly (readonly [first: number, last: number])[]): Expression {
    if (this.#classOf !== undefined) throw new HoneError('E_INTERNAL', 'bytes after the first derivative')
    const bytes = new Uint8Array(256)
    for (const [first, last] of ranges) bytes.fill(1, first, last + 1)
    if (!bytes.includes(1)) return nothing
    return this.#keep(`b${bytes.join('')}`, { kind: 'bytes', parts: [], bytes, isNullable: false })
  }

  sequence(...parts: readonly Expression[]): Expression {
    return parts.reduceRight((rest, part) => this.#pair(part, rest), empty)
  }

  choice(...members: readonly Expression[]): Expression {
    const flat = new Set<Expression>()
    for (const member of members) {
      const node = this.#node(member)
      if (node.kind === 'choice') for (const part of node.parts) flat.add(part)
      else if (member !== nothing) flat.add(member)
    }
    if (flat.size <= 1) return [...flat][0] ?? nothing
    const parts = [...flat].toSorted((left, right) => left - right)
    const isNullable = parts.some((part) => this.isNullable(part))
    return this.#keep(`c${parts.join()}`, { kind: 'choice', parts, isNullable })
  }

  /** @param most may be infinite */
  repeat(inner: Expression, least: number, most: number): Expression {
    if (least > most) return nothing
    if (inner === nothing) return least === 0 ? empty : nothing
    if (inner === empty || most === 0) return empty
    const node = this.#node(inner)
    if (node.isNullable) {
      // Of the texts that are not empty, fewer will do.
      const { parts } = node
      if (node.kind === 'repeat') {
        const { least: innerLeast = 0, most: innerMost = 0 } = node
        const isStar = innerLeast === 0 && innerMost === Infinity
        if (isStar) return inner
      }
      if (node.kind === 'choice' && parts.includes(empty)) {
        return this.repeat(this.choice(...parts.filter((part) => part !== empty)), 0, most)
      }
      if (least > 0) return this.repeat(inner, 0, most)
    }
    if (least === 1 && most === 1) return inner
    const isNullable = least === 0 || node.isNullable
    return this.#keep(`r${inner},${least},${most}`, {
      kind: 'repeat',
      parts: [inner],
      least,
      most,
      isNullable,
    })
  }

  optional(inner: Expression): Expression {
    return this.choice(empty, inner)
  }

  /** A language that is told later, by `define`; it has no empty text. */
  rule(): Expression {
    return this.#add({ kind: 'rule', parts: [], isNullable: false })
  }

  define(rule: Expression, body: Expression): void {
    if (this.isNullable(body)) throw new HoneError('E_INTERNAL', 'a rule with the empty text')
    this.#node(rule).parts = [body]
  }

  text(text: string): Expression {
    return this.sequence(...Array.from(new TextEncoder().encode(text), (byte) => this.bytes([[byte, byte]])))
  }

  /** Whether the empty text is in it: the text may end here. */
  isNullable(expression: Expression): boolean {
    return this.#node(expression).isNullable
  }

  /** Whether the rule can begin with itself, so that no byte would ever be demanded. */
  isLeftRecursive(rule: Expression): boolean {
    const seen = new Set<Expression>()
    const begins = (expression: Expression): boolean => {
      if (expression === rule) return true
      if (seen.has(expression)) return false
      seen.add(expression)
      const { kind, parts } = this.#node(expression)
      const [first = empty, rest = empty] = parts
      if (kind === 'sequence') return begins(first) || (this.isNullable(first) && begins(rest))
      return parts.some(begins)
    }
    return this.#node(rule).parts.some(begins)
  }

  /** Those of the rules that have no finite text. */
  endlessRules(rules: readonly Expression[]): readonly Expression[] {
    const finite = new Set<Expression>()
    for (let before = -1; before !== finite.size;) {
      before = finite.size
      const seen = new Map<Expression, boolean>()
      const isFinite = (expression: Expression): boolean => {
        const known = seen.get(expression)
        if (known !== undefined) return known
        // Sequences are long, so they are walked and not descended into.
        let tail = expression
        let answer = true
        for (; answer && this.#node(tail).kind === 'sequence'; tail = this.#node(tail).parts[1] ?? empty) {
          answer = isFinite(this.#node(tail).parts[0] ?? empty)
        }
        const { kind, parts, least } = this.#node(tail)
        if (kind === 'rule') answer &&= finite.has(tail)
        else if (kind === 'choice') answer &&= parts.some(isFinite)
        else if (kind === 'repeat') answer &&= least === 0 || parts.every(isFinite)
        else answer &&= kind !== 'nothing'
        seen.set(expression, answer)
        return answer
      }
      for (const rule of rules) if (this.#node(rule).parts.every(isFinite)) finite.add(rule)
    }
    return rules.filter((rule) => !finite.has(rule))
  }

  /** Bytes of one class lead to the same derivatives. No bytes can be added afterwards. */
  classes(): Uint8Array {
    if (this.#classOf !== undefined) return this.#classOf
    const sets = this.#nodes.flatMap(({ bytes }) => (bytes === undefined ? [] : [bytes]))
    const byKey = new Map<string, number>()
    const samples: number[] = []
    this.#classOf = Uint8Array.from({ length: 256 }, (_, byte) => {
      const key = sets.map((set) => set[byte]).join('')
      const known = byKey.get(key)
      if (known !== undefined) return known
      byKey.set(key, samples.length)
      return samples.push(byte) - 1
    })
    this.#samples = samples
    return this.#classOf
  }

  /**
   * What may follow after a byte of a class.
   *
   * @throws HoneError `E_CONSTRAINT` where more is to be told apart than there is room for
   */
  derivative(expression: Expression, byteClass: number): Expression {
    const row = (this.#derivatives[expression] ??= new Int32Array(this.#samples.length).fill(unknown))
    const known = row[byteClass] ?? unknown
    if (known !== unknown) return known
    this.#depth += 1
    if (this.#depth > deepest) throw tooComplex()
    const derived = this.#derive(expression, byteClass)
    this.#depth -= 1
    row[byteClass] = derived
    return derived
  }

  #derive(expression: Expression, byteClass: number): Expression {
    const { kind, parts, bytes, least = 0, most = 0 } = this.#node(expression)
    const [first = empty, rest = empty] = parts
    if (kind === 'bytes') return bytes?.[this.#samples[byteClass] ?? 0] === 1 ? empty : nothing
    if (kind === 'choice') return this.choice(...parts.map((part) => this.derivative(part, byteClass)))
    if (kind === 'rule') return this.derivative(first, byteClass)
    if (kind === 'repeat') {
      const further = this.repeat(first, Math.max(0, least - 1), most - 1)
      return this.#pair(this.derivative(first, byteClass), further)
    }
    if (kind !== 'sequence') return nothing
    const derived = this.#pair(this.derivative(first, byteClass), rest)
    return this.isNullable(first) ? this.choice(derived, this.derivative(rest, byteClass)) : derived
  }

  /** Sequences lean to the right, so that what comes next is at hand however deep texts are nested. */
  #pair(first: Expression, rest: Expression): Expression {
    if (first === nothing || rest === nothing) return nothing
    if (first === empty) return rest
    if (rest === empty) return first
    const spine: Expression[] = []
    let head = first
    for (let node = this.#node(head); node.kind === 'sequence'; node = this.#node(head)) {
      spine.push(node.parts[0] ?? empty)
      head = node.parts[1] ?? empty
    }
    spine.push(head)
    return spine.reduceRight((tail, part) => {
      const isNullable = this.isNullable(part) && this.isNullable(tail)
      return this.#keep(`s${part},${tail}`, { kind: 'sequence', parts: [part, tail], isNullable })
    }, rest)
  }

  #node(expression: Expression): Node {
    return this.#nodes[expression] as Node
  }

  #keep(key: string, node: Node): Expression {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const added = this.#add(node)
    this.#known.set(key, added)
    return added
  }

  #add(node: Node): Expression {
    this.#parts += 1 + node.parts.length
    if (this.#parts > mostParts) throw tooComplex()
    return this.#nodes.push(node) - 1
  }
}

const tooComplex = (): HoneError =>
  new HoneError('E_CONSTRAINT', `the constraint tells too much apart: more than ${mostParts} parts`, {
    hint: 'make it simpler: smaller counts of repetition, fewer choices',
  })
