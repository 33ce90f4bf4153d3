import { setImmediate as nextTurn } from 'node:timers/promises'
import { array, assert, asyncProperty, constantFrom, integer, record, type Arbitrary } from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi, type MockInstance } from 'vitest'
import { createRandom } from '../../lib/random.ts'
import { createLetterTokenizer, lettersOf } from '../testing/letter-tokenizer.ts'
import { loadTinyModel, openInferenceModel, tinyAdapter } from '../testing/tiny-model.ts'
import { Generator, readyForOthers } from './generator.ts'
import type { InferenceModel } from './inference-model.ts'
import { KeyValueCache } from './key-value-cache.ts'

/** One request, when it comes and when it is cancelled. */
interface Visit {
  /** Turns of the event loop after which it comes. */
  readonly arrival: number
  /** Which of a few texts its prompt begins with. */
  readonly family: number
  /** Tokens of its own. */
  readonly length: number
  readonly maxTokens: number
  readonly temperature: number
  /** Parts after which it is cancelled; 0 for never. */
  readonly cancelAfter: number
  readonly ahead?: boolean
  /** Cancels it, too. */
  readonly until?: AbortSignal
}

interface Outcome {
  readonly text: string
  readonly logProbabilities: readonly number[]
  readonly finished: boolean
}

const randomTokens = (name: string, length: number, vocabulary: number): number[] => {
  const random = createRandom(name)
  return Array.from({ length }, () => random.integer(vocabulary))
}

const promptOf = ({ family, length }: Visit, index: number, vocabulary: number): number[] => [
  // The last two begin alike.
  ...[
    [],
    randomTokens('a', 20, vocabulary),
    [...randomTokens('a', 20, vocabulary), ...randomTokens('b', 17, vocabulary)],
  ][family]!,
  ...randomTokens(`own ${index}`, length, vocabulary),
]

async function visit(
  generator: Generator,
  model: InferenceModel,
  own: Visit,
  index: number,
): Promise<Outcome> {
  for (let turn = 0; turn < own.arrival; turn++) await nextTurn()
  const controller = new AbortController()
  const logProbabilities: number[] = []
  let text = ''
  let parts = 0
  let finished = false
  await generator.generate([
    {
      ...(own.ahead === undefined ? {} : { ahead: own.ahead }),
      prompt: promptOf(own, index, model.config.vocabularySize),
      maxTokens: own.maxTokens,
      temperature: own.temperature,
      topK: 0,
      topP: 1,
      seed: index,
      stop: [],
      logProbabilities: true,
      signal: own.until === undefined ? controller.signal : AbortSignal.any([controller.signal, own.until]),
      onPart: (part) => {
        expect(controller.signal.aborted).toBe(false)
        if (part.type === 'finish') finished = true
        else {
          text += part.text
          logProbabilities.push(...(part.logProbabilities ?? []))
        }
        parts += 1
        if (parts === own.cancelAfter) controller.abort()
      },
    },
  ])
  return { text, logProbabilities, finished }
}

const visits: Arbitrary<Visit[]> = array(
  record({
    arrival: integer({ min: 0, max: 60 }),
    family: integer({ min: 0, max: 2 }),
    length: integer({ min: 1, max: 30 }),
    maxTokens: integer({ min: 1, max: 24 }),
    temperature: constantFrom(0, 0, 1),
    cancelAfter: constantFrom(0, 0, 0, 1, 4),
    ahead: constantFrom(false, false, true),
  }),
  { minLength: 2, maxLength: 9 },
)

const names = ['llama-tiny', 'mistral-tiny', 'phi4-tiny', 'gemma3-tiny'] as const
const models = new Map<string, InferenceModel>()
let roomy: InferenceModel
let repeating: InferenceModel

beforeAll(async () => {
  for (const name of names) {
    const tiny = await loadTinyModel(name)
    models.set(name, await openInferenceModel(tiny, await tinyAdapter(tiny, 'adapter')))
  }
  repeating = await openInferenceModel(await loadTinyModel('llama3-tiny'))
  const tiny = await loadTinyModel('llama-tiny')
  roomy = await openInferenceModel(
    { ...tiny, config: { ...tiny.config, contextLength: 2000 } },
    await tinyAdapter(tiny, 'adapter'),
  )
})
afterAll(async () => {
  for (const model of [...models.values(), roomy, repeating]) await model[Symbol.asyncDispose]()
})

