import { adapterKey } from './adapter/adapter-key.ts'
import type { Adapter } from './adapter/adapter.ts'
import type { BaseModel } from './base-model.ts'
import { Generator } from './generate/generator.ts'
import { buildInferenceGraph } from './generate/inference-graph.ts'
import { InferenceModel } from './generate/inference-model.ts'
import type { SessionOptions } from './graph/session.ts'
import { openModelSession } from './model-session.ts'
import { cachedWeights, type CachedWeights } from './weights/weight-cache.ts'

export interface LoadedGenerator extends AsyncDisposable {
  readonly generator: Generator
  readonly model: InferenceModel
}

/** Opens a base, with an adapter or without, for generation. */
export async function loadGenerator(
  base: BaseModel,
  adapter: Adapter | undefined,
  cacheFolder: string,
  options: SessionOptions = {},
): Promise<LoadedGenerator> {
  const graph = buildInferenceGraph(base.architecture, base.config, adapter?.config)
  const weights =
    adapter === undefined ? [base.weights] : [base.weights, await cacheAdapter(adapter, cacheFolder)]
  const session = await openModelSession(graph, weights, options)
  const model = new InferenceModel(session, base.config)
  return {
    model,
    generator: new Generator(model, base.text.tokenizer, base.text.chatText.endOfTurn),
    [Symbol.asyncDispose]: () => model[Symbol.asyncDispose](),
  }
}

/** The adapter's matrices as a weight file beside the base's, so that both are mapped into memory alike. */
export function cacheAdapter(adapter: Adapter, cacheFolder: string): Promise<CachedWeights> {
  const key = adapterKey(adapter)
  const tensor = (name: string): { shape: readonly number[]; data: Float32Array } => {
    const found = adapter.tensors.get(name)
    if (found === undefined) throw new Error(`the adapter has no ${name}`)
    return found
  }
  const source = {
    names: () => [...adapter.tensors.keys()],
    shape: (name: string) => tensor(name).shape,
    read: (name: string) => Promise.resolve(tensor(name).data.slice()),
    close: () => Promise.resolve(),
  }
  const specs = [...adapter.tensors].map(([name, { shape }]) => ({ name, shape }))
  return cachedWeights(() => Promise.resolve(source), specs, { cacheFolder, key })
}
