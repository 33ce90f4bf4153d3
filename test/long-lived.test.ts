import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { initializeAdapter, parametersOf, type Adapter } from '../src/engine/adapter/adapter.ts'
import { openBaseModel, type BaseModel } from '../src/engine/base-model.ts'
import { loadGenerator, type LoadOptions } from '../src/engine/load-generator.ts'
import { importModel } from '../src/engine/weights/import-model.ts'
import { weightCacheFolder } from '../src/lib/home-layout.ts'
import { createRandom } from '../src/lib/random.ts'
import { realBase } from './testing/real-base.ts'

const gguf = await realBase()

const home = await mkdtemp(join(tmpdir(), 'hone-long-lived-'))
afterAll(() => rm(home, { recursive: true, force: true }))

const prompts = [
  'What is the capital of France?',
  'Write a haiku about rain.',
  'def mean(values):\n    return sum(values) / len(values)\n\nWhat happens for an empty list?',
  'Wie lange dauert die Prüfung meines Schadens?',
  'A pipe burst in the bathroom, and the ceiling below came down. Who pays for the hotel?',
]

interface Answer {
  readonly text: string
  readonly logProbabilities: readonly number[]
}

/** Greedy answers, one at a time. */
async function answersOf(
  base: BaseModel,
  adapter: Adapter | undefined,
  options: LoadOptions,
): Promise<Answer[]> {
  await using loaded = await loadGenerator(base, adapter, weightCacheFolder(home), options)
  const answers: Answer[] = []
  for (const content of prompts) {
    let text = ''
    const logProbabilities: number[] = []
    await loaded.generator.generate([
      {
        prompt: base.text.chatText.encodePrompt([{ role: 'user', content }]),
        maxTokens: 16,
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
    answers.push({ text, logProbabilities })
  }
  return answers
}

/** An adapter that changes something: B starts at zero. */
function randomAdapter({ architecture, config }: BaseModel): Adapter {
  const settings = { rank: 4, alpha: 8, targetModules: architecture.linearModules }
  const adapter = initializeAdapter(architecture, config, settings, 1)
  const random = createRandom(5)
  const parameters = parametersOf(adapter)
  for (const [index, value] of parameters.entries()) parameters[index] = value + (random.next() - 0.5) * 0.02
  return adapter
}

describe.skipIf(gguf === undefined)('the default base, kept open for single answers', () => {
  let base: BaseModel
  beforeAll(async () => {
    const { folder } = await importModel(gguf ?? '', { home })
    base = await openBaseModel(folder, { cacheFolder: weightCacheFolder(home) })
  })

  test.each(['base', 'adapter'])('writes what it writes otherwise, as %s', async (which) => {
    const adapter = which === 'adapter' ? randomAdapter(base) : undefined
    const plain = await answersOf(base, adapter, {})
    const levels = await answersOf(base, adapter, { longLived: true })
    expect(plain.flatMap((answer) => answer.logProbabilities).length).toBeGreaterThan(50)
    expect(levels.map(({ text }) => text)).toEqual(plain.map(({ text }) => text))
    for (const [index, { logProbabilities }] of plain.entries()) {
      const found = levels[index]?.logProbabilities ?? []
      expect(found).toHaveLength(logProbabilities.length)
      const differences = found.map((value, at) => Math.abs(value - (logProbabilities[at] ?? Number.NaN)))
      expect(Math.max(...differences)).toBeLessThan(1e-3)
    }
    // Other arithmetic was used, or there was nothing to compare.
    expect(levels).not.toEqual(plain)
  })

  test('rounds its inputs to eight bits on any processor when asked to, and says nearly the same', async () => {
    const exact = await answersOf(base, undefined, {})
    const rounded = await answersOf(base, undefined, { longLived: true, arithmetic: 'int8' })
    expect(rounded).not.toEqual(exact)
    const differencesAt = (token: number): number[] =>
      rounded.map(({ logProbabilities }, at) =>
        Math.abs(
          (logProbabilities[token] ?? Number.NaN) - (exact[at]?.logProbabilities[token] ?? Number.NaN),
        ),
      )
    // The first token is chosen by the run that reads the prompt, which has too many rows.
    expect(Math.max(...differencesAt(0))).toBeLessThan(1e-3)
    const differences = differencesAt(1)
    expect(Math.max(...differences)).toBeGreaterThan(1e-3)
    expect(Math.max(...differences)).toBeLessThan(0.5)
  })
})