// The third rotates sequences of more than 16 tokens otherwise; the second and fourth have windows of 5.
describe.each(names)('requests to %s', (name) => {
  test('that come and go at any time are answered as each alone', { timeout: 120_000 }, async () => {
    const model = models.get(name)!
    const generatorFor = (atOnce: number): Generator =>
      new Generator(model, createLetterTokenizer(model.config.vocabularySize), new Set([3]), atOnce)
    let compared = 0
    await assert(
      asyncProperty(visits, integer({ min: 1, max: 5 }), async (all, atOnce) => {
        const generator = generatorFor(atOnce)
        const together = await Promise.all(all.map((own, index) => visit(generator, model, own, index)))
        for (const [index, own] of all.entries()) {
          const alone = await visit(generatorFor(1), model, { ...own, arrival: 0 }, index)
          const outcome = together[index]!
          expect({ ...outcome, logProbabilities: [] }).toEqual({ ...alone, logProbabilities: [] })
          expect(outcome.logProbabilities).toHaveLength(alone.logProbabilities.length)
          for (const [at, value] of alone.logProbabilities.entries()) {
            expect(Math.abs(outcome.logProbabilities[at]! - value)).toBeLessThan(1e-3)
            compared += 1
          }
        }
      }),
      { numRuns: 25, seed: 11 },
    )
    expect(compared).toBeGreaterThan(500)
  })
})

