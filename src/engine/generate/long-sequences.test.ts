import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLetterTokenizer, lettersOf } from '../testing/letter-tokenizer.ts'
import { loadTinyModel, openInferenceModel, tinyAdapter } from '../testing/tiny-model.ts'
import { Generator } from './generator.ts'
import type { InferenceModel } from './inference-model.ts'

interface Golden {
  readonly model: string
  readonly prompt: readonly number[]
  readonly greedy: readonly number[]
}

/** The model rotates sequences of more than 16 tokens otherwise. */
const longFrom = 17
let model: InferenceModel
let generator: Generator
let outgrowing: Golden
let staying: Golden[]

beforeAll(async () => {
  const tiny = await loadTinyModel('phi4-tiny')
  model = await openInferenceModel(tiny, await tinyAdapter(tiny, 'adapter'))
  generator = new Generator(model, createLetterTokenizer(model.config.vocabularySize), new Set())
  outgrowing = tiny.goldens['outgrowing'] as Golden
  staying = (tiny.goldens['generation'] as Golden[]).filter((golden) => golden.model === 'adapter')
})
afterAll(() => model[Symbol.asyncDispose]())

async function answers(goldens: readonly Golden[]): Promise<string[]> {
  const texts = goldens.map(() => '')
  const finishes = goldens.map(() => 0)
  await generator.generate(
    goldens.map(({ prompt, greedy }, index) => ({
      prompt,
      maxTokens: greedy.length,
      temperature: 0,
      topK: 0,
      topP: 1,
      seed: 0,
      stop: [],
      logProbabilities: false,
      onPart: (part) => {
        if (part.type === 'text-delta') texts[index] += part.text
        else finishes[index] = (finishes[index] ?? 0) + 1
      },
    })),
  )
  expect(finishes).toEqual(goldens.map(() => 1))
  return texts
}

test('an answer that outgrows the short rotation goes on as transformers does', async () => {
  expect(outgrowing.prompt.length).toBeLessThan(longFrom)
  expect(outgrowing.prompt.length + outgrowing.greedy.length).toBeGreaterThan(longFrom)
  expect(await answers([outgrowing])).toEqual([lettersOf(outgrowing.greedy)])
})

test('short, long and outgrowing answers of one batch do not touch each other', async () => {
  const lengths = staying.map(({ prompt }) => prompt.length)
  expect(lengths.some((length) => length < longFrom)).toBe(true)
  expect(lengths.some((length) => length >= longFrom)).toBe(true)
  const batch = [...staying, outgrowing, ...staying.toReversed()]
  expect(await answers(batch)).toEqual(batch.map(({ greedy }) => lettersOf(greedy)))
})

test('candidates on both sides of the limit are scored as whole sequences are', async () => {
  const [first = outgrowing] = staying.filter(({ prompt }) => prompt.length >= longFrom)
  const context = first.prompt.slice(0, 12)
  const candidates = [3, 8, 2, 9].map((count, index) => {
    const answer = Array.from({ length: count }, (_, at) => 5 + 7 * index + at)
    const tokens = [...context, ...answer]
    return { tokens, trained: tokens.map((_, position) => position >= context.length) }
  })
  const expected: number[] = []
  for (const { tokens } of candidates) {
    const [scores = []] = await model.score([tokens], model.emptyPrefixFor(tokens.length))
    expected.push(scores.slice(context.length - 1).reduce((sum, value) => sum + value, 0))
  }
  const totals = await generator.score(candidates)
  for (const [index, total] of totals.entries()) expect(total).toBeCloseTo(expected[index] ?? 0, 3)
})
