import type { TrainingOverrides } from '../../core/training-settings.ts'
import type { Profile } from '../../profiles/profile.ts'

/** What the learning rate of this machine's engine is multiplied by, at the service's own default. */
export const usualLearningRate = 1e-3

/**
 * What a service's hyperparameters come to on this machine. Epochs, batch size, warm-up and early stopping mean the same
 * everywhere. A learning rate is that of a model many times larger: what counts is its ratio to the service's default, which
 * is applied to the learning rate that serves an adapter here. What is left to the service is left to the plan.
 *
 * @param given sound for the profile; what is missing has the profile's default
 */
export function toOverrides(profile: Profile, given: Readonly<Record<string, string>>): TrainingOverrides {
  const value = (name: string): number | undefined => {
    const usual = profile.hyperparameters.find((parameter) => parameter.name === name)?.default
    const text = given[name] ?? (usual === undefined ? undefined : String(usual))
    const number = Number(text)
    return text === undefined || Number.isNaN(number) ? undefined : number
  }
  const [patience, threshold] = [value('earlyStoppingPatience'), value('earlyStoppingThreshold')]
  const beta = value('beta')
  const settings = {
    epochs: value('epochCount') ?? value('n_epochs'),
    batchSize: value('batchSize') ?? value('batch_size'),
    learningRate: learningRate(profile, value),
    warmup: value('learningRateWarmupSteps'),
    ...(beta === undefined ? {} : { preference: { beta } }),
    ...(patience === undefined && threshold === undefined
      ? {}
      : {
          earlyStopping: {
            ...(patience === undefined ? {} : { patience }),
            ...(threshold === undefined ? {} : { threshold }),
          },
        }),
  }
  return Object.fromEntries(Object.entries(settings).filter(([, setting]) => setting !== undefined))
}

function learningRate(profile: Profile, value: (name: string) => number | undefined): number | undefined {
  const multiplier = value('learningRateMultiplier') ?? value('learning_rate_multiplier')
  if (multiplier !== undefined) return usualLearningRate * multiplier
  const asked = value('learningRate')
  const usual = profile.hyperparameters.find(({ name }) => name === 'learningRate')?.default
  if (asked === undefined || typeof usual !== 'number' || usual === 0) return undefined
  return usualLearningRate * (asked / usual)
}
