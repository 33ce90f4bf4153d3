import { runLogEvents, type LoggedEvent } from './run-log.ts'

type StepEvent = Extract<LoggedEvent, { type: 'step' }>
type ValidationEvent = Extract<LoggedEvent, { type: 'validation' }>

/** The numbers of a run, as columns of one length each. */
export interface RunMetrics {
  readonly steps: {
    readonly step: readonly number[]
    readonly epoch: readonly number[]
    readonly loss: readonly number[]
    readonly smoothedLoss: readonly number[]
    readonly learningRate: readonly number[]
    readonly gradientNorm: readonly number[]
    readonly examplesPerSecond: readonly number[]
    readonly tokensPerSecond: readonly number[]
    readonly memoryBytes: readonly number[]
    readonly rewardMargin: readonly (number | null)[]
    readonly rewardAccuracy: readonly (number | null)[]
  }
  readonly validations: {
    readonly step: readonly number[]
    readonly loss: readonly number[]
    readonly rewardMargin: readonly (number | null)[]
    readonly rewardAccuracy: readonly (number | null)[]
  }
  readonly best: { readonly step: number; readonly loss: number } | null
  readonly checkpoints: readonly number[]
  readonly earlyStop: { readonly step: number; readonly bestStep: number } | null
  readonly resumes: readonly number[]
  readonly totalSteps: number
}

/** Share of the past in the moving average of the loss. */
const past = 0.9

/**
 * The numbers of a run by step. Steps that it went over twice, because it went on from an older checkpoint, count as they
 * were the last time.
 *
 * @param points most steps that are answered; of more, so many at even distances, the last one among them
 */
export async function readRunMetrics(folder: string, points: number): Promise<RunMetrics> {
  const steps = new Map<number, StepEvent>()
  const validations = new Map<number, ValidationEvent>()
  const checkpoints = new Set<number>()
  const resumes: number[] = []
  let earlyStop: RunMetrics['earlyStop'] = null
  for await (const event of runLogEvents(folder)) {
    if (event.type === 'step') steps.set(event.step, event)
    else if (event.type === 'validation') validations.set(event.step, event)
    else if (event.type === 'checkpoint') checkpoints.add(event.step)
    else if (event.type === 'early-stop') earlyStop = { step: event.step, bestStep: event.bestStep }
    else if (event.type === 'resumed') {
      resumes.push(event.step)
      for (const map of [steps, validations]) {
        for (const step of map.keys()) if (step > event.step) map.delete(step)
      }
    }
  }
  const all = withSmoothedLoss([...steps.values()].toSorted(byStep))
  const kept = thinned(all, points)
  const validated = [...validations.values()].toSorted(byStep)
  const best = validated.filter((each) => each.best).at(-1)
  const column = (name: NumberColumn): number[] => kept.map(({ event }) => event[name])
  return {
    steps: {
      step: column('step'),
      epoch: column('epoch'),
      loss: column('loss'),
      smoothedLoss: kept.map(({ smoothedLoss }) => smoothedLoss),
      learningRate: column('learningRate'),
      gradientNorm: column('gradientNorm'),
      examplesPerSecond: column('examplesPerSecond'),
      tokensPerSecond: column('tokensPerSecond'),
      memoryBytes: column('memoryBytes'),
      rewardMargin: kept.map(({ event }) => event.rewardMargin ?? null),
      rewardAccuracy: kept.map(({ event }) => event.rewardAccuracy ?? null),
    },
    validations: {
      step: validated.map(({ step }) => step),
      loss: validated.map(({ loss }) => loss),
      rewardMargin: validated.map(({ rewardMargin }) => rewardMargin ?? null),
      rewardAccuracy: validated.map(({ rewardAccuracy }) => rewardAccuracy ?? null),
    },
    best: best === undefined ? null : { step: best.step, loss: best.loss },
    checkpoints: [...checkpoints].toSorted((a, b) => a - b),
    earlyStop,
    resumes,
    totalSteps: all.length,
  }
}

type NumberColumn = {
  [Key in keyof StepEvent]-?: StepEvent[Key] extends number ? Key : never
}[keyof StepEvent]

const byStep = (one: { readonly step: number }, other: { readonly step: number }): number =>
  one.step - other.step

/** An exponential moving average, divided by the weights that it has seen so far: without a pull towards 0 at its beginning. */
function withSmoothedLoss(
  events: readonly StepEvent[],
): { readonly event: StepEvent; readonly smoothedLoss: number }[] {
  let sum = 0
  let weight = 0
  return events.map((event) => {
    sum = past * sum + (1 - past) * event.loss
    weight = past * weight + (1 - past)
    return { event, smoothedLoss: sum / weight }
  })
}

/** At most so many of them at even distances, the first and the last among them. */
function thinned<Item>(items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items]
  return Array.from(
    { length: most },
    (_, at) => items[Math.round((at * (items.length - 1)) / (most - 1))],
  ).filter((item) => item !== undefined)
}
