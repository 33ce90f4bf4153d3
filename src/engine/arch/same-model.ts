import type { ModelConfig } from './architecture.ts'
import type { RotaryScheme } from './rotary-scheme.ts'

/** Single precision, which GGUF files have, keeps seven digits. */
const tolerance = 1e-6

/** True when two configurations compute the same, up to what single precision rounds away from their numbers. */
export function isSameModel(left: ModelConfig, right: ModelConfig): boolean {
  return isClose(comparable(left), comparable(right))
}

/** A rotation for long sequences that is none is left out: it says when the other one ends and changes nothing. */
function comparable(config: ModelConfig): unknown {
  const rotations = config.rotations.map(({ frequencies, long, magnitude }: RotaryScheme) => ({
    frequencies,
    magnitude,
    long: long === undefined || isClose(long.frequencies, frequencies) ? undefined : long,
  }))
  return { ...config, rotations }
}

function isClose(left: unknown, right: unknown): boolean {
  if (typeof left === 'number' && typeof right === 'number') {
    return left === right || Math.abs(left - right) <= tolerance * Math.abs(right)
  }
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return left === right
  }
  const [leftEntries, rightEntries] = [Object.entries(left), new Map(Object.entries(right))]
  return (
    leftEntries.length === rightEntries.size &&
    leftEntries.every(([key, value]) => rightEntries.has(key) && isClose(value, rightEntries.get(key)))
  )
}
