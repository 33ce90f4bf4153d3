import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import {
  initializeAdapter,
  parametersOf,
  type Adapter,
  type AdapterConfig,
} from '../src/engine/adapter/adapter.ts'
import { toResident, type ResidentAdapter } from '../src/engine/adapter/resident-adapter.ts'
import { openBaseModel, type BaseModel } from '../src/engine/base-model.ts'
import type { Generator } from '../src/engine/generate/generator.ts'
import { loadGenerator } from '../src/engine/load-generator.ts'
import { importModel } from '../src/engine/weights/import-model.ts'
import { weightCacheFolder } from '../src/lib/home-layout.ts'
import { createRandom } from '../src/lib/random.ts'
import { realBase } from './testing/real-base.ts'

const gguf = await realBase()
const home = await mkdtemp(join(tmpdir(), 'hone-many-'))
afterAll(() => rm(home, { recursive: true, force: true }))

const questions = ['What is the capital of France?', 'Who pays for the hotel?']

interface Answer {
  readonly text: string
  readonly logProbabilities: readonly number[]
}

async function answer(
  generator: Generator,
  base: BaseModel,
  content: string,
  adapter?: ResidentAdapter,
): Promise<Answer> {
  let text = ''
  const logProbabilities: number[] = []
  await generator.generate([
    {
      adapter,
      prompt: base.text.chatText.encodePrompt([{ role: 'user', content }]),
      maxTokens: 12,
      stop: [],
      seed: 0,
      temperature: 0,
      topK: 0,
      topP: 1,
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

/** The largest difference of log-probabilities. */
const distance = (left: Answer, right: Answer): number =>
  Math.max(
    ...right.logProbabilities.map((value, at) => Math.abs((left.logProbabilities[at] ?? Number.NaN) - value)),
  )

function randomAdapter({ architecture, config }: BaseModel, seed: number, settings: AdapterConfig): Adapter {
  const adapter = initializeAdapter(architecture, config, settings, seed)
  const random = createRandom(seed)
  const parameters = parametersOf(adapter)
  // B starts at zero.
  for (const [index, value] of parameters.entries()) parameters[index] = value + (random.next() - 0.5) * 0.02
  return adapter
}

describe.skipIf(gguf === undefined)('the default base, shared by two adapters', () => {
  test('answers for all at once as each model alone', { timeout: 240_000 }, async () => {
    const { folder } = await importModel(gguf ?? '', { home })
    const cacheFolder = weightCacheFolder(home)
    const base = await openBaseModel(folder, { cacheFolder })
    const { architecture, config } = base
    const adapters = [
      undefined,
      randomAdapter(base, 1, { rank: 8, alpha: 16, targetModules: architecture.linearModules }),
      randomAdapter(base, 2, {
        rank: 3,
        alpha: 20,
        targetModules: ['q_proj', 'v_proj'],
        layers: [20, 28, 29],
      }),
    ]
    const together: Answer[] = []
    const inTurn: Answer[] = []
    {
      await using shared = await loadGenerator(base, undefined, cacheFolder, {
        longLived: true,
        givenAdapters: true,
      })
      const residents = adapters.map((each) => each && toResident(architecture, config, each))
      const asked = residents.flatMap((resident) =>
        questions.map((question) => answer(shared.generator, base, question, resident)),
      )
      together.push(...(await Promise.all(asked)))
      for (const resident of residents)
        for (const question of questions)
          inTurn.push(await answer(shared.generator, base, question, resident))
    }
    let compared = 0
    for (const [index, adapter] of adapters.entries()) {
      await using alone = await loadGenerator(base, adapter, cacheFolder, { longLived: true })
      for (const [place, question] of questions.entries()) {
        const single = await answer(alone.generator, base, question)
        const at = index * questions.length + place
        expect(together[at]!.text).toBe(single.text)
        expect(inTurn[at]!.text).toBe(single.text)
        // The rows of a product are summed in another order: beside a resident adapter a little, in company more.
        expect(distance(inTurn[at]!, single)).toBeLessThan(5e-5)
        expect(distance(together[at]!, single)).toBeLessThan(1e-4)
        compared += single.logProbabilities.length
      }
    }
    expect(compared).toBeGreaterThan(40)
    expect(new Set(together.map(({ logProbabilities }) => logProbabilities[0])).size).toBe(6)
  })
})
