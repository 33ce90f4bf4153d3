import { HoneError } from '../core/errors.ts'
import type { GateRule, Quantity } from '../core/gate-rule.ts'
import { closestWord } from '../lib/closest-word.ts'
import { gateTokens, type GateToken } from './gate-tokens.ts'

const relations = ['>=', '>', '<=', '<'] as const
const opening = ['of', 'on', 'beats', 'not', 'at'] as const

/**
 * Reads a promotion rule. The grammar:
 *
 *     rule     = METRIC [of CANDIDATE] [on [the] SET [set]] demand [at NUMBER %]
 *     demand   = (>= | > | <= | < | at least | at most) NUMBER [unit]
 *              | beats [BASELINE] [by [> | >= | more than | at least] NUMBER [unit]]
 *              | not worse [than BASELINE] [within NUMBER [unit] | by (> | more than) NUMBER [unit]]
 *     unit     = % | points | ms | s
 *
 * A metric may be several words; any name may stand in quotes.
 *
 * @throws HoneError `E_CONFIG` with the place in the rule and what was expected there
 *
 * @example
 * parseGateRule('macro_f1 of tuned beats base by > 0.02 at 95 %')
 */
export function parseGateRule(text: string): GateRule {
  const reader = new TokenReader(text)
  const metric = reader.metric()
  let candidate: string | undefined
  let set: string | undefined
  for (;;) {
    if (candidate === undefined && reader.take('of')) candidate = reader.name('a candidate')
    else if (set === undefined && reader.take('on')) {
      reader.take('the')
      set = reader.name('a set')
      reader.take('set')
    } else break
  }
  const demand = readDemand(reader)
  const confidence = reader.take('at') ? reader.confidence() : undefined
  reader.end(confidence === undefined ? ['at'] : [])
  return {
    text: text.trim(),
    metric,
    ...(candidate === undefined ? {} : { candidate }),
    ...(set === undefined ? {} : { set }),
    ...demand,
    ...(confidence === undefined ? {} : { confidence }),
  }
}

type Demand = GateRule extends infer Rule
  ? Rule extends GateRule
    ? Omit<Rule, 'text' | 'metric' | 'candidate' | 'set' | 'confidence'>
    : never
  : never

function readDemand(reader: TokenReader): Demand {
  const relation = reader.relation()
  if (relation !== undefined) return { kind: 'threshold', relation, limit: reader.quantity() }
  if (reader.take('beats')) {
    const baseline = reader.optionalName(['by', 'at'])
    if (!reader.take('by')) return { kind: 'beats', ...baseline }
    const strict = reader.take('more') ? reader.demand('than') : undefined
    if (strict === undefined) reader.upward()
    return { kind: 'beats', ...baseline, by: reader.quantity() }
  }
  if (reader.take('not')) {
    reader.demand('worse')
    const baseline = reader.take('than') ? { baseline: reader.name('a candidate') } : {}
    if (reader.take('within')) return { kind: 'not-worse', ...baseline, margin: reader.quantity() }
    if (!reader.take('by')) return { kind: 'not-worse', ...baseline }
    if (reader.take('more')) reader.demand('than')
    else reader.upward()
    return { kind: 'not-worse', ...baseline, margin: reader.quantity() }
  }
  return reader.fail(['of', 'on', 'beats', 'not worse', 'at least', 'at most', ...relations])
}

