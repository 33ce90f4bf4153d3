// Answers of several adapters on one base: a run for all of them against a run for each, and what adapters that come as inputs
// cost beside one that is part of the graph.
//   npx tsx bench/adapters-on-one-base.ts [--home DIR] [--rounds 5]
import { parseArgs } from 'node:util'
import { initializeAdapter, parametersOf, type Adapter } from '../src/engine/adapter/adapter.ts'
import { toResident, type ResidentAdapter } from '../src/engine/adapter/resident-adapter.ts'
import { openBaseModel } from '../src/engine/base-model.ts'
import type { InferenceModel } from '../src/engine/generate/inference-model.ts'
import { KeyValueCache } from '../src/engine/generate/key-value-cache.ts'
import { loadGenerator } from '../src/engine/load-generator.ts'
import { weightCacheFolder } from '../src/lib/home-layout.ts'
import { createRandom } from '../src/lib/random.ts'
import { ensureBase } from '../src/service/models/ensure-base.ts'
import { honeHome } from '../src/store/home.ts'
import { median } from './lib/peer.ts'
import { writeResult } from './lib/write-result.ts'

const { values } = parseArgs({
  options: { home: { type: 'string' }, rounds: { type: 'string', default: '5' } },
})
const home = values.home ?? honeHome(process.env)
const cacheFolder = weightCacheFolder(home)
const base = await openBaseModel(await ensureBase('smollm2-135m-instruct', { home }), { cacheFolder })
const { architecture, config } = base
const random = createRandom(7)
const past = 64
const steps = 8

/** Of rank 16 on all linear modules, as `hone train` makes them. */
function randomAdapter(seed: number): Adapter {
  const settings = { rank: 16, alpha: 32, targetModules: architecture.linearModules }
  const adapter = initializeAdapter(architecture, config, settings, seed)
  const parameters = parametersOf(adapter)
  for (const [index, value] of parameters.entries()) parameters[index] = value + (random.next() - 0.5) * 0.01
  return adapter
}

const draw = (count: number): number[] =>
  Array.from({ length: count }, () => random.integer(config.vocabularySize))

async function cacheOf(
  model: InferenceModel,
  adapters: readonly (ResidentAdapter | undefined)[],
): Promise<KeyValueCache> {
  const read = []
  for (const adapter of adapters) {
    const prefix = model.emptyPrefixFor(past, adapter)
    const cache = new KeyValueCache(config, 1, 0, adapter)
    await model.advance([draw(past)], prefix, cache)
    read.push({ prefix, cache, index: 0 })
  }
  return KeyValueCache.of(config, read, 0)
}

/** Milliseconds of processor time for a token of every sequence of all these caches: others may use the machine meanwhile. */
async function timeOf(model: InferenceModel, caches: readonly KeyValueCache[]): Promise<number> {
  const times: number[] = []
  for (let step = 0; step < steps; step++) {
    const started = process.cpuUsage()
    for (const cache of caches) {
      const next = cache.lengths.map(() => draw(1))
      await model.advance(next, model.emptyPrefix, cache)
    }
    const { user, system } = process.cpuUsage(started)
    times.push((user + system) / 1000)
  }
  return median(times)
}

const adapters = Array.from({ length: 8 }, (_, seed) => randomAdapter(seed))
const residents = adapters.map((adapter) => toResident(architecture, config, adapter))
const rows: Record<string, string | number>[] = []

async function compare(
  name: string,
  work: readonly (readonly [label: string, take: () => Promise<number>])[],
): Promise<void> {
  const times = new Map(work.map(([label]) => [label, [] as number[]]))
  for (let round = 0; round < Number(values.rounds); round++)
    for (const [label, take] of work) times.get(label)?.push(await take())
  const row = Object.fromEntries([...times].map(([label, all]) => [label, Number(median(all).toFixed(1))]))
  rows.push({ work: name, ...row })
  console.table([rows.at(-1)])
}

{
  await using shared = await loadGenerator(base, undefined, cacheFolder, {
    longLived: true,
    givenAdapters: true,
  })
  await using alone = await loadGenerator(base, adapters[0], cacheFolder, { longLived: true })
  for (const count of [1, 4]) {
    const given = await cacheOf(shared.model, Array(count).fill(residents[0]))
    const nothing = await cacheOf(shared.model, Array(count).fill(undefined))
    const own = await cacheOf(alone.model, Array(count).fill(undefined))
    await compare(`a token of ${count} answers of one model`, [
      ['part of the graph (ms)', () => timeOf(alone.model, [own])],
      ['given with the run (ms)', () => timeOf(shared.model, [given])],
      ['the base, given nothing (ms)', () => timeOf(shared.model, [nothing])],
    ])
  }
  for (const [models, each] of [
    [2, 1],
    [4, 1],
    [8, 1],
    [2, 4],
    [4, 4],
    [8, 4],
  ] as const) {
    const used = residents.slice(0, models)
    const together = await cacheOf(
      shared.model,
      used.flatMap((resident) => Array(each).fill(resident)),
    )
    const apart: KeyValueCache[] = []
    for (const resident of used) apart.push(await cacheOf(shared.model, Array(each).fill(resident)))
    await compare(`a token of ${models} models' answers, ${each} each`, [
      ['one run (ms)', () => timeOf(shared.model, [together])],
      ['a run for each model (ms)', () => timeOf(shared.model, apart)],
    ])
  }
}
writeResult('adapters-on-one-base', { rank: 16, past, rows })
