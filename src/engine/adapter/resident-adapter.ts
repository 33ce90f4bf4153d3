import type { Architecture, ModelConfig } from '../arch/architecture.ts'
import { adaptedModules, matrixNames, type Adapter } from './adapter.ts'

/** A pair of matrices, row-major. */
interface ResidentPair {
  /** `[ranks, inputs]` */
  readonly a: Float32Array
  /** `[ranks, outputs]`: B transposed, multiplied by the adapter's factor. */
  readonly b: Float32Array
}

/** An adapter in memory, in the form in which a graph is given it with each run. */
export interface ResidentAdapter {
  /** The same for every module: where it has less, or no adapter, the rest is zeros. */
  readonly ranks: number
  /** Bytes of its matrices; zeros of whole modules take none. */
  readonly bytes: number
  /** Of every linear module of the model, by its full name. */
  readonly pairs: ReadonlyMap<string, ResidentPair>
}

/** A linear module of a model. */
export interface ModuleSize {
  /** Full name, such as `model.layers.0.self_attn.q_proj`. */
  readonly module: string
  readonly outputs: number
  readonly inputs: number
}

/** Every linear module of a model that can carry an adapter. */
export function adaptableModules(architecture: Architecture, config: ModelConfig): ModuleSize[] {
  const targetModules = architecture.linearModules
  return [...adaptedModules(architecture, config, { rank: 1, alpha: 1, targetModules }).values()]
}

/** An adapter of any ranks and modules in the form that is given with each run. */
export function toResident(
  architecture: Architecture,
  config: ModelConfig,
  adapter: Adapter,
): ResidentAdapter {
  const adapted = adaptedModules(architecture, config, adapter.config)
  const modules = adaptableModules(architecture, config)
  const ranks = Math.max(1, ...[...adapted.values()].map(({ rank }) => rank))
  const isWhole = modules.every(({ module }) => adapted.has(module))
  const zeros = new Float32Array(
    isWhole ? 0 : ranks * Math.max(...modules.flatMap(({ outputs, inputs }) => [outputs, inputs])),
  )
  let bytes = zeros.byteLength
  const pairs = new Map<string, ResidentPair>()
  for (const { module, outputs, inputs } of modules) {
    const own = adapted.get(module)
    if (own === undefined) {
      pairs.set(module, { a: zeros.subarray(0, ranks * inputs), b: zeros.subarray(0, ranks * outputs) })
      continue
    }
    const { rank, scale } = own
    const names = matrixNames(module)
    const a = new Float32Array(ranks * inputs)
    a.set(adapter.tensors.get(names.a)?.data ?? [])
    const b = new Float32Array(ranks * outputs)
    const columns = adapter.tensors.get(names.b)?.data ?? []
    for (let output = 0; output < outputs; output++) {
      for (let at = 0; at < rank; at++) b[at * outputs + output] = scale * (columns[output * rank + at] ?? 0)
    }
    pairs.set(module, { a, b })
    bytes += a.byteLength + b.byteLength
  }
  return { ranks, bytes, pairs }
}

/** What adds nothing: the base itself, where a graph must be given some adapter. */
export function noAdapter(modules: readonly ModuleSize[]): ResidentAdapter {
  const zeros = new Float32Array(Math.max(...modules.flatMap(({ outputs, inputs }) => [outputs, inputs])))
  const pairs = modules.map(
    ({ module, outputs, inputs }) =>
      [module, { a: zeros.subarray(0, inputs), b: zeros.subarray(0, outputs) }] as const,
  )
  return { ranks: 1, bytes: zeros.byteLength, pairs: new Map(pairs) }
}
