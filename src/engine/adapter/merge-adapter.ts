import type { Architecture, ModelConfig } from '../arch/architecture.ts'
import type { WeightSource } from '../weights/weight-source.ts'
import { adaptedModules, matrixNames, type Adapter } from './adapter.ts'

/** What an adapter adds to one weight matrix: `scale · B A`. */
export interface LowRankUpdate {
  /** `[rank, inputs]` */
  readonly a: Float32Array
  /** `[outputs, rank]` */
  readonly b: Float32Array
  readonly rank: number
  readonly scale: number
  readonly outputs: number
  readonly inputs: number
}

/** An adapter's updates by the name of the weight, such as `model.layers.0.self_attn.q_proj.weight`. */
export function lowRankUpdates(
  architecture: Architecture,
  config: ModelConfig,
  adapter: Adapter,
): ReadonlyMap<string, LowRankUpdate> {
  const updates = new Map<string, LowRankUpdate>()
  for (const [module, adapted] of adaptedModules(architecture, config, adapter.config)) {
    const names = matrixNames(module)
    const [a, b] = [adapter.tensors.get(names.a)?.data, adapter.tensors.get(names.b)?.data]
    if (a === undefined || b === undefined) throw new Error(`the adapter has no matrices for ${module}`)
    updates.set(`${module}.weight`, { ...adapted, a, b })
  }
  return updates
}

/** Adds `scale · B A` to `weight [outputs, inputs]` in place, each sum in double precision and rounded once. */
export function addUpdate(weight: Float32Array, update: LowRankUpdate): void {
  const { a, b, rank, scale, outputs, inputs } = update
  const row = new Float64Array(inputs)
  for (let output = 0; output < outputs; output++) {
    row.fill(0)
    for (let index = 0; index < rank; index++) {
      const factor = scale * (b[output * rank + index] ?? 0)
      const start = index * inputs
      for (let input = 0; input < inputs; input++) row[input]! += factor * a[start + input]!
    }
    const start = output * inputs
    for (let input = 0; input < inputs; input++) weight[start + input]! += row[input]!
  }
}

/** The weights with the updates in them. Closing it closes the base's. */
export function mergedWeights(
  source: WeightSource,
  updates: ReadonlyMap<string, LowRankUpdate>,
): WeightSource {
  return {
    names: () => source.names(),
    shape: (name) => source.shape(name),
    async read(name) {
      const numbers = await source.read(name)
      const update = updates.get(name)
      if (update !== undefined) addUpdate(numbers, update)
      return numbers
    },
    close: () => source.close(),
  }
}
