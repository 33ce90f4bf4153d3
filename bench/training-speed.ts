// A LoRA training step of the default base against PEFT's, interleaved on the same machine.
//   npx tsx bench/training-speed.ts --python PATH-OF-A-VENV'S-PYTHON [--home DIR] [--rounds 5] [--first N] [--precisions fp32,bf16]
// Where the processor has no bf16, torch's steps in it take minutes: --precisions fp32.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { initializeAdapter } from '../src/engine/adapter/adapter.ts'
import { openBaseModel } from '../src/engine/base-model.ts'
import { openModelSession } from '../src/engine/model-session.ts'
import { AdamW } from '../src/engine/train/adam-w.ts'
import { Graph } from '../src/engine/graph/graph.ts'
import { writeModel } from '../src/engine/graph/onnx-model.ts'
import { matmul } from '../src/engine/graph/ops/matmul.ts'
import { openSession } from '../src/engine/graph/session.ts'
import { GradientEngine } from '../src/engine/train/gradient-engine.ts'
import { buildTrainingGraph } from '../src/engine/train/training-graph.ts'
import { parametersOf } from '../src/engine/adapter/adapter.ts'
import { weightCacheFolder } from '../src/lib/home-layout.ts'
import { ensureBase } from '../src/service/models/ensure-base.ts'
import { honeHome } from '../src/store/home.ts'
import { madeBatch, type BatchShape } from './lib/made-batch.ts'
import { median, PeerProcess } from './lib/peer.ts'
import { writeResult } from './lib/write-result.ts'

const workloads: readonly BatchShape[] = [
  { batch: 8, tokens: 64, prefix: 0, answer: 16 },
  { batch: 8, tokens: 128, prefix: 0, answer: 16 },
  { batch: 16, tokens: 64, prefix: 256, answer: 16 },
  { batch: 4, tokens: 512, prefix: 0, answer: 16 },
]

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    home: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    first: { type: 'string', default: String(workloads.length) },
    precisions: { type: 'string', default: 'fp32,bf16' },
  },
})
const home = values.home ?? honeHome(process.env)
const folder = await ensureBase('smollm2-135m-instruct', { home })
const base = await openBaseModel(folder, { cacheFolder: weightCacheFolder(home) })
const targets = base.architecture.linearModules
const adapter = initializeAdapter(
  base.architecture,
  base.config,
  { rank: 16, alpha: 32, targetModules: targets },
  1,
)
const graph = buildTrainingGraph(base.architecture, base.config, adapter.config)
await using session = await openModelSession(graph, [base.weights])
const parameters = parametersOf(adapter)
const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 }
const optimizer = new AdamW(parameters.length, settings)
const gradients = new Float32Array(parameters.length)

// The runtime's own matrix product of 2048 × 2048 matrices: what this machine can do at most.
const size = 2048
const productWork = 2 * size ** 3
await using productSession = await openSession(productModel())
const operand = { data: new Float32Array(size * size).fill(0.5), shape: [size, size] }
async function product(): Promise<number> {
  const started = performance.now()
  await productSession.run({ left: operand, right: operand })
  return performance.now() - started
}
await product()

const rows: object[] = []
for (const workload of workloads.slice(0, Number(values.first))) {
  rows.push(await measure(workload))
  console.error(JSON.stringify(rows.at(-1)))
}
console.table(rows)
console.log(`written ${writeResult('training-speed', { base: base.manifest.id, rank: 16, rows })}`)

function productModel(): Uint8Array {
  const single = new Graph()
  const left = single.input('left', 'float32', [size, size])
  const right = single.input('right', 'float32', [size, size])
  single.output('product', matmul(single, left, right))
  return writeModel(single)
}

function startPeer({ batch, tokens, prefix, answer }: BatchShape, precision: string): PeerProcess {
  const shape = ['--batch', batch, '--tokens', tokens, '--prefix', prefix, '--answer', answer].map(String)
  const weights = join(folder, base.manifest.weights[0]?.name ?? '')
  return new PeerProcess(values.python ?? '', [
    'bench/peers/peft_training_speed.py',
    '--base',
    weights,
    ...shape,
    '--precision',
    precision,
    '--last-logits',
    '--interactive',
  ])
}

function timesAsFast(of: ReadonlyMap<string, number[]>, here: number, what: string): object {
  return Object.fromEntries(
    [...of].map(([name, times]) => [`× ${what} ${name}`, Number((median(times) / here).toFixed(2))]),
  )
}

async function measure(workload: BatchShape): Promise<object> {
  const { batch, prefix, answer } = workload
  const examples = madeBatch(workload)
  const engine = new GradientEngine(session, base.config, prefix)
  const step = async (): Promise<number> => {
    const started = performance.now()
    gradients.fill(0)
    await engine.run(examples, adapter, 1 / (batch * answer), gradients)
    optimizer.step(parameters, gradients, 1e-4)
    return performance.now() - started
  }
  await step()
  const own: number[] = []
  const products: number[] = []
  const theirs = new Map<string, number[]>()
  const theirProducts = new Map<string, number[]>()
  // One peer at a time: what two of them keep for the backward pass would not fit into memory.
  for (const precision of values.python === undefined ? [undefined] : values.precisions.split(',')) {
    using peer = precision === undefined ? undefined : startPeer(workload, precision)
    await peer?.read()
    for (let round = 0; round < Number(values.rounds); round++) {
      own.push(await step())
      products.push(await product())
      if (peer === undefined || precision === undefined) continue
      const { milliseconds } = (await peer.ask('step')) as { milliseconds: number[] }
      theirs.set(precision, [...(theirs.get(precision) ?? []), ...milliseconds])
      const asked = (await peer.ask(`product ${size}`)) as { milliseconds: number[] }
      theirProducts.set(precision, [...(theirProducts.get(precision) ?? []), ...asked.milliseconds])
    }
  }
  const ours = median(own)
  return {
    ...workload,
    'ms a step': Math.round(ours),
    'examples/s': Number(((1000 * batch) / ours).toFixed(2)),
    'share of GEMM peak': Number((usefulWork(workload) / ours / (productWork / median(products))).toFixed(2)),
    ...timesAsFast(theirs, ours, 'PEFT'),
    // Below 1 where torch multiplies faster than the runtime: what no graph can make up for.
    ...timesAsFast(theirProducts, median(products), 'product of torch'),
  }
}

function elements(shape: readonly number[]): number {
  return shape.reduce((left, right) => left * right, 1)
}

/**
 * Multiplications and additions that a step cannot do without: each weight forward and, for the input's gradient, backward,
 * on every row once; the vocabulary projection on the answer's rows. Attention and adapters are left out.
 */
function usefulWork({ batch, tokens, prefix, answer }: BatchShape): number {
  const { architecture, config } = base
  const projection = architecture.projection(config)
  const specs = architecture.tensors(config).filter(({ shape }) => shape.length === 2)
  const vocabulary = elements(specs.find(({ name }) => name === projection)?.shape ?? [])
  const layers = specs
    .filter(({ name }) => /\.layers\./.test(name))
    .reduce((sum, { shape }) => sum + elements(shape), 0)
  return 4 * (layers * (prefix + batch * tokens) + vocabulary * batch * answer)
}
