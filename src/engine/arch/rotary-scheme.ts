import type { ConfigReader } from './config-reader.ts'

/** A rotary position embedding: how far the pairs of a head's elements turn from one position to the next. */
export interface RotaryScheme {
  /** `rope_theta`: pair `i` of `n` turns by `base^(-i / n)` radians before any scaling. */
  readonly base: number
  /** Radians per position of each pair. Elements of a head beyond twice their number are not rotated. */
  readonly frequencies: readonly number[]
  /** What takes their place for all tokens of a sequence that is longer than `beyond` tokens. */
  readonly long?: { readonly beyond: number; readonly frequencies: readonly number[] }
  /** Factor of all cosines and sines. */
  readonly magnitude: number
}

export interface RotaryDefaults {
  readonly headSize: number
  readonly contextLength: number
  readonly theta?: number
  /** True where only a part of each head may be rotated. */
  readonly partial?: boolean
}

interface ScalingContext {
  /** Context length before it was extended. */
  readonly original: number
  readonly contextLength: number
}

type Scaling = (plain: RotaryScheme, settings: ConfigReader, context: ScalingContext) => RotaryScheme

const scalings = {
  default: (plain) => plain,
  linear,
  llama3,
  longrope: longRope,
  // The name that LongRoPE had in the first files of Phi-3.
  su: longRope,
} satisfies Record<string, Scaling>
const scalingNames = Object.keys(scalings) as (keyof typeof scalings)[]

/**
 * The embedding that `rope_theta`, `partial_rotary_factor` and `rope_scaling` (or the newer `rope_parameters`) describe.
 * Formulas and defaults: `modeling_rope_utils.py` of transformers.
 *
 * @param read the model's fields
 * @param settings fields of this embedding alone, before those of the model
 * @throws HoneError `E_MODEL_UNSUPPORTED` for a scaling that is not computed here
 */
export function readRotaryScheme(
  read: ConfigReader,
  { headSize, contextLength, theta: defaultTheta = 10_000, partial = false }: RotaryDefaults,
  settings: ConfigReader = read.inside('rope_scaling') ?? read.inside('rope_parameters') ?? read,
): RotaryScheme {
  const theta = settings.number('rope_theta', read.number('rope_theta', defaultTheta))
  if (!partial) {
    settings.refuseUnless('partial_rotary_factor', 1)
    read.refuseUnless('partial_rotary_factor', 1)
  }
  const portion = settings.number('partial_rotary_factor', read.number('partial_rotary_factor', 1))
  // A portion such as 32/80 may come out a hair below the whole number that it stands for.
  const plain = plainRotation(Math.trunc(headSize * portion + 1e-6), theta)
  // Files from before transformers 4.43 name the kind `type`.
  const kind = settings.choice(settings.has('rope_type') ? 'rope_type' : 'type', scalingNames, 'default')
  const holder = read.has('original_max_position_embeddings') ? read : settings
  const original = holder.count('original_max_position_embeddings', contextLength)
  return scalings[kind](plain, settings, { original, contextLength })
}

/** All of `size` elements rotated, nothing scaled. Su et al. 2021, https://arxiv.org/abs/2104.09864 */
export function plainRotation(size: number, theta: number): RotaryScheme {
  const frequencies = Array.from({ length: size / 2 }, (_, pair) => theta ** ((-2 * pair) / size))
  return { base: theta, frequencies, magnitude: 1 }
}

/** Position interpolation: Chen et al. 2023, https://arxiv.org/abs/2306.15595 */
function linear(plain: RotaryScheme, settings: ConfigReader): RotaryScheme {
  const factor = settings.number('factor')
  return { ...plain, frequencies: plain.frequencies.map((frequency) => frequency / factor) }
}

/**
 * Llama 3.1: pairs that turn seldom within the original context are slowed down, those that turn often are kept, and the
 * others are mixed. Grattafiori et al. 2024, https://arxiv.org/abs/2407.21783
 */
function llama3(plain: RotaryScheme, settings: ConfigReader, { original }: ScalingContext): RotaryScheme {
  const factor = settings.number('factor')
  const low = settings.number('low_freq_factor')
  const high = settings.number('high_freq_factor')
  const frequencies = plain.frequencies.map((frequency) => {
    const turns = (original * frequency) / (2 * Math.PI)
    const kept = Math.min(1, Math.max(0, (turns - low) / (high - low)))
    return ((1 - kept) / factor + kept) * frequency
  })
  return { ...plain, frequencies }
}

/** LongRoPE: a factor for each pair, others for long sequences. Ding et al. 2024, https://arxiv.org/abs/2402.13753 */
function longRope(
  plain: RotaryScheme,
  settings: ConfigReader,
  { original, contextLength }: ScalingContext,
): RotaryScheme {
  const slowed = (field: string): number[] => {
    const factors = settings.numbers(field, plain.frequencies.length)
    return plain.frequencies.map((frequency, pair) => frequency / (factors[pair] ?? 1))
  }
  const extension = settings.number('factor', contextLength / original)
  const magnitude = extension <= 1 ? 1 : Math.sqrt(1 + Math.log(extension) / Math.log(original))
  return {
    base: plain.base,
    frequencies: slowed('short_factor'),
    long: { beyond: original, frequencies: slowed('long_factor') },
    magnitude: settings.number('attention_factor', magnitude),
  }
}
