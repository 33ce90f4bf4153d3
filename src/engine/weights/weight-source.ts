import type { LevelMatrix } from './level-matrix.ts'

/** The tensors of a model under their Hugging Face names, whatever the file is. */
export interface WeightSource {
  /** Every tensor of the file or files. One that the architecture does not know keeps the file's own name. */
  names(): readonly string[]
  /**
   * Outermost dimension first.
   *
   * @throws HoneError `E_MODEL_FILE` for a name that is not there
   */
  shape(name: string): readonly number[]
  /** Numbers in row-major order. The array belongs to the caller. */
  read(name: string): Promise<Float32Array>
  /** Of the levels that the file holds a matrix as; undefined where it does not. */
  levelBits?(name: string): LevelMatrix['bits'] | undefined
  /** The same numbers as levels, where there are some. */
  readLevels?(name: string): Promise<LevelMatrix>
  close(): Promise<void>
}