describe('the decode loop', () => {
  let model: InferenceModel
  let generator: Generator
  let advances: MockInstance<InferenceModel['advance']>
  /** New tokens of each sequence, for each run. */
  let runs: number[][] = []
  let caches: KeyValueCache[] = []
  const plain: Visit = { arrival: 0, family: 0, length: 4, maxTokens: 12, temperature: 0, cancelAfter: 0 }

  beforeAll(() => {
    model = roomy
    const advance = model.advance.bind(model)
    advances = vi.spyOn(model, 'advance').mockImplementation((sequences, prefix, cache) => {
      runs.push(sequences.map(({ length }) => length))
      caches.push(cache)
      return advance(sequences, prefix, cache)
    })
  })
  beforeEach(() => {
    generator = new Generator(model, createLetterTokenizer(97), new Set(), 4)
    runs = []
    caches = []
  })

  /** Places in `runs` of those that gave answers a token. */
  const decoded = (): number[] => [...runs.keys()].filter((at) => runs[at]!.every((length) => length === 1))

  test('gives the place of an answer that has ended to one that waits', async () => {
    const all = Array.from({ length: 12 }, (_, index) => ({ ...plain, maxTokens: 10 + 20 * (index % 3) }))
    await Promise.all(all.map((own, index) => visit(generator, model, own, index)))
    // The first token of each comes with its prompt.
    const tokens = all.reduce((sum, { maxTokens }) => sum + maxTokens - 1, 0)
    const decoding = runs.filter((lengths) => lengths.every((length) => length === 1))
    expect(Math.max(...decoding.map(({ length }) => length))).toBe(4)
    // Batch by batch, each until its last answer ends, it would take 3 · 49 runs.
    expect(decoding.length).toBeLessThan(1.4 * (tokens / 4))
  })

  test('begins with all whose prompts were read together', async () => {
    const all = Array.from({ length: 4 }, () => ({ ...plain, maxTokens: 3 }))
    await Promise.all(all.map((own, index) => visit(generator, model, own, index)))
    expect(runs).toEqual([
      [4, 4, 4, 4],
      [1, 1, 1, 1],
      [1, 1, 1, 1],
    ])
  })

  test('is shared by calls that come while another is decoding', async () => {
    await Promise.all(
      [0, 5, 9].map((arrival, index) => visit(generator, model, { ...plain, arrival }, index)),
    )
    expect(Math.max(...runs.map(({ length }) => length))).toBe(3)
  })

  test('goes on beside a long prompt, which is read in pieces of 128 tokens', async () => {
    await Promise.all([
      visit(generator, model, { ...plain, maxTokens: 40 }, 0),
      visit(generator, model, { ...plain, arrival: 6, length: 1000, maxTokens: 2 }, 1),
    ])
    const pieces = runs.filter(([first = 0, ...others]) => others.length === 0 && first > 100)
    expect(pieces).toEqual([...Array.from({ length: 7 }, () => [128]), [104]])
    const places = [...runs.entries()].filter(([, [first = 0]]) => first > 100).map(([at]) => at)
    // No two pieces without a run for the short one between them.
    expect(places.slice(1).every((place, index) => place > places[index]! + 1)).toBe(true)
  })

  test('reads the prompt of one that goes ahead before what others still have to be read', async () => {
    const greedy = [0, 1, 2, 3, 4, 5].map((index) =>
      visit(generator, model, { ...plain, length: 500 + index, maxTokens: 30 }, index),
    )
    while (runs.length < 2) await nextTurn()
    const before = runs.length
    const modest = visit(generator, model, { ...plain, length: 7, maxTokens: 5, ahead: true }, 6)
    expect((await modest).finished).toBe(true)
    const since = runs.slice(before)
    expect(since.findIndex(([length]) => length === 7)).toBeLessThan(3)
    // It is answered beside the four that are at once, and is done before their prompts are read.
    expect(since.flat().reduce((sum, length) => sum + length, 0)).toBeLessThan(1200)
    await Promise.all(greedy)
    expect(Math.max(...runs.map(({ length }) => length))).toBeLessThanOrEqual(5)
  })

  test('has a place for one that goes ahead when all are taken', async () => {
    const greedy = Array.from({ length: 8 }, (_, index) =>
      visit(generator, model, { ...plain, maxTokens: 60 }, index),
    )
    while (runs.length < 10) await nextTurn()
    const before = runs.length
    await visit(generator, model, { ...plain, maxTokens: 10, ahead: true }, 8)
    expect(runs.length - before).toBeLessThan(15)
    expect(Math.max(...runs.map(({ length }) => length))).toBe(5)
    await Promise.all(greedy)
  })

  test('gives every other run to one that goes ahead, however many lanes others fill', async () => {
    const many = new Generator(model, createLetterTokenizer(97), new Set(), 16)
    const over = new AbortController()
    const greedy = Array.from({ length: 16 }, (_, index) =>
      visit(many, model, { ...plain, length: 1300, maxTokens: 650, until: over.signal }, index),
    )
    // Each lane has a cache of its own.
    const lanes = (): number =>
      new Set(
        decoded()
          .slice(-6)
          .map((at) => caches[at]),
      ).size
    while (lanes() < 3) await nextTurn()
    const before = decoded().length
    await visit(many, model, { ...plain, length: 100, maxTokens: 61, ahead: true }, 16)
    // A token every second run; with three lanes in turn it would be every third, or with its own every fourth.
    expect(decoded().length - before).toBeLessThan(145)
    over.abort()
    await Promise.all(greedy)
  })

  test('reads in shorter pieces for a server, and leaves off where the prompt is cancelled', async () => {
    const serving = new Generator(model, createLetterTokenizer(97), new Set(), 4, readyForOthers)
    await visit(serving, model, { ...plain, length: 1200, maxTokens: 1 }, 0)
    expect(runs).toEqual([[512], [512], [176]])
    runs = []
    const controller = new AbortController()
    const cancelled = serving.generate([
      {
        prompt: randomTokens('cancelled', 1500, 97),
        maxTokens: 1,
        temperature: 0,
        topK: 0,
        topP: 1,
        seed: 0,
        stop: [],
        logProbabilities: false,
        signal: controller.signal,
        onPart: () => expect.unreachable(),
      },
    ])
    while (runs.length === 0) await nextTurn()
    controller.abort()
    await cancelled
    await visit(serving, model, plain, 1)
    expect(runs.filter(([length = 0]) => length > 100)).toEqual([[512]])
  })

  test('frees the place of a cancelled answer at once', async () => {
    const cancelled = visit(generator, model, { ...plain, maxTokens: 500, cancelAfter: 3 }, 0)
    const other = visit(generator, model, { ...plain, maxTokens: 30 }, 1)
    expect((await cancelled).finished).toBe(false)
    const rest = runs.length
    expect((await other).finished).toBe(true)
    expect(runs.slice(rest + 1).filter(({ length }) => length > 1)).toEqual([])
    expect(runs.length).toBeLessThan(40)
  })

  test('lets answers that begin alike share what they begin with, also when they come one after another', async () => {
    const extend = vi.spyOn(model, 'extendPrefix')
    const all = Array.from({ length: 6 }, (_, index) => ({
      ...plain,
      family: 2,
      arrival: 6 * index,
      maxTokens: 40,
    }))
    await Promise.all(all.map((own, index) => visit(generator, model, own, index)))
    expect(extend.mock.calls.map(([tokens]) => tokens.length)).toEqual([37])
    const prompts = runs.map((lengths) => Math.max(...lengths)).filter((length) => length > 1)
    expect(prompts).toEqual([41, 4, 4, 4, 4, 4])
    // All in one lane: never more than the four at once in two runs.
    expect(Math.max(...runs.map(({ length }) => length))).toBe(4)
    extend.mockRestore()
  })

  test('fails the answers of a run that fails, and goes on with others', async () => {
    const other = visit(generator, model, plain, 0)
    advances.mockRejectedValueOnce(new Error('no memory'))
    const failing = visit(generator, model, plain, 1)
    const [first, second] = await Promise.allSettled([other, failing])
    expect(first).toMatchObject({ status: 'rejected', reason: { message: 'no memory' } })
    expect(second).toMatchObject({ status: 'rejected' })
    expect((await visit(generator, model, plain, 2)).finished).toBe(true)
  })

  test('fails an answer whose listener throws, and no other', async () => {
    const request = {
      maxTokens: 5,
      temperature: 0,
      topK: 0,
      topP: 1,
      seed: 0,
      stop: [],
      logProbabilities: false,
      prompt: [1, 2, 3],
    }
    const broken = generator.generate([
      {
        ...request,
        onPart: () => {
          throw new Error('broken pipe')
        },
      },
    ])
    const other = visit(generator, model, plain, 1)
    await expect(broken).rejects.toThrow('broken pipe')
    expect((await other).finished).toBe(true)
  })
})

