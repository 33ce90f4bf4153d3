const chunkBits = 13
const chunkRows = 2 ** chunkBits

/** A column of 32-bit numbers that grows without copying what it holds. */
export class GrownColumn {
  readonly #chunks: Int32Array[] = []

  get(row: number): number {
    return this.#chunks[row >>> chunkBits]?.[row & (chunkRows - 1)] ?? 0
  }

  set(row: number, value: number): void {
    const chunk = (this.#chunks[row >>> chunkBits] ??= new Int32Array(chunkRows))
    chunk[row & (chunkRows - 1)] = value
  }
}
