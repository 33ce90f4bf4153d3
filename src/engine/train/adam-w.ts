export interface AdamWSettings {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  /** Decoupled: each step shrinks the weights by `learningRate · weightDecay`. */
  readonly weightDecay: number
}

/**
 * Adam with decoupled weight decay over one flat array of parameters, in the order of operations of `torch.optim.AdamW`.
 * Loshchilov and Hutter 2017, https://arxiv.org/abs/1711.05101
 */
export class AdamW {
  readonly settings: AdamWSettings
  readonly firstMoments: Float32Array
  readonly secondMoments: Float32Array
  /** Updates made so far. */
  steps = 0

  constructor(parameters: number, settings: AdamWSettings) {
    this.settings = settings
    this.firstMoments = new Float32Array(parameters)
    this.secondMoments = new Float32Array(parameters)
  }

  /** Updates `parameters` in place. All arrays have the same length and order. */
  step(parameters: Float32Array, gradients: Float32Array, learningRate: number): void {
    this.steps += 1
    const { beta1, beta2, epsilon, weightDecay } = this.settings
    const { firstMoments, secondMoments } = this
    const keep = 1 - learningRate * weightDecay
    const rate = learningRate / (1 - beta1 ** this.steps)
    const correction = Math.sqrt(1 - beta2 ** this.steps)
    for (let index = 0; index < parameters.length; index++) {
      const gradient = gradients[index] ?? 0
      const first = Math.fround(beta1 * (firstMoments[index] ?? 0) + (1 - beta1) * gradient)
      const second = Math.fround(beta2 * (secondMoments[index] ?? 0) + (1 - beta2) * gradient * gradient)
      firstMoments[index] = first
      secondMoments[index] = second
      parameters[index] =
        (parameters[index] ?? 0) * keep - (rate * first) / (Math.sqrt(second) / correction + epsilon)
    }
  }
}

/** Euclidean length of a gradient. */
export function norm(gradients: Float32Array): number {
  let sum = 0
  for (let index = 0; index < gradients.length; index++) sum += (gradients[index] ?? 0) ** 2
  return Math.sqrt(sum)
}

/** Shortens a gradient to at most `limit`, as `torch.nn.utils.clip_grad_norm_` does. Returns its length before. */
export function clipNorm(gradients: Float32Array, limit: number): number {
  const length = norm(gradients)
  const factor = Math.min(1, limit / (length + 1e-6))
  if (factor < 1)
    for (let index = 0; index < gradients.length; index++) gradients[index] = (gradients[index] ?? 0) * factor
  return length
}
