import type { Graph } from '../graph/graph.ts'
import type { Rotation } from '../graph/ops/rotary.ts'
import type { Tensor } from '../graph/session.ts'
import type { ModelConfig } from './architecture.ts'

const rotationNames = (index: number): { cosines: string; sines: string } => ({
  cosines: `cosines_${index}`,
  sines: `sines_${index}`,
})

/** The graph's inputs for each rotation of the model: `cosines_*`, `sines_*` `[rows, pairs]`. */
export function rotationInputs(graph: Graph, { rotations }: ModelConfig): Rotation[] {
  return rotations.map(({ frequencies }, index) => {
    const names = rotationNames(index)
    return {
      cosines: graph.input(names.cosines, 'float32', ['rows', frequencies.length]),
      sines: graph.input(names.sines, 'float32', ['rows', frequencies.length]),
    }
  })
}

/**
 * Cosines and sines of the rotary angles for rows at the given positions.
 *
 * @param isLong true where the rows are of sequences that take the rotation for long ones (`isLongSequence`)
 */
export function rotationTensors(
  { rotations }: ModelConfig,
  positions: readonly number[],
  isLong: boolean,
): Record<string, Tensor> {
  const tensors: Record<string, Tensor> = {}
  for (const [index, { frequencies, long, magnitude }] of rotations.entries()) {
    const used = isLong ? (long?.frequencies ?? frequencies) : frequencies
    const pairs = used.length
    const cosines = new Float32Array(positions.length * pairs)
    const sines = new Float32Array(positions.length * pairs)
    for (const [row, position] of positions.entries()) {
      for (const [pair, frequency] of used.entries()) {
        cosines[row * pairs + pair] = Math.cos(position * frequency) * magnitude
        sines[row * pairs + pair] = Math.sin(position * frequency) * magnitude
      }
    }
    const names = rotationNames(index)
    tensors[names.cosines] = { data: cosines, shape: [positions.length, pairs] }
    tensors[names.sines] = { data: sines, shape: [positions.length, pairs] }
  }
  return tensors
}

/** Whether the model rotates a sequence of this many tokens otherwise than a short one, from its first token on. */
export function isLongSequence({ rotations }: ModelConfig, tokens: number): boolean {
  return rotations.some(({ long }) => long !== undefined && tokens > long.beyond)
}
