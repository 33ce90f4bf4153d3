import type { HoneConfig } from '../../config/hone-config.ts'
import { createSimilarSearch } from '../../data/few-shot/similar-examples.ts'
import { nearDuplicateGroups } from '../../data/near-duplicates/near-duplicate-groups.ts'
import { conversationText, type PlacedExample } from '../../data/records/placed-example.ts'
import { readRowLosses } from '../../engine/train/row-losses.ts'
import { findNamed } from '../../evaluate/comparison/row-table.ts'
import type { Evaluation } from '../../evaluate/evaluation.ts'
import { crossValidatedLabels, type CrossValidated } from '../../evaluate/forensics/cross-validated-labels.ts'
import { rowForensics, type FailedRow, type TrainingRow } from '../../evaluate/forensics/row-forensics.ts'
import { findModelFolder } from '../models/find-model.ts'
import { evaluatedExample } from '../run/run-candidates.ts'
import { readRunData, type RunData } from '../run/run-data.ts'
import { withDataFiles } from '../train/find-data-files.ts'
import type { MeasuredSplit } from './evaluate-answers.ts'
import { findEvaluation } from './stored-evaluation.ts'
import { writeForensics, type StoredForensics } from './stored-forensics.ts'

export interface SuspiciousRequest {
  readonly config: HoneConfig
  /** Whose wrong rows are looked at, and whose training. Default: the one that is compared with the others. */
  readonly candidate?: string | undefined
  readonly split?: MeasuredSplit | undefined
  /** Training rows that are shown for each failed row. Default 3. */
  readonly nearest?: number | undefined
}

export type SuspiciousRows = StoredForensics

const fewNearest = 3

/**
 * Training rows to look at first, and the training rows that are most like each failed row. Asks no model: labels are
 * cross-validated by a linear model over words, because the tuned model has seen the labels of its training rows and would vouch
 * for them. What is found of the candidate that is compared with the others is kept for the report.
 *
 * @throws HoneError what reading the data throws; `E_CONFIG` for a candidate that is not there
 */
export async function suspiciousRows(
  home: string,
  request: SuspiciousRequest,
  signal?: AbortSignal,
): Promise<SuspiciousRows> {
  const { split = 'test', nearest = fewNearest } = request
  const config = await withDataFiles(home, request.config)
  const data = await readRunData(config, signal)
  const { train } = data.split
  const evaluation = await findEvaluation(config, split)
  const candidate =
    evaluation === undefined
      ? undefined
      : findNamed('candidate', request.candidate ?? evaluation.challenger, evaluation.candidates)
  const folder =
    candidate?.model === undefined
      ? undefined
      : await findModelFolder(home, candidate.model).catch(() => undefined)
  const losses = folder === undefined ? undefined : await readRowLosses(folder)
  const labels = await labelsOf(data, config.split.seed, signal)
  const failed =
    evaluation === undefined || candidate === undefined
      ? []
      : failedRows(evaluation, candidate.id, data, { train, nearest, split })
  const found = rowForensics({
    rows: train.map((example) => trainingRow(example, data)),
    failed,
    ...(losses === undefined ? {} : { losses }),
    ...(labels === undefined ? {} : { labels }),
  })
  const suspicious: SuspiciousRows = {
    ...found,
    candidate: candidate?.id ?? null,
    model: candidate?.model ?? null,
    split,
    notes: [
      ...(evaluation === undefined
        ? [`nothing was measured on the ${split} split yet: hone eval run ${config.file}`]
        : []),
      ...(losses === undefined
        ? [
            'no losses of the training rows are known: the model was not trained here, or by an earlier version',
          ]
        : []),
      ...(labels === undefined && data.labelOf !== undefined
        ? ['too few records to cross-validate their labels']
        : []),
    ],
  }
  if (candidate !== undefined && candidate.id === evaluation?.challenger) {
    await writeForensics(config, suspicious)
  }
  return suspicious
}

function trainingRow(example: PlacedExample, { labelOf }: RunData): TrainingRow {
  const label = labelOf?.(example)
  return {
    ...evaluatedExample(example),
    ...(example.at?.file === undefined ? {} : { file: example.at.file }),
    ...(example.at?.line === undefined ? {} : { line: example.at.line }),
    ...(label === undefined ? {} : { label }),
  }
}

/** Near-duplicates and named groups stay in one fold; undefined where there are no labels, or too few rows. */
async function labelsOf(
  { split: { train }, labelOf }: RunData,
  seed: number,
  signal: AbortSignal | undefined,
): Promise<CrossValidated | undefined> {
  if (labelOf === undefined) return undefined
  const texts = train.map(conversationText)
  const groups = texts.map((): number | string => 0)
  nearDuplicateGroups(texts).forEach((members, group) => {
    for (const at of members) groups[at] = train[at]!.group ?? group
  })
  const rows = train.map((example, at) => ({
    text: texts[at]!,
    label: labelOf(example) ?? '',
    group: groups[at]!,
  }))
  const enough = new Set(groups).size > 1 && new Set(rows.map(({ label }) => label)).size > 1
  return enough ? crossValidatedLabels(rows, { seed, signal }) : undefined
}

interface Neighbourhood {
  readonly train: readonly PlacedExample[]
  readonly nearest: number
  readonly split: MeasuredSplit
}

function failedRows(
  { candidates, examples }: Evaluation,
  candidateId: string,
  { split: parts, labelOf }: RunData,
  { train, nearest, split }: Neighbourhood,
): FailedRow[] {
  const { rows } = findNamed('candidate', candidateId, candidates)
  const placed = new Map(parts[split].map((example) => [example.id, example]))
  const find = createSimilarSearch(train)
  return rows.flatMap((row, at): FailedRow[] => {
    const { id, input, expected } = examples[at]!
    const example = placed.get(id)
    if (row.correct || example === undefined) return []
    const label = labelOf?.(example)
    const like = find(example, nearest).toReversed()
    return [
      {
        id,
        input,
        expected,
        answer: row.answer,
        ...(label === undefined ? {} : { label }),
        nearest: like.map((each) => each.id),
      },
    ]
  })
}