test('guesses of an answer alone are checked, and it is written as without them', async () => {
  const model = repeating
  const generator = new Generator(model, createLetterTokenizer(model.config.vocabularySize), new Set())
  const random = createRandom('p3')
  const prompt = Array.from({ length: 3 }, () => random.integer(50))
  const expected: number[] = []
  const cache = new KeyValueCache(model.config, 1)
  for (let next = prompt; expected.length < 90; next = expected.slice(-1)) {
    const logits = await model.advance([next], model.emptyPrefix, cache)
    expected.push(logits.indexOf(Math.max(...logits)))
  }
  const single = vi.spyOn(model, 'advance')
  const several = vi.spyOn(model, 'advanceEach')
  const write = async (temperature: number): Promise<string> => {
    let text = ''
    await generator.generate([
      {
        prompt,
        maxTokens: 90,
        temperature,
        topK: 0,
        topP: 1,
        seed: 0,
        stop: [],
        logProbabilities: false,
        onPart: (part) => {
          if (part.type === 'text-delta') text += part.text
        },
      },
    ])
    return text
  }
  expect(await write(0)).toBe(lettersOf(expected))
  expect(several.mock.calls.length).toBeGreaterThan(3)
  expect(single.mock.calls.length + several.mock.calls.length).toBeLessThan(40)
  // What is drawn by chance cannot be guessed.
  several.mockClear()
  expect(await write(0.01)).toHaveLength(90)
  expect(several).not.toHaveBeenCalled()
  vi.restoreAllMocks()
})
