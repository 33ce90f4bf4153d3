// How the time of a training step grows with the rows, the length, the rank and the layers: each doubled a few times.
//   npx tsx bench/cost-growth.ts [--home DIR] [--rounds 3]
import { parseArgs } from 'node:util'
import { initializeAdapter, parametersOf } from '../src/engine/adapter/adapter.ts'
import { openBaseModel } from '../src/engine/base-model.ts'
import { openModelSession } from '../src/engine/model-session.ts'
import type { EncodedExample } from '../src/engine/train/encoded-example.ts'
import { GradientEngine } from '../src/engine/train/gradient-engine.ts'
import { buildTrainingGraph } from '../src/engine/train/training-graph.ts'
import { weightCacheFolder } from '../src/lib/home-layout.ts'
import { createRandom } from '../src/lib/random.ts'
import { ensureBase } from '../src/service/models/ensure-base.ts'
import { honeHome } from '../src/store/home.ts'
import { exponentOf } from './lib/growth.ts'
import { median } from './lib/peer.ts'
import { writeResult } from './lib/write-result.ts'

interface Work {
  readonly rows: number
  readonly length: number
  readonly rank: number
  readonly layers: number
}

const answer = 8
const start: Work = { rows: 4, length: 64, rank: 16, layers: 30 }
const sweeps: Readonly<Record<keyof Work, readonly number[]>> = {
  rows: [2, 4, 8, 16],
  length: [32, 64, 128, 256, 512],
  rank: [4, 16, 64, 128],
  layers: [4, 8, 15, 30],
}

const { values } = parseArgs({
  options: { home: { type: 'string' }, rounds: { type: 'string', default: '3' } },
})
const home = values.home ?? honeHome(process.env)
const folder = await ensureBase('smollm2-135m-instruct', { home })
const base = await openBaseModel(folder, { cacheFolder: weightCacheFolder(home) })

const growth: object[] = []
for (const [what, sizes] of Object.entries(sweeps)) {
  const points: { size: number; milliseconds: number }[] = []
  for (const size of sizes) points.push({ size, milliseconds: await stepTime({ ...start, [what]: size }) })
  growth.push({
    what,
    ...Object.fromEntries(points.map(({ size, milliseconds }) => [size, Math.round(milliseconds)])),
    exponent: Number(exponentOf(points).toFixed(2)),
  })
  console.error(JSON.stringify(growth.at(-1)))
}
console.table(growth)
console.log(`written ${writeResult('cost-growth', { base: base.manifest.id, start, milliseconds: growth })}`)

/** Median milliseconds of a step, the first ones left out. */
async function stepTime({ rows, length, rank, layers }: Work): Promise<number> {
  const config = { ...base.config, layers, attention: base.config.attention.slice(0, layers) }
  const { architecture } = base
  const adapterConfig = { rank, alpha: 2 * rank, targetModules: architecture.linearModules }
  const adapter = initializeAdapter(architecture, config, adapterConfig, 1)
  const graph = buildTrainingGraph(architecture, config, adapter.config)
  await using session = await openModelSession(graph, [base.weights])
  const engine = new GradientEngine(session, config, 0)
  const gradients = new Float32Array(parametersOf(adapter).length)
  const examples = makeExamples(rows, length)
  const times: number[] = []
  for (let step = 0; step < Number(values.rounds) + 1; step++) {
    const started = performance.now()
    await engine.run(examples, adapter, 1 / (rows * answer), gradients)
    times.push(performance.now() - started)
  }
  return median(times.slice(1))
}

function makeExamples(rows: number, length: number): EncodedExample[] {
  const random = createRandom(7)
  return Array.from({ length: rows }, (_, index) => ({
    id: `${index}`,
    tokens: Array.from({ length }, () => 20 + random.integer(40_000)),
    trained: Array.from({ length }, (__, at) => at >= length - answer),
  }))
}
