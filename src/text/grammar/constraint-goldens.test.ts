import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Constraint } from '../../core/chat-model.ts'
import { ConstrainedAnswer, hasToken, TokenConstraint } from './token-constraint.ts'
import { createTokenTrie } from './token-trie.ts'
import { languageOf } from './testing/texts-of.ts'

interface Fixture {
  readonly reference: string
  readonly end: number
  readonly tokens: readonly string[]
  readonly cases: readonly {
    readonly constraint: Constraint
    /** Token taken, and what was allowed, as a hash. */
    readonly answers: readonly (readonly (readonly [token: number, allowed: string])[])[]
  }[]
}

const { reference, end, tokens, cases } = JSON.parse(
  readFileSync(new URL('./fixtures/constraints.json', import.meta.url), 'utf8'),
) as Fixture
const bytes = tokens.map((token) => Buffer.from(token, 'hex'))
const trie = createTokenTrie(tokens.length, (token) => bytes[token])

test.each(cases.map(({ constraint, answers }) => [JSON.stringify(constraint), constraint, answers] as const))(
  `${reference} allows the same tokens at each step: %s`,
  (_, constraint, answers) => {
    const { expressions, start } = languageOf(constraint)
    const compiled = new TokenConstraint(expressions, start, trie, false)
    let ended = 0
    for (const steps of answers) {
      const answer = new ConstrainedAnswer(compiled)
      for (const [token, digest] of steps) {
        const set = answer.allowed()
        const allowed = [...tokens.keys()].filter((each) => hasToken(set, each))
        expect(allowed).toEqual([...tokens.keys()].filter((each) => answer.allows(each)))
        if (answer.mayEnd) allowed.push(end)
        expect(createHash('sha256').update(allowed.join()).digest('hex').slice(0, 8)).toBe(digest)
        if (token !== end) answer.take(token)
      }
      if (answer.mayEnd) ended += 1
    }
    expect(ended).toBeGreaterThan(0)
  },
)

test('there are goldens', () => {
  expect(cases.length).toBeGreaterThan(30)
})
