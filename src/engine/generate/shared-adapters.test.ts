import { setImmediate as nextTurn } from 'node:timers/promises'
import { array, assert, asyncProperty, integer, record } from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createRandom } from '../../lib/random.ts'
import { initializeAdapter, parametersOf, type Adapter, type AdapterConfig } from '../adapter/adapter.ts'
import { adaptableModules, toResident, type ResidentAdapter } from '../adapter/resident-adapter.ts'
import { openModelSession } from '../model-session.ts'
import { createLetterTokenizer } from '../testing/letter-tokenizer.ts'
import { loadTinyModel, openInferenceModel, type TinyModel } from '../testing/tiny-model.ts'
import { AdapterBank } from './adapter-bank.ts'
import { Generator } from './generator.ts'
import { buildInferenceGraph } from './inference-graph.ts'
import { InferenceModel } from './inference-model.ts'

/** One request to one of the models on a base. */
interface Visit {
  /** Turns of the event loop after which it comes. */
  readonly arrival: number
  /** Which adapter; 0 is the base itself. */
  readonly adapter: number
  /** Which of a few texts its prompt begins with. */
  readonly family: number
  readonly length: number
  readonly maxTokens: number
  readonly sampled: boolean
}

interface Outcome {
  readonly text: string
  readonly logProbabilities: readonly number[]
}

function adapterWith(model: TinyModel, seed: number, config: Omit<AdapterConfig, 'alpha'>): Adapter {
  const adapter = initializeAdapter(model.architecture, model.config, { alpha: 3, ...config }, seed)
  const random = createRandom(seed)
  const parameters = parametersOf(adapter)
  // B starts at zero.
  for (const [index, value] of parameters.entries()) parameters[index] = value + (random.next() - 0.5) / 2
  return adapter
}

/** Of other ranks, modules and layers. */
function adaptersOf(model: TinyModel): Adapter[] {
  const { architecture } = model
  const { linearModules } = architecture
  const [first = '', second = ''] = linearModules
  const own = {
    [architecture.moduleName(0, second)]: { rank: 1, alpha: 5 },
    [architecture.moduleName(1, first)]: { rank: 6, alpha: 2 },
  }
  return [
    adapterWith(model, 1, { rank: 4, targetModules: linearModules }),
    adapterWith(model, 2, { rank: 7, targetModules: [first], scaling: 'rslora' }),
    adapterWith(model, 3, { rank: 2, targetModules: linearModules.slice(1), layers: [1] }),
    adapterWith(model, 4, { rank: 6, targetModules: [first, second], modules: own }),
  ]
}

async function openShared(model: TinyModel, singleRows = false): Promise<InferenceModel> {
  const { architecture, config, weights } = model
  const open = (singleRow: boolean): ReturnType<typeof openModelSession> =>
    openModelSession(
      buildInferenceGraph(architecture, config, undefined, { givenAdapters: true, singleRow }),
      [weights],
      { threads: 1 },
    )
  return new InferenceModel(await open(false), config, {
    few: singleRows ? [{ session: await open(true), rows: 1 }] : [],
    adapters: new AdapterBank(adaptableModules(architecture, config)),
  })
}

const randomTokens = (name: string, length: number, vocabulary: number): number[] => {
  const random = createRandom(name)
  return Array.from({ length }, () => random.integer(vocabulary))
}

const promptOf = ({ family, length }: Visit, index: number, vocabulary: number): number[] => [
  ...[[], randomTokens('a', 18, vocabulary), randomTokens('b', 25, vocabulary)][family]!,
  ...randomTokens(`own ${index}`, length, vocabulary),
]

async function visit(
  generator: Generator,
  visitor: Visit,
  index: number,
  vocabulary: number,
  adapter?: ResidentAdapter,
): Promise<Outcome> {
  for (let turn = 0; turn < visitor.arrival; turn++) await nextTurn()
  const logProbabilities: number[] = []
  let text = ''
  await generator.generate([
    {
      adapter,
      prompt: promptOf(visitor, index, vocabulary),
      maxTokens: visitor.maxTokens,
      temperature: visitor.sampled ? 1 : 0,
      topK: 0,
      topP: 1,
      seed: index,
      stop: [],
      logProbabilities: true,
      onPart: (part) => {
        if (part.type === 'finish') return
        text += part.text
        logProbabilities.push(...(part.logProbabilities ?? []))
      },
    },
  ])
  return { text, logProbabilities }
}

const visits = array(
  record({
    arrival: integer({ min: 0, max: 40 }),
    adapter: integer({ min: 0, max: 4 }),
    family: integer({ min: 0, max: 2 }),
    length: integer({ min: 1, max: 20 }),
    maxTokens: integer({ min: 1, max: 14 }),
    sampled: integer({ min: 0, max: 2 }).map((value) => value === 0),
  }),
  { minLength: 2, maxLength: 8 },
)

