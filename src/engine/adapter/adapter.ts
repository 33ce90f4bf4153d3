import { createRandom } from '../../lib/random.ts'
import type { AdaptedLayers, AdapterScaling } from '../../core/training-settings.ts'
import type { Architecture, ModelConfig, TensorSpec } from '../arch/architecture.ts'

export interface AdapterConfig {
  readonly rank: number
  /** With the rank it gives the factor of the adapter's part. */
  readonly alpha: number
  /** Linear modules that carry an adapter, such as `q_proj`. */
  readonly targetModules: readonly string[]
  /** Default `standard`. */
  readonly scaling?: AdapterScaling
  /** Where given, only these layers carry adapters, counted from 0. */
  readonly layers?: readonly number[]
  /**
   * Where given, these modules and no others carry an adapter, each with a rank and alpha of its own; by full name, such
   * as `model.layers.0.self_attn.q_proj`.
   */
  readonly modules?: Readonly<Record<string, ModuleRank>>
}

export interface ModuleRank {
  readonly rank: number
  readonly alpha: number
}

/** One linear module with its adapter. */
export interface AdaptedModule {
  /** Full name, such as `model.layers.0.self_attn.q_proj`. */
  readonly module: string
  readonly rank: number
  /** Factor of the adapter's part. */
  readonly scale: number
  readonly outputs: number
  readonly inputs: number
}

/** One matrix of an adapter, row-major. */
interface AdapterTensor {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** The trainable part of a model: a pair of matrices `a [rank, inputs]`, `b [outputs, rank]` for every adapted module. */
export interface Adapter {
  readonly config: AdapterConfig
  /** By name, such as `model.layers.0.self_attn.q_proj.lora_A.weight`. */
  readonly tensors: ReadonlyMap<string, AdapterTensor>
}

export const matrixNames = (module: string): { a: string; b: string } => ({
  a: `${module}.lora_A.weight`,
  b: `${module}.lora_B.weight`,
})

/** Every linear module that carries an adapter, by its full name, in the order of layers and target modules. */
export function adaptedModules(
  architecture: Architecture,
  config: ModelConfig,
  adapter: AdapterConfig,
): ReadonlyMap<string, AdaptedModule> {
  const shapes = new Map(architecture.tensors(config).map(({ name, shape }) => [name, shape]))
  const modules = new Map<string, AdaptedModule>()
  for (let layer = 0; layer < config.layers; layer++) {
    if (adapter.layers?.includes(layer) === false) continue
    for (const target of adapter.targetModules) {
      const module = architecture.moduleName(layer, target)
      const own = adapter.modules === undefined ? adapter : adapter.modules[module]
      if (own === undefined) continue
      const [outputs, inputs] = shapes.get(`${module}.weight`) ?? []
      if (outputs === undefined || inputs === undefined) throw new Error(`${module} is not a linear module`)
      const { rank, alpha } = own
      const scale = alpha / (adapter.scaling === 'rslora' ? Math.sqrt(rank) : rank)
      modules.set(module, { module, rank, scale, outputs, inputs })
    }
  }
  return modules
}

/** The lowest layer that carries an adapter. */
export function firstAdaptedLayer(
  architecture: Architecture,
  config: ModelConfig,
  adapter: AdapterConfig,
): number {
  const adapted = adaptedModules(architecture, config, adapter)
  const carries = (layer: number): boolean =>
    architecture.linearModules.some((module) => adapted.has(architecture.moduleName(layer, module)))
  return Math.max(0, Array.from({ length: config.layers }, (_, layer) => layer).findIndex(carries))
}

/** The layers that a setting names, as an adapter has them: absent where they are all. */
export function topLayers(
  layers: AdaptedLayers,
  { layers: count }: ModelConfig,
): Pick<AdapterConfig, 'layers'> {
  if (layers === 'all' || layers >= count) return {}
  return { layers: Array.from({ length: layers }, (_, index) => count - layers + index) }
}

/** Names and shapes of an adapter's matrices, in the order of layers, modules, A and B. */
export function adapterTensorSpecs(
  architecture: Architecture,
  config: ModelConfig,
  adapter: AdapterConfig,
): TensorSpec[] {
  return [...adaptedModules(architecture, config, adapter).values()].flatMap(
    ({ module, rank, outputs, inputs }) => {
      const { a, b } = matrixNames(module)
      return [
        { name: a, shape: [rank, inputs] },
        { name: b, shape: [outputs, rank] },
      ]
    },
  )
}

/**
 * An adapter that changes nothing yet: A uniform in ±1/√inputs (Kaiming, as PEFT starts), B zero.
 * All matrices are views of one array, in the order of the specs.
 */
export function initializeAdapter(
  architecture: Architecture,
  config: ModelConfig,
  adapterConfig: AdapterConfig,
  seed: number,
): Adapter {
  const specs = adapterTensorSpecs(architecture, config, adapterConfig)
  const adapter = emptyAdapter(specs, adapterConfig)
  const random = createRandom(seed).fork('adapter')
  for (const [name, { shape, data }] of adapter.tensors) {
    if (!name.endsWith('.lora_A.weight')) continue
    const bound = 1 / Math.sqrt(shape[1] ?? 1)
    for (let index = 0; index < data.length; index++) data[index] = (random.next() * 2 - 1) * bound
  }
  return adapter
}

/** An adapter of zeros whose matrices are views of one array. */
export function emptyAdapter(specs: readonly TensorSpec[], config: AdapterConfig): Adapter {
  const sizes = specs.map(({ shape }) => shape.reduce((product, size) => product * size, 1))
  const flat = new Float32Array(sizes.reduce((sum, size) => sum + size, 0))
  let offset = 0
  const tensors = new Map<string, AdapterTensor>()
  for (const [index, { name, shape }] of specs.entries()) {
    const size = sizes[index] ?? 0
    tensors.set(name, { shape, data: flat.subarray(offset, offset + size) })
    offset += size
  }
  return { config, tensors }
}

/** All matrices as one array, if they are views of one. */
export function parametersOf(adapter: Adapter): Float32Array {
  const [first] = adapter.tensors.values()
  if (first === undefined) throw new Error('an adapter without matrices')
  const count = [...adapter.tensors.values()].reduce((sum, { data }) => sum + data.length, 0)
  return new Float32Array(first.data.buffer, first.data.byteOffset, count)
}

/** A copy that shares no memory with the original. */
export function copyAdapter(adapter: Adapter): Adapter {
  const specs = [...adapter.tensors].map(([name, { shape }]) => ({ name, shape }))
  const copy = emptyAdapter(specs, adapter.config)
  parametersOf(copy).set(parametersOf(adapter))
  return copy
}
