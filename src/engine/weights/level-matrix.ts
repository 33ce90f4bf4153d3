/** Numbers of a group, which have a scale and a minimum in common. */
export const levelGroup = 32

/**
 * A matrix as some files hold it: numbers `scale · level + minimum`, with levels of 4 or 8 bits and a scale and a minimum
 * for each group of 32 numbers of a row.
 */
export interface LevelMatrix {
  readonly bits: 4 | 8
  /** `[rows, columns]`: 0 to 15, or 0 to 255. */
  readonly levels: Uint8Array
  /** `[rows, columns / 32]` */
  readonly scales: Float32Array
  /** `[rows, columns / 32]` */
  readonly minimums: Float32Array
}

export function emptyLevelMatrix(bits: 4 | 8, size: number): LevelMatrix {
  const groups = size / levelGroup
  return {
    bits,
    levels: new Uint8Array(size),
    scales: new Float32Array(groups),
    minimums: new Float32Array(groups),
  }
}
