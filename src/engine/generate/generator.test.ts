import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createRandom } from '../../lib/random.ts'
import { askBatch, type AskedAnswer, type BatchAnswer } from '../testing/ask-batch.ts'
import { createLetterTokenizer, lettersOf } from '../testing/letter-tokenizer.ts'
import { loadTinyModel, openInferenceModel, tinyAdapter } from '../testing/tiny-model.ts'
import { tokenTree } from './token-tree.ts'
import { Generator } from './generator.ts'
import { toLabelScores, type ScoredSequence } from './score-sequences.ts'
import type { InferenceModel } from './inference-model.ts'
import { KeyValueCache } from './key-value-cache.ts'

interface Golden {
  readonly model: string
  readonly prompt: readonly number[]
  readonly greedy: readonly number[]
  readonly greedyLogProbabilities: readonly number[]
  readonly continuation: readonly number[]
  readonly continuationLogProbabilities: readonly number[]
}

let model: InferenceModel
let goldens: Golden[]
let generator: Generator

const generatorWith = (endOfTurn: readonly number[]): Generator =>
  new Generator(model, createLetterTokenizer(model.config.vocabularySize), new Set(endOfTurn))

beforeAll(async () => {
  const tiny = await loadTinyModel('llama-tiny')
  model = await openInferenceModel(tiny, await tinyAdapter(tiny, 'adapter'))
  goldens = (tiny.goldens['generation'] as Golden[]).filter(({ model: which }) => which === 'adapter')
  if (goldens.length < 2) throw new Error('the goldens of the adapter are missing')
})
afterAll(() => model[Symbol.asyncDispose]())
beforeEach(() => {
  generator = generatorWith([])
})

const ask = (requests: readonly AskedAnswer[], by: Generator = generator): Promise<BatchAnswer[]> =>
  askBatch(by, requests)

const randomPrompt = (name: string, length: number): number[] => {
  const random = createRandom(name)
  return Array.from({ length }, () => random.integer(97))
}

describe('greedy answers', () => {
  test('are those of transformers, with their log-probabilities', async () => {
    const answers = await ask(goldens.map(({ prompt }) => ({ prompt, logProbabilities: true })))
    for (const [index, { text, logProbabilities, finish }] of answers.entries()) {
      const { greedy, greedyLogProbabilities, prompt } = goldens[index]!
      expect(text).toBe(lettersOf(greedy))
      expect(logProbabilities).toHaveLength(20)
      for (const [at, value] of greedyLogProbabilities.entries())
        expect(logProbabilities[at]).toBeCloseTo(value, 3)
      expect(finish).toEqual({
        type: 'finish',
        reason: 'length',
        usage: { promptTokens: prompt.length, completionTokens: 20 },
      })
    }
  })

  test('carry log-probabilities only when asked, and end with exactly one finish', async () => {
    const [{ parts } = { parts: [] }] = await ask([{ prompt: [6, 37], maxTokens: 5 }])
    expect(parts.map(({ type }) => type)).toEqual([
      ...Array.from({ length: 5 }, () => 'text-delta'),
      'finish',
    ])
    expect(parts.filter((part) => 'logProbabilities' in part)).toEqual([])
  })
})

