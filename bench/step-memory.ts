// Peak memory of a training step of 1,280 rows, the process included, by what is kept for the backward pass.
//   npx tsx bench/step-memory.ts [--home DIR] [--rounds 3]
import { parseArgs } from 'node:util'
import { gradientCheckpointings, type GradientCheckpointing } from '../src/core/training-settings.ts'
import { initializeAdapter, parametersOf } from '../src/engine/adapter/adapter.ts'
import { openBaseModel } from '../src/engine/base-model.ts'
import { openModelSession } from '../src/engine/model-session.ts'
import { GradientEngine } from '../src/engine/train/gradient-engine.ts'
import { buildTrainingGraph } from '../src/engine/train/training-graph.ts'
import { weightCacheFolder } from '../src/lib/home-layout.ts'
import { ensureBase } from '../src/service/models/ensure-base.ts'
import { honeHome } from '../src/store/home.ts'
import { madeBatch } from './lib/made-batch.ts'
import { measureNode } from './lib/measured-process.ts'
import { median } from './lib/peer.ts'
import { writeResult } from './lib/write-result.ts'

const shape = { batch: 16, tokens: 64, prefix: 256, answer: 16 }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { home: { type: 'string' }, rounds: { type: 'string', default: '3' } },
})
const home = values.home ?? honeHome(process.env)
const [mode] = positionals

if (mode === undefined) {
  await ensureBase('smollm2-135m-instruct', { home })
  const measured = new Map<GradientCheckpointing, { milliseconds: number[]; gigabytes: number[] }>()
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const kept of gradientCheckpointings) {
      const { milliseconds, gigabytes } = stepsIn(kept)
      const before = measured.get(kept) ?? { milliseconds: [], gigabytes: [] }
      measured.set(kept, {
        milliseconds: [...before.milliseconds, milliseconds],
        gigabytes: [...before.gigabytes, gigabytes],
      })
    }
  }
  const rows = [...measured].map(([gradientCheckpointing, { milliseconds, gigabytes }]) => ({
    gradientCheckpointing,
    'peak GB': Number(Math.max(...gigabytes).toFixed(2)),
    'ms a step': Math.round(median(milliseconds)),
  }))
  console.table(rows)
  console.log(
    `written ${writeResult('step-memory', { base: 'smollm2-135m-instruct', rank: 16, shape, rows })}`,
  )
} else {
  console.log(JSON.stringify(await timeOfSteps(mode as GradientCheckpointing)))
}

/** The steps of a process of its own. */
function stepsIn(kept: GradientCheckpointing): { milliseconds: number; gigabytes: number } {
  const args = ['--import', 'tsx', 'bench/step-memory.ts', kept, '--home', home]
  const { status, stdout, stderr, peakMegabytes } = measureNode(args)
  if (status !== 0 || peakMegabytes === undefined) throw new Error(`${kept}: exit ${status}: ${stderr}`)
  return { milliseconds: JSON.parse(stdout) as number, gigabytes: peakMegabytes / 1000 }
}

/** Milliseconds of a step, after the first one. */
async function timeOfSteps(gradientCheckpointing: GradientCheckpointing): Promise<number> {
  const base = await openBaseModel(await ensureBase('smollm2-135m-instruct', { home }), {
    cacheFolder: weightCacheFolder(home),
  })
  const { architecture, config } = base
  const adapter = initializeAdapter(
    architecture,
    config,
    { rank: 16, alpha: 32, targetModules: architecture.linearModules },
    1,
  )
  const graph = buildTrainingGraph(architecture, config, adapter.config, 'gradients', {
    gradientCheckpointing,
  })
  await using session = await openModelSession(graph, [base.weights])
  const engine = new GradientEngine(session, config, shape.prefix)
  const gradients = new Float32Array(parametersOf(adapter).length)
  const times: number[] = []
  for (let step = 0; step < 3; step++) {
    const started = performance.now()
    await engine.run(madeBatch(shape), adapter, 1 / (shape.batch * shape.answer), gradients)
    times.push(performance.now() - started)
  }
  return median(times.slice(1))
}
