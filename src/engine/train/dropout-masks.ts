import type { Random } from '../../lib/random.ts'
import type { Graph } from '../graph/graph.ts'
import type { Tensor } from '../graph/session.ts'
import type { Batch } from './batch.ts'
import { dropoutInputs } from './training-graph.ts'

interface MaskInput {
  readonly name: string
  /** A layer sees all rows, but the last one after its attention only those with loss. */
  readonly isOfLossRows: boolean
  readonly width: number
}

/**
 * What dropout drops, drawn for every batch from a generator that is handed in, so that a step that is computed again drops
 * the same. Rows of a prefix that a batch's examples share are computed once, so they have one mask for all of these.
 */
export class DropoutMasks {
  readonly #inputs: readonly MaskInput[]
  readonly #logKeep: number

  /** @param probability with which an element is dropped, above 0 and below 1 */
  constructor(graph: Graph, probability: number) {
    this.#logKeep = Math.log1p(-probability)
    this.#inputs = dropoutInputs(graph).map(({ name, shape: [rows, width] }) => ({
      name,
      isOfLossRows: rows === 'lossRows',
      width: Number(width),
    }))
  }

  draw({ rows, feeds }: Batch, random: Random): Record<string, Tensor> {
    const lossRows = feeds['loss_rows']?.shape[0] ?? 0
    return Object.fromEntries(
      this.#inputs.map(({ name, isOfLossRows, width }) => {
        const height = isOfLossRows ? lossRows : rows
        return [name, { data: this.#mask(height * width, random), shape: [height, width] }]
      }),
    )
  }

  /** Draws how many elements are kept until the next one is dropped, which is geometrically distributed. */
  #mask(length: number, random: Random): Uint8Array {
    const mask = new Uint8Array(length).fill(1)
    const next = (): number => Math.floor(Math.log(1 - random.next()) / this.#logKeep)
    for (let index = next(); index < length; index += 1 + next()) mask[index] = 0
    return mask
  }
}
