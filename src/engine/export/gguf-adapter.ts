import { matrixNames, adaptedModules, type Adapter } from '../adapter/adapter.ts'
import type { Architecture, ModelConfig } from '../arch/architecture.ts'
import type { GgufMapping } from '../arch/gguf-mapping.ts'
import { f32 } from '../weights/quantization/f32.ts'
import { rotaryInterleave } from '../weights/rotary-rows.ts'
import { ggufValue, writeGguf, type GgufTensorToWrite } from './gguf-writer.ts'

/**
 * Writes an adapter as llama.cpp's `convert_lora_to_gguf.py` does, in fp32, so that nothing is lost: A and B of each
 * module under the name of the base's tensor, the rows of B in the order that the base's rows have there. llama.cpp takes
 * one alpha for all modules and divides it by each one's rank; where a module has another factor, B carries the rest.
 */
export async function writeGgufAdapter(
  path: string,
  adapter: Adapter,
  architecture: Architecture,
  mapping: GgufMapping,
  config: ModelConfig,
  name: string,
): Promise<void> {
  const modules = [...adaptedModules(architecture, config, adapter.config).values()]
  const [first] = modules
  const alpha = first === undefined ? 1 : first.scale * first.rank
  const tensors = modules.flatMap(({ module, rank, scale, outputs, inputs }): GgufTensorToWrite[] => {
    const weight = `${module}.weight`
    const names = matrixNames(module)
    const [a, b] = [adapter.tensors.get(names.a)?.data, adapter.tensors.get(names.b)?.data]
    if (a === undefined || b === undefined) throw new Error(`the adapter has no matrices for ${module}`)
    const rest = (scale * rank) / alpha
    const scaled = rest === 1 ? b : b.map((value) => value * rest)
    const heads = mapping.interleavedHeads(weight, config)
    const rows = heads === undefined ? scaled : rotaryInterleave(scaled, heads, rank)
    const tensor = mapping.tensorName(weight)
    return [
      { name: `${tensor}.lora_a`, shape: [rank, inputs], type: f32, bytes: () => whole(a) },
      { name: `${tensor}.lora_b`, shape: [outputs, rank], type: f32, bytes: () => whole(rows) },
    ]
  })
  const metadata = new Map([
    ['general.architecture', ggufValue.text(mapping.architecture)],
    ['general.type', ggufValue.text('adapter')],
    ['general.name', ggufValue.text(name)],
    ['adapter.type', ggufValue.text('lora')],
    ['adapter.lora.alpha', ggufValue.float(alpha)],
  ])
  await writeGguf(path, metadata, tensors)
}

async function* whole(numbers: Float32Array): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
}
