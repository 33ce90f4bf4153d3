import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Constraint } from '../../core/chat-model.ts'
import { createRandom } from '../../lib/random.ts'
import { constraintLanguage } from '../../text/grammar/compile-constraint.ts'
import { Expressions } from '../../text/grammar/expressions.ts'
import { ConstrainedAnswer, TokenConstraint } from '../../text/grammar/token-constraint.ts'
import { createTokenTrie, type TokenTrie } from '../../text/grammar/token-trie.ts'
import { askBatch, type AskedAnswer } from '../testing/ask-batch.ts'
import { createLetterTokenizer, lettersOf } from '../testing/letter-tokenizer.ts'
import { loadTinyModel, openInferenceModel, tinyAdapter } from '../testing/tiny-model.ts'
import type { AnswerPart } from './answer.ts'
import { Generator } from './generator.ts'
import type { InferenceModel } from './inference-model.ts'

const endOfTurn = 5
const anything = '[\u4e00-\u9fff]*'

let model: InferenceModel
let generator: Generator
let trie: TokenTrie

beforeAll(async () => {
  const tiny = await loadTinyModel('llama-tiny')
  model = await openInferenceModel(tiny, await tinyAdapter(tiny, 'adapter'))
  const { vocabularySize } = model.config
  generator = new Generator(model, createLetterTokenizer(vocabularySize), new Set([endOfTurn]))
  const bytes = createLetterTokenizer(vocabularySize).answerBytes()
  trie = createTokenTrie(vocabularySize, (token) => (token === endOfTurn ? undefined : bytes?.of(token)))
})
afterAll(() => model[Symbol.asyncDispose]())

const compile = (constraint: Constraint): TokenConstraint => {
  const expressions = new Expressions()
  return new TokenConstraint(expressions, constraintLanguage(expressions, constraint), trie, false)
}
const matching = (pattern: string): ConstrainedAnswer =>
  new ConstrainedAnswer(compile({ type: 'regex', pattern }))

interface Outcome {
  readonly text: string
  readonly reason: string | undefined
  readonly tokens: number | undefined
}

async function ask(...requests: readonly AskedAnswer[]): Promise<Outcome[]> {
  return (await askBatch(generator, requests)).map(({ text, finish }) => ({
    text,
    reason: finish?.reason,
    tokens: finish?.usage.completionTokens,
  }))
}

const promptOf = (name: string, length = 12): number[] => {
  const random = createRandom(name)
  return Array.from({ length }, () => 6 + random.integer(90))
}

describe('an answer that is constrained', () => {
  test('is the free one where that fits, greedy and drawn, and as it is written beside others', async () => {
    const requests = ['a', 'b', 'c', 'd', 'e'].map((name, index) => ({
      prompt: promptOf(name),
      seed: index,
      maxTokens: 6 + index,
      // Drawn ones too: what is left out has no share at all.
      temperature: index < 3 ? 0 : 0.7,
      topK: index === 3 ? 5 : 0,
    }))
    const free = await ask(...requests)
    const constrained = requests.map((request) => ({ ...request, constraint: matching(anything) }))
    expect(await ask(...constrained)).toEqual(free)
    const mixed = requests.map((request, index) =>
      index % 2 === 0 ? request : { ...request, constraint: matching(anything) },
    )
    expect(await ask(...mixed)).toEqual(free)
    expect(new Set(free.map(({ text }) => text)).size).toBe(5)
  })

  test('matches, whatever is drawn, and is equal alone and beside free ones', async () => {
    const letters = Array.from({ length: 90 }, (_, index) => lettersOf([index + 6]))
    const some = fc.uniqueArray(fc.constantFrom(...letters), { minLength: 1, maxLength: 4 })
    const patterns = fc
      .tuple(some, some, fc.nat(3), fc.nat(3))
      .map(
        ([first, second, least, more]) =>
          `[${first.join('')}]{${least},${least + more}}(${second.join('|')})`,
      )
    let ended = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(patterns, fc.nat(), fc.constantFrom(0, 1, 2), fc.constantFrom(0.3, 1)), {
          minLength: 1,
          maxLength: 4,
        }),
        async (cases) => {
          const requests = cases.map(([pattern, seed, temperature, topP]) => ({
            prompt: promptOf(`${seed}`),
            seed,
            temperature,
            topP,
            constraint: matching(pattern),
          }))
          const answers = await ask({ prompt: promptOf('free') }, ...requests)
          for (const [index, [pattern]] of cases.entries()) {
            expect(answers[index + 1]).toMatchObject({
              text: expect.stringMatching(new RegExp(`^(?:${pattern})$`, 'u')) as string,
              reason: 'stop',
            })
            const [alone] = await ask({ ...requests[index]!, constraint: matching(pattern) })
            expect(alone).toEqual(answers[index + 1])
            ended += 1
          }
        },
      ),
      { numRuns: 25 },
    )
    expect(ended).toBeGreaterThan(25)
  })

  test('ends as soon as nothing can follow, without a token for it, and not before it may', async () => {
    const [only] = [lettersOf([40, 41, 42])]
    const [answer] = await ask({ prompt: promptOf('x'), constraint: matching(only) })
    expect(answer).toEqual({ text: only, reason: 'stop', tokens: 3 })
    // All tokens end the answer but four: the free answer ends at once, the other is not over.
    const short = new Generator(
      model,
      createLetterTokenizer(model.config.vocabularySize),
      new Set(Array.from({ length: 93 }, (_, token) => token)),
    )
    const parts: AnswerPart[] = []
    await short.generate([
      {
        prompt: promptOf('x'),
        temperature: 0,
        topK: 0,
        topP: 1,
        seed: 0,
        maxTokens: 9,
        stop: [],
        logProbabilities: false,
        constraint: matching(`${lettersOf([93])}{2,4}`),
        onPart: (part) => void parts.push(part),
      },
    ])
    expect(parts.at(-1)).toMatchObject({ reason: 'stop', usage: { completionTokens: 2 } })
  })

  test('that reaches its length is cut, and says so', async () => {
    const pattern = `${lettersOf([40])}{30}`
    const [answer] = await ask({ prompt: promptOf('x'), maxTokens: 7, constraint: matching(pattern) })
    expect(answer).toEqual({ text: lettersOf([40]).repeat(7), reason: 'length', tokens: 7 })
  })

  test('is guessed as others are: a guess never brings in what is not allowed', async () => {
    const prompt = [...promptOf('cycle', 4), ...promptOf('cycle', 4), ...promptOf('cycle', 4)]
    const words = lettersOf(promptOf('cycle', 4))
    const pattern = `(${words}){2}${lettersOf([90])}{3}(${words}){2}`
    const [answer] = await ask({ prompt, constraint: matching(pattern), maxTokens: 30 })
    expect(answer).toEqual({
      text: `${words}${words}${lettersOf([90, 90, 90])}${words}${words}`,
      reason: 'stop',
      tokens: 19,
    })
  })

  test('for which the vocabulary has no token fails alone', async () => {
    const failing = ask({ prompt: promptOf('x'), constraint: matching('yes') }, { prompt: promptOf('y') })
    await expect(failing).rejects.toMatchObject({ code: 'E_CONSTRAINT' })
    expect((await ask({ prompt: promptOf('y') }))[0]?.text).toHaveLength(20)
  })
})
