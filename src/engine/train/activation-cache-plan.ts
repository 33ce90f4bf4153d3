import type { ModelConfig } from '../arch/architecture.ts'
import type { DatasetTokens } from './training-cost.ts'

interface CacheSize extends DatasetTokens {
  /** Layers below the lowest adapter. */
  readonly frozenLayers: number
  /** Sequences of an example: two of a preference pair. */
  readonly sequences: number
  /** Forward passes over an average example in the whole run, validation and references included. */
  readonly passes: number
  /** Free on the disk of the job. Default: enough. */
  readonly freeDiskBytes?: number | undefined
}

// Checkpoints, adapters and other programs need some room as well.
const usableShare = 0.5

/** Bytes of what comes out of the layers below the lowest adapter, for all examples of a run. */
function activationCacheBytes({ hiddenSize }: Pick<ModelConfig, 'hiddenSize'>, size: CacheSize): number {
  const { examples, validation = 0, mean, prefix = 0, sequences } = size
  const rows = prefix + (examples + validation) * sequences * (mean - prefix)
  return Math.ceil(rows) * hiddenSize * Float32Array.BYTES_PER_ELEMENT
}

/** Whether keeping these activations pays, and why. */
export function planActivationCache(config: ModelConfig, size: CacheSize): [boolean, string] {
  const { frozenLayers, passes, freeDiskBytes = Infinity } = size
  if (frozenLayers === 0) return [false, 'only where the lowest layers have no adapters']
  const below = frozenLayers === 1 ? 'the layer' : `the ${frozenLayers} layers`
  const bytes = activationCacheBytes(config, size)
  if (passes <= 1) return [false, `${below} below the adapters see each record only once`]
  if (bytes > freeDiskBytes * usableShare) {
    return [false, `it would take ${sizeText(bytes)} of ${sizeText(freeDiskBytes)} that are free on the disk`]
  }
  return [
    true,
    `${below} below the adapters are computed once, not ${passes.toFixed(1)} times; takes ${sizeText(bytes)} of disk while training`,
  ]
}

const sizeText = (bytes: number): string =>
  bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