describe('a batch of different lengths', () => {
  const lengths = [1, 2, 17, 30, 31, 60, 5, 44]

  test.each([0, 0.8, 1.5])('equals each alone, token for token, at temperature %d', async (temperature) => {
    const requests = lengths.map((length, index) => ({
      prompt: randomPrompt(`prompt ${length}`, length),
      temperature,
      seed: index,
      // They also end at different times.
      maxTokens: 3 + 4 * index,
    }))
    const together = await ask(requests)
    for (const [index, request] of requests.entries()) {
      const [alone] = await ask([request], generatorWith([]))
      expect(together[index]).toEqual(alone)
      expect(together[index]?.finish?.usage.completionTokens).toBe(3 + 4 * index)
    }
  })

  test('whose prompts begin alike equals each alone', async () => {
    const system = randomPrompt('system', 33)
    const requests = lengths.map((length) => ({
      prompt: [...system, ...randomPrompt(`${length}`, length)],
      maxTokens: 8,
    }))
    const together = await ask(requests)
    for (const [index, request] of requests.entries()) {
      const [alone] = await ask([request], generatorWith([]))
      expect(together[index]?.text).toBe(alone?.text)
    }
  })

  test('of labels with common beginnings take one row for each different beginning', async () => {
    const labels = [[1, 2, 3], [1, 2, 4], [1, 2, 4, 5], [1, 6], [9]]
    const tree = tokenTree(labels)
    expect(tree.tokens).toEqual([1, 2, 3, 4, 5, 6, 9])
    expect(tree.parents).toEqual([-1, 0, 1, 1, 3, 0, -1])
    expect(tree.depths).toEqual([0, 1, 2, 2, 3, 1, 0])
    expect(tree.paths).toEqual([[0, 1, 2], [0, 1, 3], [0, 1, 3, 4], [0, 5], [6]])
  })

  test('of more rows than one run may have is answered whole', async () => {
    const requests = Array.from({ length: 25 }, (_, index) => ({
      prompt: randomPrompt(`many ${index}`, 100),
      maxTokens: 2,
    }))
    const together = await ask(requests)
    expect(together.filter(({ finish }) => finish !== undefined)).toHaveLength(25)
    const [last] = await ask(requests.slice(-1), generatorWith([]))
    expect(together.at(-1)?.text).toBe(last?.text)
  })
})

test('a long prompt is read in pieces to the same answer', async () => {
  const tiny = await loadTinyModel('llama-tiny')
  const long = { ...tiny, config: { ...tiny.config, contextLength: 2000 } }
  await using roomy = await openInferenceModel(long, await tinyAdapter(tiny, 'adapter'))
  const prompt = randomPrompt('long', 1100)
  const logits = await roomy.advance([prompt], roomy.emptyPrefix, new KeyValueCache(roomy.config, 1))
  const byPieces = new Generator(roomy, createLetterTokenizer(97), new Set())
  // Alone, and beside others with a prefix in common.
  const [alone] = await ask([{ prompt, maxTokens: 1 }], byPieces)
  const [beside] = await ask([{ prompt, maxTokens: 1 }, { prompt: [...prompt, 1] }], byPieces)
  const likeliest = lettersOf([logits.indexOf(Math.max(...logits))])
  expect([alone?.text, beside?.text]).toEqual([likeliest, likeliest])
})

describe('seeds', () => {
  const request = { prompt: [5, 6, 7], temperature: 1.2, maxTokens: 12 }

  test('the same one gives the same text, another one another', async () => {
    const [one, same, other] = await ask([
      { ...request, seed: 1 },
      { ...request, seed: 1 },
      { ...request, seed: 2 },
    ])
    expect(same?.text).toBe(one?.text)
    expect(other?.text).not.toBe(one?.text)
  })
})

