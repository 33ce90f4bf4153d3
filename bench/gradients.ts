// Gradients of every adapter matrix on the default base against PEFT's, with a shared prefix and ragged lengths.
//   npx tsx bench/gradients.ts --python PATH-OF-A-VENV'S-PYTHON [--home DIR]
import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { initializeAdapter, parametersOf } from '../src/engine/adapter/adapter.ts'
import { writeAdapter } from '../src/engine/adapter/adapter-files.ts'
import { openBaseModel } from '../src/engine/base-model.ts'
import { openModelSession } from '../src/engine/model-session.ts'
import type { EncodedExample } from '../src/engine/train/encoded-example.ts'
import { GradientEngine } from '../src/engine/train/gradient-engine.ts'
import { buildTrainingGraph } from '../src/engine/train/training-graph.ts'
import { readSafetensors } from '../src/engine/weights/safetensors.ts'
import { weightCacheFolder } from '../src/lib/home-layout.ts'
import { createRandom } from '../src/lib/random.ts'
import { ensureBase } from '../src/service/models/ensure-base.ts'
import { honeHome } from '../src/store/home.ts'
import { writeResult } from './lib/write-result.ts'

const { values } = parseArgs({ options: { python: { type: 'string' }, home: { type: 'string' } } })
if (values.python === undefined) throw new Error('name the Python that has PyTorch and PEFT with --python')
const home = values.home ?? honeHome(process.env)
const folder = await ensureBase('smollm2-135m-instruct', { home })
const base = await openBaseModel(folder, { cacheFolder: weightCacheFolder(home) })
const config = { rank: 16, alpha: 32, targetModules: base.architecture.linearModules }
const adapter = initializeAdapter(base.architecture, base.config, config, 1)
// B is not zero, so that the gradients of A are not.
const random = createRandom(3)
const parameters = parametersOf(adapter)
for (let index = 0; index < parameters.length; index++)
  parameters[index] = (parameters[index] ?? 0) + (random.next() - 0.5) * 0.02

const prefix = Array.from({ length: 40 }, () => 20 + random.integer(40_000))
const examples: EncodedExample[] = [12, 25, 31, 47].map((length, index) => {
  const tokens = [...prefix, ...Array.from({ length }, () => 20 + random.integer(40_000))]
  return { id: `${index}`, tokens, trained: tokens.map((_, at) => at >= tokens.length - 3 - 4 * index) }
})
const trained = examples.reduce((sum, example) => sum + example.trained.filter(Boolean).length, 0)

const work = mkdtempSync(join(tmpdir(), 'hone-gradients-'))
await writeAdapter(join(work, 'adapter'), adapter, base.manifest.id)
writeFileSync(
  join(work, 'examples.json'),
  JSON.stringify({ examples: examples.map(({ tokens, trained: mask }) => ({ tokens, trained: mask })) }),
)
const weights = join(folder, base.manifest.weights[0]?.name ?? '')
const files = [
  '--adapter',
  join(work, 'adapter'),
  '--examples',
  join(work, 'examples.json'),
  '--output',
  join(work, 'gradients.safetensors'),
]
const peer = JSON.parse(
  execFileSync(values.python, ['bench/peers/peft_gradients_real.py', '--base', weights, ...files], {
    encoding: 'utf8',
  }),
) as { loss: number }

await using session = await openModelSession(buildTrainingGraph(base.architecture, base.config, config), [
  base.weights,
])
const gold = await readSafetensors(join(work, 'gradients.safetensors'))
const rows: object[] = []
for (const shared of [prefix.length]) {
  const gradients = new Float32Array(parameters.length)
  const engine = new GradientEngine(session, base.config, shared)
  const { loss } = await engine.run(examples, adapter, 1 / trained, gradients)
  let worst = 0
  let at = 0
  for (const [name, { data }] of adapter.tensors) {
    const golden = gold.tensors.get(`base_model.model.${name}`)?.data
    if (golden === undefined) throw new Error(`PEFT has no gradient of ${name}`)
    let difference = 0
    let largest = 0
    for (const [index, value] of golden.entries()) {
      difference = Math.max(difference, Math.abs(value - (gradients[at + index] ?? 0)))
      largest = Math.max(largest, Math.abs(value))
    }
    worst = Math.max(worst, difference / largest)
    at += data.length
  }
  rows.push({
    'shared prefix': shared,
    matrices: adapter.tensors.size,
    'loss − PEFT': loss - peer.loss,
    'worst relative difference': worst,
  })
}
console.table(rows)
console.log(`written ${writeResult('gradients', { base: base.manifest.id, rows })}`)
