import type { GgufSettings } from './gguf-mapping.ts'
import { plainRotation, type RotaryScheme } from './rotary-scheme.ts'

/** How many times slower than in the plain embedding each pair turns. */
export function pairFactors(
  { base, frequencies }: RotaryScheme,
  scaled: readonly number[] = frequencies,
): number[] {
  const plain = plainRotation(2 * frequencies.length, base)
  return plain.frequencies.map((frequency, pair) => frequency / (scaled[pair] ?? frequency))
}

/** The metadata of an embedding that slows down all pairs alike; empty where it does not, or where pairs differ. */
export function linearScaling(rotation: RotaryScheme): Partial<GgufSettings> {
  const factors = pairFactors(rotation)
  const [factor = 1] = factors
  const isLinear = factors.every((other) => Math.abs(other / factor - 1) < 1e-9)
  if (!isLinear || factor === 1) return {}
  return { texts: { 'rope.scaling.type': 'linear' }, floats: { 'rope.scaling.factor': factor } }
}
