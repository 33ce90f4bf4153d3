import type { Tensor } from '../graph/session.ts'
import type { Architecture, ModelConfig } from './architecture.ts'

/** Cosines and sines of the rotary angles for rows at the given positions, each `[rows, headSize / 2]`. */
export function rotationTensors(
  architecture: Architecture,
  config: ModelConfig,
  positions: readonly number[],
): { cosines: Tensor; sines: Tensor } {
  const frequencies = architecture.rotaryFrequencies(config)
  const pairs = frequencies.length
  const cosines = new Float32Array(positions.length * pairs)
  const sines = new Float32Array(positions.length * pairs)
  for (const [row, position] of positions.entries()) {
    for (let pair = 0; pair < pairs; pair++) {
      const angle = position * (frequencies[pair] ?? 0)
      cosines[row * pairs + pair] = Math.cos(angle)
      sines[row * pairs + pair] = Math.sin(angle)
    }
  }
  const shape = [positions.length, pairs]
  return { cosines: { data: cosines, shape }, sines: { data: sines, shape } }
}

// Far below every score, and finite, so that a row without any allowed key gives numbers and not NaN.
const hidden = -1e30

/** `[length, length]`: 0 where the key is not after the query, else a number that softmax turns into 0. */
export function causalMask(length: number): Tensor {
  const data = new Float32Array(length * length)
  for (let query = 0; query < length; query++)
    data.fill(hidden, query * length + query + 1, (query + 1) * length)
  return { data, shape: [length, length] }
}

/** `[1, batch, 1, 1, capacity]`: 0 for the first `lengths[b]` keys of each sequence. */
export function lengthMask(lengths: readonly number[], capacity: number): Tensor {
  const data = new Float32Array(lengths.length * capacity)
  for (const [index, length] of lengths.entries())
    data.fill(hidden, index * capacity + length, (index + 1) * capacity)
  return { data, shape: [1, lengths.length, 1, 1, capacity] }
}
