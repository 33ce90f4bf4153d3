import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { replaceFileWith } from '../lib/replace-file.ts'
import type { Graph } from './graph/graph.ts'
import { writeModel, type ExternalTensor } from './graph/onnx-model.ts'
import { openSession, type Session, type SessionOptions } from './graph/session.ts'
import { sizesThatWebGpuNeeds, writeForWebGpu } from './graph/write-for-webgpu.ts'
import { HoneError } from '../core/errors.ts'
import type { CachedWeights } from './weights/weight-cache.ts'

/**
 * Opens a graph over weight files that lie in one folder. The model file is written beside them, under the hash of its
 * content, so that a later process finds it. For WebGPU, nodes of the graph are replaced.
 *
 * @throws HoneError `E_DEVICE` where there is no WebGPU adapter; a run, where WebGPU cannot compute sizes of 0
 */
export async function openModelSession(
  graph: Graph,
  weights: readonly CachedWeights[],
  options: SessionOptions = {},
): Promise<Session> {
  const external = new Map<string, ExternalTensor>()
  for (const { file, tensors } of weights) {
    for (const [name, place] of tensors) external.set(name, { ...place, file: basename(file) })
  }
  const [first] = weights
  if (first === undefined) throw new Error('a graph without weights')
  const isWebGpu = options.device === 'webgpu'
  if (isWebGpu) writeForWebGpu(graph)
  const model = writeModel(graph, external)
  const hash = createHash('sha256').update(model).digest('hex').slice(0, 32)
  const path = join(dirname(first.file), `graph-${hash}.onnx`)
  if (!existsSync(path)) await replaceFileWith(path, model)
  const session = await openSession(path, options)
  return isWebGpu ? refusingEmpty(session, graph) : session
}

function refusingEmpty(session: Session, graph: Graph): Session {
  const needed = sizesThatWebGpuNeeds(graph)
  return {
    run(feeds, outputs) {
      for (const { name, shape } of graph.inputs) {
        const empty = shape.find(
          (dimension, axis) =>
            typeof dimension === 'string' && needed.has(dimension) && feeds[name]?.shape[axis] === 0,
        )
        if (empty === undefined) continue
        throw new HoneError('E_DEVICE', `WebGPU cannot compute a batch without a ${empty}`, {
          hint: 'use --device cpu, or conversations that all begin alike, as those of a chat template do',
        })
      }
      return session.run(feeds, outputs)
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  }
}
