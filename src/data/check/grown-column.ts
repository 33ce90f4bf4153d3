const chunkBits = 13
const chunkRows = 2 ** chunkBits

interface NumberArray {
  [row: number]: number
}

/** A column of whole numbers that grows without copying what it holds: 32 bits each unless another array is given. */
export class GrownColumn {
  readonly #chunks: NumberArray[] = []
  readonly #Chunk: new (rows: number) => NumberArray

  constructor(Chunk: new (rows: number) => NumberArray = Int32Array) {
    this.#Chunk = Chunk
  }

  get(row: number): number {
    return this.#chunks[row >>> chunkBits]?.[row & (chunkRows - 1)] ?? 0
  }

  set(row: number, value: number): void {
    const chunk = (this.#chunks[row >>> chunkBits] ??= new this.#Chunk(chunkRows))
    chunk[row & (chunkRows - 1)] = value
  }
}