// The second has windows, the third fused modules and two rotations.
describe.each(['llama-tiny', 'gemma3-tiny', 'phi4-tiny'])('models on one %s', (name) => {
  let tiny: TinyModel
  let shared: InferenceModel
  /** The base, then each adapter, opened alone. */
  let alone: InferenceModel[]
  let residents: (ResidentAdapter | undefined)[]

  const loading = loadTinyModel(name)
  beforeAll(async () => {
    tiny = await loading
    const adapters = adaptersOf(tiny)
    shared = await openShared(tiny, true)
    alone = []
    for (const adapter of [undefined, ...adapters]) alone.push(await openInferenceModel(tiny, adapter))
    residents = [undefined, ...adapters.map((each) => toResident(tiny.architecture, tiny.config, each))]
  })
  afterAll(async () => {
    for (const model of [shared, ...alone]) await model[Symbol.asyncDispose]()
  })

  const generatorOf = (model: InferenceModel): Generator =>
    new Generator(model, createLetterTokenizer(tiny.config.vocabularySize), new Set([3]), 5)

  test('answer together as each alone', { timeout: 120_000 }, async () => {
    const vocabulary = tiny.config.vocabularySize
    const kinds = new Set<number>()
    let compared = 0
    await assert(
      asyncProperty(visits, async (all) => {
        const generator = generatorOf(shared)
        const together = await Promise.all(
          all.map((each, index) => visit(generator, each, index, vocabulary, residents[each.adapter])),
        )
        for (const [index, each] of all.entries()) {
          const single = await visit(
            generatorOf(alone[each.adapter]!),
            { ...each, arrival: 0 },
            index,
            vocabulary,
          )
          expect(together[index]!.text).toBe(single.text)
          kinds.add(each.adapter)
          for (const [at, value] of single.logProbabilities.entries()) {
            expect(Math.abs(together[index]!.logProbabilities[at]! - value)).toBeLessThan(1e-5)
            compared += 1
          }
        }
      }),
      { numRuns: 20, seed: 5 },
    )
    expect(kinds.size).toBe(5)
    expect(compared).toBeGreaterThan(300)
  })

  test('differ from each other', async () => {
    const prompt = { arrival: 0, adapter: 0, family: 0, length: 9, maxTokens: 1, sampled: false }
    const outcomes = []
    for (const resident of residents)
      outcomes.push(await visit(generatorOf(shared), prompt, 0, tiny.config.vocabularySize, resident))
    expect(new Set(outcomes.map(({ logProbabilities }) => logProbabilities[0]?.toFixed(4))).size).toBe(5)
  })

  test('rank labels as each alone', async () => {
    const tokens = randomTokens('scored', 14, tiny.config.vocabularySize)
    const candidates = [1, 2, 3].map((end) => ({
      tokens: [...tokens, end, 5],
      trained: [...tokens.map(() => false), true, true],
    }))
    const generator = generatorOf(shared)
    const all = await Promise.all(residents.map((resident) => generator.score(candidates, resident)))
    for (const [index, scores] of all.entries()) {
      const single = await generatorOf(alone[index]!).score(candidates)
      for (const [at, score] of scores.entries()) expect(Math.abs(score - single[at]!)).toBeLessThan(1e-5)
    }
    expect(new Set(all.map(([score]) => score?.toFixed(3))).size).toBe(5)
  })
})

describe('the decode loop of a shared base', () => {
  let tiny: TinyModel
  let shared: InferenceModel
  let residents: ResidentAdapter[]
  const plain: Visit = { arrival: 0, adapter: 0, family: 0, length: 6, maxTokens: 12, sampled: false }

  const loading = loadTinyModel('llama-tiny')
  beforeAll(async () => {
    tiny = await loading
    shared = await openShared(tiny)
    residents = adaptersOf(tiny).map((each) => toResident(tiny.architecture, tiny.config, each))
  })
  afterAll(() => shared[Symbol.asyncDispose]())

  test('gives answers of different adapters their tokens in one run', async () => {
    const advance = vi.spyOn(shared, 'advance')
    const generator = new Generator(shared, createLetterTokenizer(97), new Set(), 8)
    await Promise.all(
      [undefined, ...residents].map((resident, index) =>
        visit(generator, { ...plain, maxTokens: 20 }, index, 97, resident),
      ),
    )
    const runs = advance.mock.calls.map(([sequences]) => sequences)
    const decoding = runs.filter((sequences) => sequences.every(({ length }) => length === 1))
    expect(Math.max(...decoding.map(({ length }) => length))).toBe(5)
    // Apart it would take 5 · 19 runs.
    expect(decoding.length).toBeLessThan(2 * 19)
    advance.mockRestore()
  })

  test('forgets what it read with an adapter that is gone', async () => {
    const extend = vi.spyOn(shared, 'extendPrefix')
    const generator = new Generator(shared, createLetterTokenizer(97), new Set(), 8)
    const [first, second] = residents as [ResidentAdapter, ResidentAdapter]
    const ask = async (adapter: ResidentAdapter, index: number): Promise<number> => {
      extend.mockClear()
      await visit(generator, { ...plain, family: 1 }, index, 97, adapter)
      return extend.mock.calls.length
    }
    expect(await ask(first, 1)).toBe(0)
    expect(await ask(first, 2)).toBe(1)
    // What another adapter has read is not its own.
    expect(await ask(second, 3)).toBe(0)
    expect(await ask(second, 4)).toBe(1)
    expect(await ask(first, 5)).toBe(0)
    generator.forget(first)
    expect(await ask(first, 6)).toBe(0)
    expect(await ask(first, 7)).toBe(1)
    expect(await ask(second, 8)).toBe(0)
    extend.mockRestore()
  })
})

test('bytes count what an adapter holds, and zeros once', async () => {
  const tiny = await loadTinyModel('llama-tiny')
  const [whole, part] = adaptersOf(tiny).map((each) => ({
    resident: toResident(tiny.architecture, tiny.config, each),
    own: parametersOf(each).byteLength,
  }))
  expect(whole!.resident.bytes).toBe(whole!.own)
  expect(part!.resident.bytes).toBeGreaterThan(part!.own)
  expect(part!.resident.bytes).toBeLessThan(whole!.own * (7 / 4))
})
