import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { Graph } from './graph/graph.ts'
import { writeModel } from './graph/onnx-model.ts'
import { add } from './graph/ops/add.ts'

const run = promisify(execFile)

const script = `
const { InferenceSession, Tensor } = require(process.argv[1])
const model = Buffer.from(process.argv[2], 'base64')
async function probe() {
  const session = await InferenceSession.create(model, { executionProviders: ['webgpu'], logSeverityLevel: 4 })
  const { sum } = await session.run({ number: new Tensor('float32', [3], [1]) })
  return sum.data[0] === 5 ? 'found' : '3 + 2 is ' + sum.data[0]
}
probe().catch((error) => error.message).then((answer) => process.stdout.write(answer, () => process.exit(0)))
`

const probeMilliseconds = 30_000

/**
 * Whether the runtime finds a WebGPU adapter that adds two numbers. Asked in a process of its own: a graphics driver may print
 * what it likes, and end its process.
 *
 * @returns undefined where there is one, else why not
 */
export async function missingWebGpuAdapter(signal?: AbortSignal): Promise<string | undefined> {
  const graph = new Graph()
  const number = graph.input('number', 'float32', [1])
  graph.output('sum', add(graph, number, graph.constant(Float32Array.of(2), [1])))
  const model = Buffer.from(writeModel(graph)).toString('base64')
  const runtime = createRequire(import.meta.url).resolve('onnxruntime-node')
  try {
    const { stdout } = await run(process.execPath, ['-e', script, runtime, model], {
      timeout: probeMilliseconds,
      ...(signal === undefined ? {} : { signal }),
    })
    if (stdout === 'found') return undefined
    const [reason = ''] = /Failed to get a WebGPU adapter.*|backend not found.*/.exec(stdout) ?? [stdout]
    return reason.trim() || 'the runtime says nothing'
  } catch (error) {
    signal?.throwIfAborted()
    const signalName = error instanceof Error && 'signal' in error ? String(error.signal) : 'an error'
    return `the process that looked for one ended by ${signalName}`
  }
}
