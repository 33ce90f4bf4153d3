import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { replaceFileWith } from '../lib/replace-file.ts'
import type { Graph } from './graph/graph.ts'
import { writeModel, type ExternalTensor } from './graph/onnx-model.ts'
import { openSession, type Session, type SessionOptions } from './graph/session.ts'
import type { CachedWeights } from './weights/weight-cache.ts'

/**
 * Opens a graph over weight files that lie in one folder. The model file is written beside them, under the hash of its
 * content, so that a later process finds it.
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
  const model = writeModel(graph, external)
  const hash = createHash('sha256').update(model).digest('hex').slice(0, 32)
  const path = join(dirname(first.file), `graph-${hash}.onnx`)
  if (!existsSync(path)) await replaceFileWith(path, model)
  return openSession(path, options)
}