class TokenReader {
  readonly #text: string
  readonly #tokens: readonly GateToken[]
  #at = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = gateTokens(text)
  }

  /** Words up to the first that begins what follows a metric. */
  metric(): string {
    const words: string[] = []
    for (;;) {
      const token = this.#tokens[this.#at]
      if (token === undefined || token.kind === 'sign') break
      if (token.kind === 'word' && words.length > 0 && opening.some((word) => word === token.text)) break
      words.push(token.text)
      this.#at++
    }
    if (words.every((word) => word === '')) this.fail(['the name of a metric'])
    return words.join(' ')
  }

  take(word: string): boolean {
    const token = this.#tokens[this.#at]
    if (token?.kind !== 'word' || token.text.toLowerCase() !== word) return false
    this.#at++
    return true
  }

  demand(word: string): true {
    return this.take(word) || this.fail([word])
  }

  name(what: string): string {
    const token = this.#tokens[this.#at]
    if (token === undefined || token.kind === 'sign' || token.text === '') return this.fail([what])
    this.#at++
    return token.text
  }

  optionalName(unless: readonly string[]): { baseline?: string } {
    const token = this.#tokens[this.#at]
    if (token === undefined || (token.kind === 'word' && unless.includes(token.text))) return {}
    return { baseline: this.name('a candidate') }
  }

  relation(): (typeof relations)[number] | undefined {
    const token = this.#tokens[this.#at]
    const found = relations.find((relation) => token?.kind === 'sign' && relation === token.text)
    if (found !== undefined) {
      this.#at++
      return found
    }
    if (!this.take('at')) return undefined
    if (this.take('least')) return '>='
    return this.take('most') ? '<=' : this.fail(['least', 'most'])
  }

  /** An optional "at least", > or >= before a difference; the others would not be what is meant. */
  upward(): void {
    const start = this.#at
    const relation = this.relation()
    if (relation === '<' || relation === '<=') {
      this.#at = start
      this.fail(['>', '>=', 'a number'])
    }
  }

  quantity(): Quantity {
    const value = this.#number()
    if (this.#takeSign('%')) return { value: value / 100, unit: 'share' }
    if (this.take('points') || this.take('point')) return { value: value / 100, unit: 'share' }
    if (this.take('ms')) return { value, unit: 'milliseconds' }
    if (this.take('s')) return { value: value * 1000, unit: 'milliseconds' }
    return { value, unit: 'number' }
  }

  confidence(): number {
    const start = this.#at
    const value = this.#number()
    const share = this.#takeSign('%') ? value / 100 : value
    if (share >= 0.5 && share < 1) return share
    this.#at = start
    return this.fail(['a confidence from 50 % to below 100 %'])
  }

  end(possible: readonly string[]): void {
    if (this.#at < this.#tokens.length) this.fail([...possible, 'the end'])
  }

  fail(expected: readonly string[]): never {
    const token = this.#tokens[this.#at]
    const place = token === undefined ? 'at its end' : `at "${token.text}" (character ${token.at + 1})`
    const list =
      expected.length === 1 ? expected[0] : `${expected.slice(0, -1).join(', ')} or ${expected.at(-1)}`
    const meant = this.#meant(expected)
    throw new HoneError(
      'E_CONFIG',
      `the rule cannot be read ${place}: expected ${list}${meant === undefined ? '' : `; did you mean "${meant}"?`}`,
      { hint: `the rule is "${this.#text}"; docs/gate.md shows how rules are written` },
    )
  }

  /** A word here, or one that was taken for part of a name, that is nearly one of those expected. */
  #meant(expected: readonly string[]): string | undefined {
    const token = this.#tokens[this.#at]
    if (token?.text === '=>' || token?.text === '=') return '>='
    if (token?.text === '=<') return '<='
    const words = expected.flatMap((each) => each.split(' '))
    if (token !== undefined) return closestWord(token.text, words)
    return this.#tokens
      .slice(1)
      .flatMap(({ text, kind }) =>
        kind === 'word' && text.length > 3 ? (closestWord(text, words) ?? []) : [],
      )[0]
  }

  #number(): number {
    const token = this.#tokens[this.#at]
    if (token?.kind !== 'number') return this.fail(['a number'])
    this.#at++
    return Number(token.text)
  }

  #takeSign(sign: string): boolean {
    const token = this.#tokens[this.#at]
    if (token?.kind !== 'sign' || token.text !== sign) return false
    this.#at++
    return true
  }
}
