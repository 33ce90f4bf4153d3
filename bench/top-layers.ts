// What an epoch costs with adapters on all layers, on the top ones, and on the top ones with the layers below computed once.
//   npx tsx bench/top-layers.ts [--home DIR] [--layers 8] [--rows 64] [--rounds 3]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readExamples } from '../src/data/records/read-examples.ts'
import { initializeAdapter, parametersOf, topLayers, type Adapter } from '../src/engine/adapter/adapter.ts'
import { openBaseModel } from '../src/engine/base-model.ts'
import type { Graph } from '../src/engine/graph/graph.ts'
import type { Session } from '../src/engine/graph/session.ts'
import { openModelSession } from '../src/engine/model-session.ts'
import { openActivationCache } from '../src/engine/train/activation-cache.ts'
import { epochBatches } from '../src/engine/train/batch-order.ts'
import { encodeExamples } from '../src/engine/train/encode-examples.ts'
import { buildFrozenGraph } from '../src/engine/train/frozen-graph.ts'
import { GradientEngine, type LossEngine } from '../src/engine/train/gradient-engine.ts'
import { buildTrainingGraph } from '../src/engine/train/training-graph.ts'
import { commonPrefixLength } from '../src/lib/common-prefix.ts'
import { weightCacheFolder } from '../src/lib/home-layout.ts'
import { ensureBase } from '../src/service/models/ensure-base.ts'
import { honeHome } from '../src/store/home.ts'
import { median } from './lib/peer.ts'
import { writeResult } from './lib/write-result.ts'

const { values } = parseArgs({
  options: {
    home: { type: 'string' },
    layers: { type: 'string', default: '8' },
    rows: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '3' },
  },
})
const home = values.home ?? honeHome(process.env)
const layers = Number(values.layers)
const base = await openBaseModel(await ensureBase('smollm2-135m-instruct', { home }), {
  cacheFolder: weightCacheFolder(home),
})
const { architecture, config } = base
const { examples: records } = await readExamples(join('examples', 'claims-router', 'data.jsonl'), {
  minimum: 1,
})
const examples = encodeExamples(records.slice(0, Number(values.rows)), base.text.chatText)
const shared = commonPrefixLength(examples.map(({ tokens }) => tokens))
const batches = epochBatches(examples, 8, 7, 0).map((batch) =>
  batch.flatMap((index) => examples[index] ?? []),
)
const open = (graph: Graph): Promise<Session> => openModelSession(graph, [base.weights])

const adapterOf = (count: number): Adapter => {
  const targetModules = architecture.linearModules
  const adapterConfig = { rank: 16, alpha: 32, targetModules, ...topLayers(count, config) }
  return initializeAdapter(architecture, config, adapterConfig, 1)
}
const [all, top] = [adapterOf(config.layers), adapterOf(layers)]
const folder = mkdtempSync(join(tmpdir(), 'hone-bench-'))
const started = performance.now()
await using activations = await openActivationCache({
  config,
  sequences: examples,
  prefix: examples[0]?.tokens.slice(0, shared) ?? [],
  key: base.weightsKey,
  folder,
  openFrozen: () => open(buildFrozenGraph(architecture, config, config.layers - layers)),
})
const once = performance.now() - started

const sessions = {
  all: await open(buildTrainingGraph(architecture, config, all.config)),
  top: await open(buildTrainingGraph(architecture, config, top.config)),
  kept: await open(
    buildTrainingGraph(architecture, config, top.config, 'gradients', { fromLayer: config.layers - layers }),
  ),
}
const ways: readonly (readonly [string, LossEngine, Adapter])[] = [
  ['all layers', new GradientEngine(sessions.all, config, shared), all],
  [`top ${layers} layers`, new GradientEngine(sessions.top, config, shared), top],
  [`top ${layers}, the others kept`, new GradientEngine(sessions.kept, config, shared, { activations }), top],
]
const times = new Map<string, number[]>()
// The first round is of new shapes.
for (let round = 0; round <= Number(values.rounds); round++) {
  for (const [name, engine, adapter] of ways) {
    const from = performance.now()
    const gradients = new Float32Array(parametersOf(adapter).length)
    for (const batch of batches) await engine.run(batch, adapter, 1 / examples.length, gradients)
    if (round > 0) times.set(name, [...(times.get(name) ?? []), performance.now() - from])
  }
}
const rows = [...times].map(([what, each]) => ({
  what,
  secondsAnEpoch: Number((median(each) / 1000).toFixed(2)),
}))
console.table([
  ...rows,
  { what: 'computing what is kept, once', secondsAnEpoch: Number((once / 1000).toFixed(2)) },
])
console.log(
  `written ${writeResult('top-layers', { layers, examples: examples.length, secondsOnce: once / 1000, rows })}`,
)
rmSync(folder, { recursive: true, force: true })
process.exit(0)
