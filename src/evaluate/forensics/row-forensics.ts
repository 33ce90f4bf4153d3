import type { CrossValidated } from './cross-validated-labels.ts'
import { labelIssues, labelMargin } from './label-issues.ts'

/** A training row as it is looked at. */
export interface TrainingRow {
  readonly id: string
  readonly file?: string
  readonly line?: number
  readonly input: string
  readonly expected: string
  readonly label?: string
}

/** A measured row that the model got wrong, with the training rows that are most like it, the most similar first. */
export interface FailedRow {
  readonly id: string
  readonly input: string
  readonly expected: string
  readonly answer: string
  readonly label?: string
  readonly nearest: readonly string[]
}

export interface RowForensicsInput {
  readonly rows: readonly TrainingRow[]
  /** Loss of each row in each epoch, nats per trained token, by id; absent where the model was not trained here. */
  readonly losses?: ReadonlyMap<string, readonly number[]>
  /** Label probabilities of the rows, in their order; of tasks with labels only. */
  readonly labels?: CrossValidated
  readonly failed?: readonly FailedRow[]
}

type RowSignal = 'label' | 'loss' | 'failures'

interface SuspiciousRow extends TrainingRow {
  /** What speaks against it. */
  readonly signals: readonly RowSignal[]
  /** Labels only: what cross-validation makes of its label. */
  readonly labels: {
    readonly given: number
    readonly likeliest: { readonly label: string; readonly probability: number }
    /** From 0 for a label that is surely wrong to 1 for one that is surely right. */
    readonly margin: number
  } | null
  readonly losses: readonly number[]
  /** Ids of the failed rows whose nearest training rows it is among, with another label than theirs where there are labels. */
  readonly failures: readonly string[]
}

export interface RowForensics {
  readonly schema: 1
  readonly trained: number
  /** What was looked at, and why. */
  readonly method: {
    readonly labels: { readonly accuracy: number; readonly folds: number } | null
    readonly losses: { readonly epochs: number; readonly hard: number } | null
    readonly failed: number
  }
  /** Rows with a signal, those to fix first first. */
  readonly suspicious: readonly SuspiciousRow[]
  readonly failed: readonly FailedRow[]
  /** The training rows that failed rows name as most like them. */
  readonly neighbours: readonly TrainingRow[]
}

/** The hardest rows of this share are a signal. */
const hardShare = 0.05

/**
 * Training rows to look at first. Three things speak against a row: its label is confidently another one's by a model that has not
 * seen it; its loss in the last epoch is among the hardest twentieth; and it is among the training rows most like a row that the model
 * got wrong. Rows with more signals come first, then those with the least margin, then those with the highest loss.
 */
export function rowForensics({ rows, losses, labels, failed = [] }: RowForensicsInput): RowForensics {
  const issues = new Map(
    labels === undefined
      ? []
      : labelIssues(labels.labels, labels.probabilities, labels.classes.length).map((each) => [
          each.row,
          each,
        ]),
  )
  const lossesOf = (id: string): readonly number[] => losses?.get(id) ?? []
  const last = rows.map(({ id }) => lossesOf(id).at(-1) ?? Number.NaN)
  const hard = hardFrom(last)
  const labelById = new Map(rows.map(({ id, label }) => [id, label]))
  const near = new Map<string, string[]>()
  for (const { id, label, nearest } of failed) {
    for (const row of nearest) {
      const theirs = labelById.get(row)
      if (theirs !== undefined && theirs === label) continue
      near.set(row, [...(near.get(row) ?? []), id])
    }
  }
  const named = new Set(failed.flatMap(({ nearest }) => nearest))
  const found = rows.flatMap((row, at): SuspiciousRow[] => {
    const failures = near.get(row.id) ?? []
    const issue = issues.get(at)
    const signals: RowSignal[] = [
      ...(issue === undefined ? [] : (['label'] as const)),
      ...(last[at]! >= hard ? (['loss'] as const) : []),
      ...(failures.length > 0 ? (['failures'] as const) : []),
    ]
    if (signals.length === 0) return []
    return [
      {
        ...row,
        signals,
        labels: labelView(labels, at, issue?.suggested),
        losses: lossesOf(row.id),
        failures,
      },
    ]
  })
  // A neighbour of a failed row is a hint only where something else speaks against it too, or its label is another one.
  const told = found.filter(
    ({ signals, label }) => signals.length > 1 || signals[0] !== 'failures' || label !== undefined,
  )
  return {
    schema: 1,
    trained: rows.length,
    method: {
      labels: labels === undefined ? null : { accuracy: labels.accuracy, folds: labels.folds },
      losses:
        losses === undefined
          ? null
          : {
              epochs: rows.reduce((most, { id }) => Math.max(most, lossesOf(id).length), 0),
              hard: Number.isFinite(hard) ? hard : 0,
            },
      failed: failed.length,
    },
    suspicious: told.toSorted(
      (a, b) =>
        b.signals.length - a.signals.length ||
        weightOf(b) - weightOf(a) ||
        (a.labels?.margin ?? 1) - (b.labels?.margin ?? 1) ||
        (b.losses.at(-1) ?? 0) - (a.losses.at(-1) ?? 0) ||
        b.failures.length - a.failures.length,
    ),
    failed,
    neighbours: rows.filter(({ id }) => named.has(id)),
  }
}

/** A label that others speak against says more than a hard row, and that more than a neighbour. */
const weightOf = ({ signals }: SuspiciousRow): number =>
  (signals.includes('label') ? 2 : 0) + (signals.includes('loss') ? 1 : 0)

function hardFrom(losses: readonly number[]): number {
  const known = losses.filter((loss) => !Number.isNaN(loss)).toSorted((a, b) => b - a)
  if (known.length === 0) return Number.POSITIVE_INFINITY
  return known[Math.max(0, Math.ceil(known.length * hardShare) - 1)]!
}

function labelView(
  labels: CrossValidated | undefined,
  row: number,
  suggested: number | undefined,
): SuspiciousRow['labels'] {
  if (labels === undefined) return null
  const own = labels.probabilities[row]!
  const given = labels.labels[row]!
  const likeliest = suggested ?? own.indexOf(Math.max(...own))
  return {
    given: own[given]!,
    likeliest: { label: labels.classes[likeliest]!, probability: own[likeliest]! },
    margin: labelMargin(own, given),
  }
}