describe('an answer ends', () => {
  const at = 7

  test('at the end of turn, which is neither shown nor counted', async () => {
    const { prompt, greedy } = goldens[0]!
    const end = greedy[at]!
    const before = greedy.slice(0, greedy.indexOf(end))
    expect(before.length).toBeGreaterThan(2)
    const [answer] = await ask([{ prompt, logProbabilities: true }], generatorWith([end]))
    expect(answer?.text).toBe(lettersOf(before))
    expect(answer?.logProbabilities).toHaveLength(before.length)
    expect(answer?.finish).toEqual({
      type: 'finish',
      reason: 'stop',
      usage: { promptTokens: prompt.length, completionTokens: before.length },
    })
  })

  test('before a stop text that runs over several tokens', async () => {
    const { prompt, greedy } = goldens[1]!
    const [answer] = await ask([{ prompt, stop: [lettersOf(greedy.slice(at, at + 3)), 'never'] }])
    expect(answer?.text).toBe(lettersOf(greedy.slice(0, at)))
    expect(answer?.finish).toMatchObject({ reason: 'stop', usage: { completionTokens: at + 3 } })
  })

  test('with what was held back when a stop text was only begun', async () => {
    const { prompt, greedy } = goldens[1]!
    const begun = lettersOf(greedy.slice(9, 10))
    const [answer] = await ask([{ prompt, maxTokens: 10, stop: [`${begun}?`], logProbabilities: true }])
    expect(answer?.text).toBe(lettersOf(greedy.slice(0, 10)))
    expect(answer?.logProbabilities).toHaveLength(10)
    expect(answer?.finish?.reason).toBe('length')
  })

  test.each([1, 4])('after %i tokens', async (maxTokens) => {
    const { prompt, greedy } = goldens[0]!
    const [answer] = await ask([{ prompt, maxTokens }])
    expect(answer?.text).toBe(lettersOf(greedy.slice(0, maxTokens)))
    expect(answer?.finish).toMatchObject({ reason: 'length', usage: { completionTokens: maxTokens } })
  })

  test('where the context is full', async () => {
    const { contextLength } = model.config
    const prompts = [contextLength - 3, contextLength - 1, 4].map((length) => randomPrompt('x', length))
    const answers = await ask(prompts.map((prompt) => ({ prompt, maxTokens: 10 })))
    expect(answers.map(({ finish }) => [finish?.reason, finish?.usage.completionTokens])).toEqual([
      ['length', 3],
      ['length', 1],
      ['length', 10],
    ])
  })

  test('before it began, when the prompt fills the context', async () => {
    const { contextLength } = model.config
    const asked = ask([{ prompt: [1, 2] }, { prompt: randomPrompt('x', contextLength) }])
    await expect(asked).rejects.toMatchObject({
      code: 'E_DATA_TOO_LONG',
      message: expect.stringContaining(`${contextLength} tokens`),
    })
  })
})

const ofEach = (answers: Awaited<ReturnType<typeof ask>>): unknown[] =>
  answers.map(({ finish }) => finish?.usage.cache)

describe('what a cache of prompts did', () => {
  const system = randomPrompt('system', 40)
  const prompts = [1, 2, 3].map((token) => [...system, token, 50])
  test('is told: what prompts share is read for the first of them', async () => {
    const own = generatorWith([])
    expect(
      ofEach(
        await ask(
          prompts.map((prompt) => ({ prompt, maxTokens: 1 })),
          own,
        ),
      ),
    ).toEqual([
      { readTokens: 0, writtenTokens: 40 },
      { readTokens: 40, writtenTokens: 0 },
      { readTokens: 40, writtenTokens: 0 },
    ])
    expect(ofEach(await ask([{ prompt: [...system, 60], maxTokens: 1 }], own))).toEqual([
      { readTokens: 40, writtenTokens: 0 },
    ])
  })

  test('is nothing for a prompt that is like no other, and for the first of those that come alone', async () => {
    const own = generatorWith([])
    const [first, second, other] = [prompts[0]!, prompts[1]!, randomPrompt('other', 30)]
    const told: unknown[] = []
    for (const prompt of [first, second, first, other]) {
      told.push(...ofEach(await ask([{ prompt, maxTokens: 1 }], own)))
    }
    expect(told).toEqual([
      undefined,
      { readTokens: 0, writtenTokens: 40 },
      { readTokens: 40, writtenTokens: 0 },
      undefined,
    ])
  })
})

describe('cancelling', () => {
  test('in the middle ends that answer without a finish, and no other', async () => {
    const controller = new AbortController()
    let seen = 0
    const cancelled: AskedAnswer = {
      prompt: goldens[0]!.prompt,
      signal: controller.signal,
      onPart: () => {
        seen += 1
        if (seen === 3) controller.abort()
      },
    }
    const [answer, other] = await ask([cancelled, { prompt: goldens[1]!.prompt }])
    expect(answer?.text).toBe(lettersOf(goldens[0]!.greedy.slice(0, 3)))
    expect(answer?.finish).toBeUndefined()
    expect(other?.text).toBe(lettersOf(goldens[1]!.greedy))
    expect(other?.finish?.reason).toBe('length')
  })

  test('from outside comes through between two tokens', async () => {
    const controller = new AbortController()
    setImmediate(() => controller.abort())
    const [answer] = await ask([{ prompt: [1, 2, 3], maxTokens: 100, signal: controller.signal }])
    expect(answer?.finish).toBeUndefined()
    expect(answer?.parts.length).toBeLessThan(100)
  })
})

