import { Graph } from '../../engine/graph/graph.ts'
import { writeModel } from '../../engine/graph/onnx-model.ts'
import { add } from '../../engine/graph/ops/add.ts'
import type { DoctorCheck, DoctorOptions } from './doctor.ts'

const reinstall = 'install again with npm ci; on Linux the runtime needs glibc 2.27 or newer'

/** Whether there is a graphics card that the runtime can use; nothing needs one. */
export async function checkWebGpu({ signal }: DoctorOptions): Promise<DoctorCheck> {
  const name = 'webgpu'
  try {
    const { missingWebGpuAdapter } = await import('../../engine/webgpu-adapter.ts')
    const { webGpuHint } = await import('../../engine/graph/session.ts')
    const missing = await missingWebGpuAdapter(signal)
    if (missing === undefined) return { name, status: 'ok', found: 'an adapter, used with --device webgpu' }
    return {
      name,
      status: 'ok',
      found: `no adapter, so the processor computes (${missing})`,
      fix: `to use a graphics card: ${webGpuHint}`,
    }
  } catch (error) {
    signal?.throwIfAborted()
    return {
      name,
      status: 'warn',
      found: `cannot be looked for: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
      fix: reinstall,
    }
  }
}

/** Loads the runtime and lets it add two numbers. */
export async function checkRuntime({ device = 'cpu' }: DoctorOptions): Promise<DoctorCheck[]> {
  const name = 'runtime'
  try {
    // Loaded here, so that a runtime that cannot be loaded is a finding and not a crash.
    const { env } = await import('onnxruntime-node')
    const { openSession } = await import('../../engine/graph/session.ts')
    const graph = new Graph()
    const number = graph.input('number', 'float32', [1])
    graph.output('sum', add(graph, number, graph.constant(Float32Array.of(2), [1])))
    await using session = await openSession(writeModel(graph), { device, threads: 1 })
    const { sum } = await session.run({ number: { data: Float32Array.of(3), shape: [1] } })
    const version = env.versions.node ?? env.versions.common
    if (sum?.data[0] === 5)
      return [{ name, status: 'ok', found: `ONNX Runtime ${version} computes on ${device}` }]
    const found = `ONNX Runtime ${version} says that 3 + 2 is ${String(sum?.data[0])}`
    return [{ name, status: 'missing', found, fix: reinstall }]
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error)
    const fix = device === 'cpu' ? reinstall : 'use --device cpu'
    return [{ name, status: 'missing', found: `ONNX Runtime does not run on ${device}: ${why}`, fix }]
  }
}
