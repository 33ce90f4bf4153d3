import { levelGroup, type LevelMatrix } from './level-matrix.ts'
import { cachedWeights, type CachedSpec, type CachedWeights, type CacheSource } from './weight-cache.ts'
import type { WeightSource } from './weight-source.ts'

/** What a matrix of levels is kept as: see `levelProduct`. */
export type LevelPiece = 'low' | 'scales' | 'offsets' | 'high' | 'highScales'

/** Names of the tensors that a matrix of levels is kept as. */
export const levelNames = (matrix: string): Readonly<Record<LevelPiece, string>> => ({
  low: `${matrix}.levels`,
  scales: `${matrix}.scales`,
  offsets: `${matrix}.offsets`,
  high: `${matrix}.high_levels`,
  highScales: `${matrix}.high_scales`,
})

export interface CachedLevels {
  readonly weights: CachedWeights
  /** Of each matrix. */
  readonly bits: ReadonlyMap<string, LevelMatrix['bits']>
}

export interface LevelCacheOptions {
  readonly cacheFolder: string
  /** Content hash of the weights. */
  readonly key: string
  readonly signal?: AbortSignal | undefined
}

/**
 * Matrices as levels of four bits in the runtime's order, in a file beside the fp32 one. Levels of eight bits are kept as two
 * of four: `level = 16 · high + low`.
 *
 * @param names of the matrices
 * @returns undefined when the model's file does not hold all of them as levels
 */
export async function cachedLevels(
  openSource: () => Promise<WeightSource>,
  names: readonly string[],
  { cacheFolder, key, signal }: LevelCacheOptions,
): Promise<CachedLevels | undefined> {
  const source = await openSource()
  try {
    const bits = new Map<string, LevelMatrix['bits']>()
    for (const name of names) {
      const own = source.levelBits?.(name)
      if (own === undefined) return undefined
      bits.set(name, own)
    }
    const specs = names.flatMap((name) => specsOf(name, source.shape(name), bits.get(name) ?? 4))
    const weights = await cachedWeights(() => Promise.resolve(piecesOf(source, names)), specs, {
      cacheFolder,
      key,
      form: 'levels',
      signal,
    })
    return { weights, bits }
  } finally {
    await source.close()
  }
}

function specsOf(name: string, [rows = 1, columns = 1]: readonly number[], bits: 4 | 8): CachedSpec[] {
  const groups = columns / levelGroup
  const own = levelNames(name)
  const levels = { shape: [rows, groups, levelGroup / 2], type: 'uint8' } as const
  const specs: CachedSpec[] = [
    { name: own.low, ...levels },
    { name: own.scales, shape: [rows, groups] },
    { name: own.offsets, shape: [rows, groups] },
  ]
  if (bits === 4) return specs
  return [...specs, { name: own.high, ...levels }, { name: own.highScales, shape: [rows, groups] }]
}

/** Reads each matrix once for all its pieces, which are asked for one after the other. */
function piecesOf(source: WeightSource, names: readonly string[]): CacheSource {
  const matrixOf = new Map(names.flatMap((name) => Object.values(levelNames(name)).map((own) => [own, name])))
  let current:
    | { readonly name: string; readonly pieces: ReadonlyMap<string, Float32Array | Uint8Array> }
    | undefined
  return {
    async read(piece) {
      const name = matrixOf.get(piece) ?? ''
      if (current?.name !== name) {
        const matrix = await source.readLevels?.(name)
        if (matrix === undefined) throw new Error(`${name} has no levels`)
        current = { name, pieces: toPieces(name, matrix) }
      }
      return current.pieces.get(piece) ?? new Uint8Array()
    },
    // The source belongs to the caller.
    close: () => Promise.resolve(),
  }
}

// The product takes 8 from every level of four bits.
const zero = 8

function toPieces(
  name: string,
  { bits, levels, scales, minimums }: LevelMatrix,
): ReadonlyMap<string, Float32Array | Uint8Array> {
  const own = levelNames(name)
  const shift = bits === 4 ? zero : 17 * zero
  const pieces = new Map<string, Float32Array | Uint8Array>([
    [own.low, packed(levels, 0)],
    [own.scales, scales],
    [own.offsets, minimums.map((minimum, group) => minimum + shift * (scales[group] ?? 0))],
  ])
  if (bits === 4) return pieces
  return pieces.set(own.high, packed(levels, 4)).set(
    own.highScales,
    scales.map((scale) => 16 * scale),
  )
}

/** Four bits of each level from `from` on, two neighbours in a byte. */
function packed(levels: Uint8Array, from: 0 | 4): Uint8Array {
  const bytes = new Uint8Array(levels.length / 2)
  for (let index = 0; index < bytes.length; index++) {
    const [left, right] = [levels[2 * index]! >> from, levels[2 * index + 1]! >> from]
    bytes[index] = (left & 15) | ((right & 15) << 4)
  }
  return bytes
}
