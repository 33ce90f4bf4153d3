// How long a new process takes, from its start to a first result, on a base that an earlier process has prepared.
//   npx tsx bench/startup.ts [--home DIR] [--rounds 5]
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { initializeAdapter, parametersOf } from '../src/engine/adapter/adapter.ts'
import { openBaseModel } from '../src/engine/base-model.ts'
import { KeyValueCache } from '../src/engine/generate/key-value-cache.ts'
import { loadGenerator } from '../src/engine/load-generator.ts'
import { openModelSession } from '../src/engine/model-session.ts'
import { GradientEngine } from '../src/engine/train/gradient-engine.ts'
import { buildTrainingGraph } from '../src/engine/train/training-graph.ts'
import { weightCacheFolder } from '../src/lib/home-layout.ts'
import { ensureBase } from '../src/service/models/ensure-base.ts'
import { honeHome } from '../src/store/home.ts'
import { median } from './lib/peer.ts'
import { writeResult } from './lib/write-result.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { home: { type: 'string' }, rounds: { type: 'string', default: '5' } },
})
const home = values.home ?? honeHome(process.env)
const cacheFolder = weightCacheFolder(home)
const kinds = { 'first training step': firstStep, 'first token of an answer': firstToken }
const [kind] = positionals

if (kind === undefined) {
  await ensureBase('smollm2-135m-instruct', { home })
  const rows = Object.keys(kinds).map((name) => {
    // The first process also prepares what later ones find.
    const [, ...times] = Array.from({ length: Number(values.rounds) + 1 }, () => timeOf(name))
    return { what: name, seconds: Number((median(times) / 1000).toFixed(2)) }
  })
  console.table(rows)
  console.log(`written ${writeResult('startup', { rows })}`)
} else {
  await (kinds as Record<string, () => Promise<void>>)[kind]?.()
  process.exit(0)
}

/** Milliseconds of a whole process. */
function timeOf(name: string): number {
  const started = performance.now()
  const args = ['--import', 'tsx', 'bench/startup.ts', name, '--home', home]
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
  if (status !== 0) throw new Error(`${name}: exit ${status}`)
  return performance.now() - started
}

async function firstStep(): Promise<void> {
  const base = await openBaseModel(await ensureBase('smollm2-135m-instruct', { home }), { cacheFolder })
  const { architecture, config } = base
  const adapter = initializeAdapter(
    architecture,
    config,
    { rank: 16, alpha: 32, targetModules: architecture.linearModules },
    1,
  )
  await using session = await openModelSession(buildTrainingGraph(architecture, config, adapter.config), [
    base.weights,
  ])
  const tokens = Array.from({ length: 64 }, (_, index) => 100 + index)
  const example = { id: 'one', tokens, trained: tokens.map((_, index) => index > 48) }
  const gradients = new Float32Array(parametersOf(adapter).length)
  await new GradientEngine(session, config, 0).run([example], adapter, 1, gradients)
}

async function firstToken(): Promise<void> {
  const base = await openBaseModel(await ensureBase('smollm2-135m-instruct', { home }), { cacheFolder })
  await using loaded = await loadGenerator(base, undefined, cacheFolder)
  const { model } = loaded
  await model.advance(
    [Array.from({ length: 16 }, (_, index) => 100 + index)],
    model.emptyPrefix,
    new KeyValueCache(base.config, 1),
  )
}
