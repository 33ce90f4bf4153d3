import { array, assert, constant, double, integer, oneof, property, record, tuple } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../lib/random.ts'
import { logProbabilityOf, sampleToken, type SamplingSettings } from './sample-token.ts'

const logits = Float32Array.of(1, 2.5, -1, 2, 0, 2, -8, 1.5)
const plain: SamplingSettings = { temperature: 1, topK: 0, topP: 1 }

/** By the book: softmax of logits over temperature, cut to the k likeliest, then to the smallest set that reaches p. */
function distribution({ temperature, topK, topP }: SamplingSettings, of = logits): number[] {
  const largest = Math.max(...of)
  const weights = Array.from(of, (logit) => Math.exp((logit - largest) / temperature))
  const order = [...weights.keys()].toSorted((a, b) => weights[b]! - weights[a]! || a - b)
  const kept = topK === 0 ? order : order.slice(0, topK)
  const total = kept.reduce((sum, token) => sum + weights[token]!, 0)
  const nucleus = new Set<number>()
  let mass = 0
  for (const token of kept) {
    if (mass >= topP) break
    nucleus.add(token)
    mass += weights[token]! / total
  }
  const rest = [...nucleus].reduce((sum, token) => sum + weights[token]!, 0)
  return weights.map((weight, token) => (nucleus.has(token) ? weight / rest : 0))
}

const draws = 20_000

function counts(settings: SamplingSettings, seed: number): number[] {
  const random = createRandom(seed)
  const found = Array.from(logits, () => 0)
  for (let draw = 0; draw < draws; draw++) found[sampleToken(logits, settings, random)]! += 1
  return found
}

describe('draws follow their distribution', () => {
  test.each<SamplingSettings>([
    plain,
    { ...plain, temperature: 0.5 },
    { ...plain, temperature: 3 },
    { ...plain, topK: 3 },
    { ...plain, topK: 100 },
    { ...plain, topP: 0.9 },
    { ...plain, topP: 0.3 },
    { temperature: 2, topK: 5, topP: 0.8 },
    { temperature: 0.7, topK: 4, topP: 0.99 },
  ])('temperature $temperature, top-k $topK, top-p $topP', (settings) => {
    const found = counts(settings, 11)
    const expected = distribution(settings)
    let statistic = 0
    let cells = 0
    for (const [token, share] of expected.entries()) {
      const wanted = share * draws
      if (share > 0) {
        statistic += (found[token]! - wanted) ** 2 / wanted
        cells += 1
      }
    }
    const outside = found.filter((count, token) => expected[token] === 0 && count > 0)
    expect(outside).toEqual([])
    // The 99.9 % quantile of chi-square with 7 degrees of freedom is 24.3; with fewer it is lower.
    const quantiles = [0.001, 10.83, 13.82, 16.27, 18.47, 20.52, 22.46, 24.32]
    expect(statistic).toBeLessThan(quantiles[cells - 1]!)
  })

  test('a test that could tell: another temperature is far off', () => {
    const found = counts({ ...plain, temperature: 1.1 }, 11)
    const expected = distribution(plain)
    const statistic = found.reduce(
      (sum, count, token) => sum + (count - expected[token]! * draws) ** 2 / (expected[token]! * draws),
      0,
    )
    expect(statistic).toBeGreaterThan(24.32)
  })
})

test('what is cut is what a sort of all tokens cuts', () => {
  const settings = record({
    temperature: double({ min: 0.05, max: 5, noNaN: true }),
    topK: oneof(constant(0), integer({ min: 1, max: 3000 })),
    topP: oneof(constant(1), double({ min: 0.01, max: 1, noNaN: true })),
  })
  const vocabulary = tuple(
    integer({ min: 1, max: 2000 }),
    integer(),
    double({ min: 0, max: 40, noNaN: true }),
  )
  assert(
    property(settings, vocabulary, integer(), (cuts, [size, seed, spread], drawn) => {
      const make = createRandom(seed)
      // Rounded, so that some are equal.
      const many = Float32Array.from({ length: size }, () => Math.round(make.next() * spread * 8) / 8)
      const shares = distribution(cuts, many)
      const order = [...shares.keys()].filter((token) => shares[token]! > 0)
      if (cuts.topK > 0 || cuts.topP < 1) order.sort((a, b) => many[b]! - many[a]! || a - b)
      let point = createRandom(drawn).next()
      const expected = order.find((token) => (point -= shares[token]!) < 0) ?? order.at(-1)
      expect(sampleToken(many, cuts, createRandom(drawn))).toBe(expected)
    }),
  )
})

describe('greedy', () => {
  test('takes the likeliest; among equals the first', () => {
    const random = createRandom(1)
    expect(sampleToken(logits, { ...plain, temperature: 0 }, random)).toBe(1)
    expect(sampleToken(Float32Array.of(0, 3, 3), { ...plain, temperature: 0 }, random)).toBe(1)
    expect(sampleToken(Float32Array.of(-5, -3, -3), { ...plain, topK: 1 }, random)).toBe(1)
    expect(sampleToken(logits, { ...plain, topP: 1e-9 }, random)).toBe(1)
    expect(sampleToken(logits, { ...plain, temperature: 1e-30 }, random)).toBe(1)
  })

  test('draws no number', () => {
    const random = createRandom(1)
    const before = random.state()
    sampleToken(logits, { ...plain, temperature: 0 }, random)
    expect(random.state()).toEqual(before)
  })
})

const tokensOf = (seed: number): number[] => {
  const random = createRandom(seed)
  return Array.from({ length: 16 }, () => sampleToken(logits, { ...plain, temperature: 1.5 }, random))
}

test('the same seed gives the same tokens, today and tomorrow', () => {
  expect(tokensOf(7)).toMatchInlineSnapshot(`
    [
      3,
      1,
      5,
      1,
      3,
      4,
      5,
      7,
      3,
      3,
      1,
      1,
      4,
      4,
      1,
      1,
    ]
  `)
  expect(tokensOf(8)).not.toEqual(tokensOf(7))
})

test("log-probabilities are the model's own, before temperature and cuts", () => {
  assert(
    property(
      array(double({ min: -30, max: 30, noNaN: true }), { minLength: 1, maxLength: 20 }),
      integer({ min: 1, max: 30 }),
      double({ min: 0, max: 2, noNaN: true }),
      (values, topK, temperature) => {
        const own = Float32Array.from(values)
        const token = sampleToken(own, { temperature, topK, topP: 0.9 }, createRandom(3))
        const total = own.reduce((sum, logit) => sum + Math.exp(logit), 0)
        expect(logProbabilityOf(token, own)).toBeCloseTo(own[token]! - Math.log(total), 5)
      },
    ),
  )
})

test('a token of no probability never comes', () => {
  const random = createRandom(5)
  const two = Float32Array.of(Number.NEGATIVE_INFINITY, 0, Number.NEGATIVE_INFINITY, 0)
  const tokens = new Set(Array.from({ length: 200 }, () => sampleToken(two, plain, random)))
  expect(tokens).toEqual(new Set([1, 3]))
})
