import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TunedManifest } from '../../core/training-job.ts'
import type { SplitManifest } from '../../data/split/split-manifest.ts'
import type { FactGroup, ReportContent } from '../../evaluate/report/report-html.ts'
import type { StoredGateVerdict } from '../../store/gate-verdicts.ts'
import { ordinal } from '../../lib/ordinal.ts'

/** What the report says about the training beside the scores: the loss curve, and what would be needed to repeat it. */
export async function reportFacts(
  manifest: TunedManifest,
  modelFolder: string,
  split: SplitManifest,
  looks: number,
): Promise<Required<Pick<ReportContent, 'training' | 'facts'>>> {
  const steps = await readCurve(join(modelFolder, 'step_wise_training_metrics.csv'))
  const validations = await readCurve(join(modelFolder, 'validation_metrics.csv'))
  const points = [
    ...steps.map(({ step, loss }) => ({ step, trainingLoss: loss })),
    ...validations.map(({ step, loss }) => ({ step, validationLoss: loss })),
  ]
  const settings = Object.entries(manifest.settings).map(([name, value]) => ({
    name,
    value: typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value),
  }))
  return {
    training: { points, bestStep: manifest.bestStep },
    facts: [
      {
        title: 'Model',
        facts: [
          { name: 'id', value: manifest.id },
          { name: 'base', value: manifest.base.id },
          { name: 'base weights', value: manifest.base.weights },
          { name: 'chat template', value: manifest.template.sha256 },
          { name: 'steps', value: `${manifest.stepsDone} of ${manifest.steps}, best ${manifest.bestStep}` },
          { name: 'training time', value: `${Math.round(manifest.trainingSeconds)} s` },
        ],
      },
      dataFacts(split, looks),
      { title: 'Settings', facts: settings },
      {
        title: 'Machine',
        facts: Object.entries(manifest.environment).map(([name, value]) => ({ name, value })),
      },
    ],
  }
}

/** The data by their hashes, and how often the test split was looked at. */
export function dataFacts(split: SplitManifest, looks: number): FactGroup {
  const { train, validation, test } = split.splits
  return {
    title: 'Data',
    facts: [
      { name: 'dataset', value: split.dataset },
      { name: 'split seed', value: split.seed },
      { name: 'train', value: `${train.examples}, ${train.hash}` },
      { name: 'validation', value: `${validation.examples}, ${validation.hash}` },
      { name: 'test (sealed)', value: `${test.examples}, ${test.hash}` },
      { name: 'looks at the test split', value: `${ordinal(looks)} look` },
    ],
  }
}

/** What the gate said of the model. */
export function gateFacts({ at, verdict }: StoredGateVerdict): FactGroup {
  return {
    title: 'Gate',
    facts: [
      { name: 'verdict', value: `${verdict.verdict}, ${at}` },
      ...verdict.rules.map(({ rule, outcome }) => ({ name: rule, value: outcome })),
    ],
  }
}

async function readCurve(file: string): Promise<{ step: number; loss: number }[]> {
  // A model of an epoch has no curve of its own.
  const [, ...lines] = (await readFile(file, 'utf8').catch(() => '')).trim().split('\n')
  return lines.map((line) => {
    const [step, , loss] = line.split(',').map(Number)
    return { step: step ?? 0, loss: loss ?? Number.NaN }
  })
}
