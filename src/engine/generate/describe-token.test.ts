import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { tinyTokenizer } from '../../text/testing/tiny-model.ts'
import { createTokenDescriber } from './describe-token.ts'

const tokenizer = tinyTokenizer()
const size = tokenizer.vocabularySize

test('log-probabilities are those of the whole softmax, and the likeliest come first', () => {
  const logits = fc.array(fc.float({ min: -30, max: 30, noNaN: true }), { minLength: size, maxLength: size })
  fc.assert(
    fc.property(logits, fc.nat(size - 1), fc.integer({ min: 0, max: 20 }), (given, token, count) => {
      const row = Float32Array.from(given)
      const weights = [...row].map((logit) => Math.exp(logit))
      const sum = weights.reduce((left, right) => left + right)
      const told = createTokenDescriber(tokenizer, count)(token, row)
      expect(told.logProbability).toBeCloseTo(Math.log((weights[token] ?? 0) / sum), 9)
      const best = weights.map((weight) => Math.log(weight / sum)).toSorted((left, right) => right - left)
      expect(told.likeliest).toHaveLength(count)
      for (const [at, { logProbability }] of told.likeliest.entries())
        expect(logProbability).toBeCloseTo(best[at] ?? Number.NaN, 9)
    }),
    { numRuns: 30 },
  )
})

test('tokens are told by their bytes; a special one adds none to an answer and is known by its name', () => {
  const describe = createTokenDescriber(tokenizer, 1)
  const text = 'Hello, Welt – ü'
  const bytes = tokenizer.encode(text).flatMap((token) => describe(token, new Float32Array(size)).bytes)
  expect(Buffer.from(bytes).toString()).toBe(text)
  const [[name, special] = ['', 0]] = [...tokenizer.specialTokens]
  const certain = new Float32Array(size).fill(-50)
  certain[special] = 50
  const told = describe(special, certain)
  expect(told).toMatchObject({ bytes: [], logProbability: 0 })
  expect(Buffer.from(told.likeliest[0]?.bytes ?? []).toString()).toBe(name)
})
