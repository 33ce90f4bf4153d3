import type { LevelMatrix } from '../level-matrix.ts'

/** One way of storing numbers in a GGUF file: blocks of `blockSize` numbers in `blockBytes` bytes each. */
export interface Quantization {
  /** Value of `ggml_type` in the file. */
  readonly id: number
  /** Name as in ggml, such as `Q4_1`. */
  readonly name: string
  readonly blockSize: number
  readonly blockBytes: number
  /**
   * Writes the numbers of whole blocks: `out.length` is `bytes.length / blockBytes * blockSize`. The bytes start at a
   * multiple of four in their buffer, so that a block type may view them as wider words.
   */
  dequantize(bytes: Uint8Array, out: Float32Array): void
  /** For types whose numbers are `scale · level + minimum` in groups of 32: the parts of whole blocks. */
  readonly levels?: {
    readonly bits: LevelMatrix['bits']
    /** @param first number of the first of these blocks in the matrix */
    read(bytes: Uint8Array, matrix: LevelMatrix, first: number): void
  }
  /** Whole blocks of numbers as bytes, for the types that are written. Numbers out of range become infinite. */
  readonly quantize?: (numbers: Float32Array) => Uint8Array
}
