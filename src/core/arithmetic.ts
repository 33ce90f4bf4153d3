export const arithmetics = ['exact', 'int8'] as const

/**
 * How a model on this machine multiplies with its weights when it answers: `exact` in fp32; `int8` rounds what they are multiplied
 * with to eight bits, a scale for each group of 32, where the weights themselves have four or eight. Probabilities of labels,
 * longer prompts, and what more than eight write at once behind a server are computed in fp32 in any case.
 */
export type Arithmetic = (typeof arithmetics)[number]

/** What rounding changes, measured on built-in conversations when a model is opened. */
export interface RoundingEffect {
  /** Places at which both ways of computing were asked for the next token. */
  readonly tokens: number
  /** Share of them at which the likeliest token is the same. */
  readonly sameToken: number
  /** By how much the log-probability of the likeliest token differs, in nats. */
  readonly meanDifference: number
  readonly largestDifference: number
}