const trainedFrom = (tokens: readonly number[], start: number): ScoredSequence => ({
  tokens,
  trained: tokens.map((_, position) => position >= start),
})

describe('scores', () => {
  test('are the log-probabilities of transformers, summed', async () => {
    for (const { prompt, continuation, continuationLogProbabilities } of goldens) {
      const expected = continuationLogProbabilities.reduce((sum, value) => sum + value, 0)
      const [score] = await generator.score([trainedFrom([...prompt, ...continuation], prompt.length)])
      expect(score).toBeCloseTo(expected, 3)
    }
  })

  test('of many candidates equal those of each alone', async () => {
    const prompt = randomPrompt('prompt', 20)
    // The second begins as the first and ends earlier; the last does not count its first token, nor what follows the end.
    const answers = [[1, 2, 3, 4], [1, 2], [90], [1, 5, 6, 7, 8, 9, 10], [44, 45, 46]]
    const candidates = answers.map((answer) => trainedFrom([...prompt, ...answer], prompt.length))
    const last = candidates.at(-1)!
    const odd = { tokens: [...last.tokens, 7, 7], trained: [...last.trained, false, false].with(20, false) }
    const all = [...candidates, odd]
    const together = await generator.score(all)
    expect(together).toHaveLength(6)
    for (const [index, candidate] of all.entries()) {
      const [alone] = await generatorWith([]).score([candidate])
      expect(together[index]).toBeCloseTo(alone!, 4)
    }
    const [rows = []] = await model.score([last.tokens], model.emptyPrefix)
    expect(together[4]).toBeCloseTo(
      rows.slice(-3).reduce((sum, value) => sum + value, 0),
      4,
    )
    expect(together[5]).toBeCloseTo(
      rows.slice(-2).reduce((sum, value) => sum + value, 0),
      4,
    )
  })

  test('of labels with common beginnings take one row for each different beginning', async () => {
    const labels = [[1, 2, 3], [1, 2, 4], [1, 2, 4, 5], [1, 6], [9]]
    const tree = tokenTree(labels)
    expect(tree.tokens).toEqual([1, 2, 3, 4, 5, 6, 9])
    expect(tree.parents).toEqual([-1, 0, 1, 1, 3, 0, -1])
    expect(tree.depths).toEqual([0, 1, 2, 2, 3, 1, 0])
    expect(tree.paths).toEqual([[0, 1, 2], [0, 1, 3], [0, 1, 3, 4], [0, 5], [6]])
  })

  test('of more rows than one run may have come in their order', async () => {
    const prompt = [1, 2]
    const candidates = Array.from({ length: 60 }, (_, index) =>
      trainedFrom([...prompt, ...randomPrompt(`${index}`, 50)], 2),
    )
    const together = await generator.score(candidates)
    const [alone] = await generatorWith([]).score([candidates[59]!])
    expect(together).toHaveLength(60)
    expect(together[59]).toBeCloseTo(alone!, 3)
  })

  test('may fill the context, and no more', async () => {
    const { contextLength } = model.config
    const full = randomPrompt('full', contextLength)
    expect(await generator.score([trainedFrom(full, 100)])).toHaveLength(1)
    await expect(generator.score([trainedFrom([...full, 1], 100)])).rejects.toMatchObject({
      code: 'E_DATA_TOO_LONG',
    })
  })

  test('need something before what counts', async () => {
    await expect(generator.score([trainedFrom([1, 2], 0)])).rejects.toMatchObject({ code: 'E_DATA' })
  })

  test('become shares, likeliest first', () => {
    const scores = toLabelScores(['a', 'b', 'c'], [-1001, -1000, -1000 - Math.log(4)])
    expect(scores.map(({ label }) => label)).toEqual(['b', 'a', 'c'])
    const total = 1 + Math.exp(-1) + 0.25
    for (const [index, share] of [1, Math.exp(-1), 0.25].entries())
      expect(scores[index]?.probability).toBeCloseTo(share / total, 12)
  })
})
