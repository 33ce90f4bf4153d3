import { Graph } from './graph.ts'
import { writeModel } from './onnx-model.ts'
import { gemm } from './ops/gemm.ts'
import { openSession, type SessionOptions } from './session.ts'

const [rows, inputs, outputs] = [512, 1024, 1024]

/** How fast this machine multiplies matrices of single precision, in floating-point operations a second. Takes a moment. */
export async function matrixRate(options: SessionOptions = {}): Promise<number> {
  const graph = new Graph()
  const left = graph.input('left', 'float32', [rows, inputs])
  const right = graph.input('right', 'float32', [outputs, inputs])
  graph.output('product', gemm(graph, left, right, [rows, outputs], { transposeRight: true }))
  await using session = await openSession(writeModel(graph), options)
  const feeds = {
    left: { data: new Float32Array(rows * inputs).fill(1), shape: [rows, inputs] },
    right: { data: new Float32Array(outputs * inputs).fill(1), shape: [outputs, inputs] },
  }
  let best = Infinity
  for (let run = 0; run < 4; run++) {
    const started = performance.now()
    await session.run(feeds)
    best = Math.min(best, (performance.now() - started) / 1000)
  }
  return (2 * rows * inputs * outputs) / best
}
