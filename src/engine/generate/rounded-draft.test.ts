import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRandom } from '../../lib/random.ts'
import type { Session } from '../graph/session.ts'
import { cacheAdapter } from '../load-generator.ts'
import { openModelSession } from '../model-session.ts'
import { askBatch, type AskedAnswer } from '../testing/ask-batch.ts'
import { createLetterTokenizer } from '../testing/letter-tokenizer.ts'
import { loadTinyModel, tinyAdapter } from '../testing/tiny-model.ts'
import { Generator } from './generator.ts'
import { buildInferenceGraph } from './inference-graph.ts'
import { InferenceModel } from './inference-model.ts'
import { RoundedDraft } from './rounded-draft.ts'

/** What computes a draft: the model itself, which is always right, or its base without the adapter, which seldom is. */
type Drafter = 'none' | 'itself' | 'its base'

const runs = { model: 0, draft: 0 }
const models = new Map<Drafter, InferenceModel>()

const counting = (session: Session, of: keyof typeof runs): Session => ({
  run(feeds, wanted) {
    runs[of]++
    return session.run(feeds, wanted)
  },
  [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
})

beforeAll(async () => {
  const tiny = await loadTinyModel('llama-tiny')
  const { architecture, config } = tiny
  const adapter = await tinyAdapter(tiny, 'adapter')
  const weights = [tiny.weights, await cacheAdapter(adapter, tiny.cacheFolder)]
  const open = (singleRow: boolean): Promise<Session> =>
    openModelSession(buildInferenceGraph(architecture, config, adapter.config, { singleRow }), weights, {
      threads: 1,
    })
  const openBase = (): Promise<Session> =>
    openModelSession(
      buildInferenceGraph(architecture, config, undefined, { singleRow: true }),
      [tiny.weights],
      {
        threads: 1,
      },
    )
  for (const drafter of ['none', 'itself', 'its base'] as const) {
    const draft =
      drafter === 'none'
        ? undefined
        : counting(drafter === 'itself' ? await open(true) : await openBase(), 'draft')
    models.set(drafter, new InferenceModel(counting(await open(false), 'model'), config, { draft }))
  }
})
afterAll(async () => {
  for (const model of models.values()) await model[Symbol.asyncDispose]()
})

interface Answered {
  readonly said: { readonly text?: string | undefined; readonly finish?: object | undefined }
  readonly logProbabilities: readonly number[]
  readonly runs: typeof runs
}

async function answer(
  drafter: Drafter,
  request: AskedAnswer,
  endOfTurn: readonly number[] = [],
): Promise<Answered> {
  const model = models.get(drafter)
  if (model === undefined) throw new Error('there is no such model')
  Object.assign(runs, { model: 0, draft: 0 })
  const tokenizer = createLetterTokenizer(model.config.vocabularySize)
  const [said] = await askBatch(new Generator(model, tokenizer, new Set(endOfTurn)), [request])
  const { text, finish, logProbabilities } = said ?? { logProbabilities: [] }
  return { said: { text, finish }, logProbabilities, runs: { ...runs } }
}

const promptOf = (length: number): number[] => {
  const random = createRandom(`prompt ${length}`)
  return Array.from({ length }, () => random.integer(97))
}

describe('an answer that is foretold', () => {
  test.each([1, 2, 5, 6, 7, 8, 9, 20, 40])(
    'is what it would be otherwise, %d tokens long, whoever foretells it',
    async (maxTokens) => {
      for (const length of [1, 13, 30]) {
        const request = { prompt: promptOf(length), maxTokens, logProbabilities: true }
        const plain = await answer('none', request)
        expect(plain.runs.draft).toBe(0)
        for (const drafter of ['itself', 'its base'] as const) {
          const foretold = await answer(drafter, request)
          expect(foretold.said).toEqual(plain.said)
          const differences = foretold.logProbabilities.map((value, at) =>
            Math.abs(value - (plain.logProbabilities[at] ?? Number.NaN)),
          )
          expect(differences).toHaveLength(maxTokens)
          expect(Math.max(...differences)).toBeLessThan(1e-4)
        }
      }
    },
  )

  test('takes a run for each seven to nine tokens where what foretells is right', async () => {
    // What is foretold stands nowhere before, so that no repetition is found.
    const request = { prompt: promptOf(13), maxTokens: 40 }
    const plain = await answer('none', request)
    const { runs: own } = await answer('itself', request)
    expect(own.draft).toBeGreaterThan(20)
    expect(own.model).toBeLessThan(plain.runs.model / 3)
    const wrong = await answer('its base', request)
    expect(wrong.runs.model).toBeGreaterThan(own.model)
  })

  test('ends where it would end otherwise', async () => {
    const request = { prompt: promptOf(13), maxTokens: 40 }
    const { said } = await answer('none', request)
    const tokens = Array.from(
      (said as { text: string }).text,
      (letter) => (letter.codePointAt(0) ?? 0) - 0x4e00,
    )
    for (const at of [0, 1, 4, 6, 7, 12]) {
      const end = [tokens[at]!]
      const plain = await answer('none', request, end)
      for (const drafter of ['itself', 'its base'] as const) {
        expect((await answer(drafter, request, end)).said).toEqual(plain.said)
      }
    }
  })

  test('is none where a token is drawn, or others are written beside it', async () => {
    expect((await answer('itself', { prompt: promptOf(13), temperature: 0.7 })).runs.draft).toBe(0)
    const model = models.get('itself')
    if (model === undefined) throw new Error('there is no such model')
    const generator = new Generator(model, createLetterTokenizer(model.config.vocabularySize), new Set())
    Object.assign(runs, { model: 0, draft: 0 })
    await askBatch(generator, [{ prompt: promptOf(13) }, { prompt: promptOf(14) }])
    expect(runs.draft).toBe(0)
  })
})

test('more is foretold while it is right, and less where it is not', () => {
  const draft = new RoundedDraft()
  const first = draft.length
  draft.judge(first, first)
  expect(draft.length).toBe(first + 1)
  for (let times = 0; times < 9; times++) draft.judge(draft.length, draft.length)
  const longest = draft.length
  expect(longest).toBe(8)
  draft.judge(longest, 5)
  expect(draft.length).toBe(5)
  draft.judge(5, 0)
  expect(draft.length).toBe(4)
})
