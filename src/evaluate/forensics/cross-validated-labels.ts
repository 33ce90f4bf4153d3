import { setImmediate as nextTurn } from 'node:timers/promises'
import { createRandom, type Random } from '../../lib/random.ts'
import { LinearClassifier, textFeatures, type Features } from './linear-classifier.ts'

export interface LabelledText {
  readonly text: string
  readonly label: string
  /** Rows of a group are judged by others only: a near-duplicate with the same mistake would vouch for it. */
  readonly group: number | string
}

export interface CrossValidated {
  readonly classes: readonly string[]
  /** Class of each row. */
  readonly labels: readonly number[]
  /** `[row][class]`, of a model that was not trained on the row or its group. */
  readonly probabilities: readonly Float64Array[]
  /** Share of rows whose likeliest class is their label: how far the model is worth listening to. */
  readonly accuracy: number
  readonly folds: number
}

export interface CrossValidationOptions {
  /** Default 0. */
  readonly seed?: number | string
  /** Default 5. */
  readonly folds?: number
  readonly signal?: AbortSignal | undefined
}

const defaultFolds = 5

/**
 * The probability of each label for each text, by a linear model over words that has seen only the other folds. Some seconds for ten
 * thousand rows.
 *
 * @throws `signal.reason`; RangeError with fewer than two groups or two labels
 */
export async function crossValidatedLabels(
  rows: readonly LabelledText[],
  { seed = 0, folds = defaultFolds, signal }: CrossValidationOptions = {},
): Promise<CrossValidated> {
  const classes = [...new Set(rows.map(({ label }) => label))].toSorted()
  const groups = [...new Set(rows.map(({ group }) => group))]
  if (classes.length < 2 || groups.length < 2) {
    throw new RangeError(`${classes.length} labels in ${groups.length} groups cannot be cross-validated`)
  }
  const classOf = new Map(classes.map((label, at) => [label, at]))
  const labels = rows.map(({ label }) => classOf.get(label)!)
  const random = createRandom(seed).fork('cross-validated labels')
  const count = Math.min(folds, groups.length)
  const foldOf = foldsOf(rows, count, random)
  const features = textFeatures(rows.map(({ text }) => text))
  const probabilities: Float64Array[] = Array.from({ length: rows.length })
  for (let fold = 0; fold < count; fold++) {
    // A fold may take seconds.
    await nextTurn()
    signal?.throwIfAborted()
    const [inside, outside]: [number[], number[]] = [[], []]
    foldOf.forEach((own, row) => (own === fold ? outside : inside).push(row))
    const model = new LinearClassifier(classes.length)
    const of = (list: readonly number[]): Features[] => list.map((row) => features[row]!)
    model.train(
      of(inside),
      inside.map((row) => labels[row]!),
      random.fork(`fold ${fold}`),
    )
    for (const row of outside) probabilities[row] = model.probabilities(features[row]!)
  }
  const right = labels.filter((label, row) =>
    probabilities[row]!.every((each) => each <= probabilities[row]![label]!),
  )
  return { classes, labels, probabilities, accuracy: right.length / rows.length, folds: count }
}

/** A fold for each row, groups whole. The labels have no say in it: a row's own must not reach its probabilities in any way. */
function foldsOf(rows: readonly LabelledText[], folds: number, random: Random): number[] {
  const groups = random.shuffle([...new Set(rows.map(({ group }) => group))])
  const foldOf = new Map(groups.map((group, at) => [group, at % folds]))
  return rows.map(({ group }) => foldOf.get(group)!)
}
