import { HoneError } from '../../core/errors.ts'
import type { ModelConfig, TensorSpec } from '../arch/architecture.ts'
import type { GgufMapping } from '../arch/gguf-mapping.ts'
import type { GgufFile, GgufTensor } from './gguf.ts'
import { levelGroup } from './level-matrix.ts'
import { undoRotaryInterleave } from './rotary-rows.ts'
import type { WeightSource } from './weight-source.ts'

/**
 * A GGUF file under Hugging Face names. Closing it closes the file.
 *
 * @param specs the tensors that the architecture knows; others keep their name in the file
 */
export function ggufWeights(
  gguf: GgufFile,
  mapping: GgufMapping,
  config: ModelConfig,
  specs: readonly TensorSpec[],
): WeightSource {
  const fileNames = new Map<string, string>()
  const unknown = new Set(gguf.tensors.keys())
  for (const name of mapping.settings) unknown.delete(name)
  for (const { name } of specs) {
    const fileName = mapping.tensorName(name)
    if (!gguf.tensors.has(fileName)) continue
    fileNames.set(name, fileName)
    unknown.delete(fileName)
  }
  for (const name of unknown) fileNames.set(name, name)

  const tensor = (name: string): GgufTensor => {
    const found = gguf.tensors.get(fileNames.get(name) ?? '')
    if (found !== undefined) return found
    throw new HoneError('E_MODEL_FILE', `there is no tensor "${name}"`, { at: { file: gguf.path } })
  }
  const interleavedHeads = (name: string): number | undefined => {
    const heads = mapping.interleavedHeads(name, config)
    const [rows = 1] = tensor(name).shape
    if (heads === undefined || rows % (2 * heads) === 0) return heads
    throw new HoneError('E_MODEL_FILE', `tensor "${name}" has ${rows} rows, not ${heads} heads of pairs`, {
      at: { file: gguf.path },
    })
  }
  return {
    names: () => [...fileNames.keys()],
    shape: (name) => tensor(name).shape,
    async read(name) {
      const numbers = await gguf.read(fileNames.get(name) ?? name)
      if (unknown.has(name)) return numbers
      const offset = mapping.offset(name)
      if (offset !== 0) return numbers.map((value) => value - offset)
      const heads = interleavedHeads(name)
      return heads === undefined ? numbers : undoRotaryInterleave(numbers, heads, tensor(name).shape[1] ?? 1)
    },
    levelBits: (name) =>
      unknown.has(name) || mapping.offset(name) !== 0 ? undefined : tensor(name).quantization.levels?.bits,
    async readLevels(name) {
      const matrix = await gguf.readLevels(fileNames.get(name) ?? name)
      const heads = interleavedHeads(name)
      if (heads === undefined) return matrix
      const [, columns = 1] = tensor(name).shape
      const undo = <Rows extends Float32Array | Uint8Array>(rows: Rows, width: number): Rows =>
        undoRotaryInterleave(rows, heads, width)
      return {
        bits: matrix.bits,
        levels: undo(matrix.levels, columns),
        scales: undo(matrix.scales, columns / levelGroup),
        minimums: undo(matrix.minimums, columns / levelGroup),
      }
    },
    close: () => gguf.close(),
  }
}
