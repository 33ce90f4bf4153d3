import { join } from 'node:path'
import type { HoneConfig } from '../../config/hone-config.ts'
import type { TunedManifest } from '../../core/training-job.ts'
import type { SplitManifest } from '../../data/split/split-manifest.ts'
import type { Evaluation } from '../../evaluate/evaluation.ts'
import { reportHtml, type ReportContent } from '../../evaluate/report/report-html.ts'
import { readJsonFile } from '../../lib/read-json-file.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'
import { findModelFolder } from '../models/find-model.ts'
import { reportFacts } from '../run/report-facts.ts'
import type { MeasuredSplit } from './evaluate-answers.ts'
import { readEvaluation } from './stored-evaluation.ts'

export interface ReportRequest {
  readonly config: HoneConfig
  /** Default: `report.html` in the output folder, with the name of the split for another than the test split. */
  readonly out?: string | undefined
  readonly split?: MeasuredSplit | undefined
}

export interface WrittenReport {
  readonly schema: 1
  readonly reportFile: string
  readonly split: string
  readonly rows: number
  readonly candidates: readonly string[]
  /** Whether the report shows how the tuned model was trained. */
  readonly training: boolean
}

/**
 * Writes the report of what was measured before; asks no model.
 *
 * @throws HoneError `E_DATA` when nothing was measured, `E_DISK`
 */
export async function writeStoredReport(home: string, request: ReportRequest): Promise<WrittenReport> {
  const { config, split = 'test' } = request
  const evaluation = await readEvaluation(config, split)
  const content = await trainingOf(home, config, evaluation)
  const name = split === 'test' ? 'report.html' : `report-${split}.html`
  const reportFile = request.out ?? join(config.output, name)
  await replaceFileWith(reportFile, reportHtml({ title: config.name, evaluation, ...content }))
  return {
    schema: 1,
    reportFile,
    split: evaluation.split,
    rows: evaluation.rows,
    candidates: evaluation.candidates.map(({ id }) => id),
    training: content.training !== undefined,
  }
}

/** What is known of the training of the challenger's model; nothing where it was not trained here, or is gone. */
async function trainingOf(
  home: string,
  config: HoneConfig,
  evaluation: Evaluation,
): Promise<Pick<ReportContent, 'training' | 'facts'>> {
  const { model } = evaluation.candidates.find(({ id }) => id === evaluation.challenger) ?? {}
  const folder = model === undefined ? undefined : await findModelFolder(home, model).catch(() => undefined)
  const split = (await readJsonFile(join(config.output, 'split.json'), 'E_DATA')) as SplitManifest | undefined
  if (folder === undefined || split === undefined) return {}
  const manifest = (await readJsonFile(join(folder, 'manifest.json'), 'E_MODEL_FILE')) as
    | (Omit<TunedManifest, 'kind'> & { readonly kind: string; readonly imported?: unknown })
    | undefined
  if (manifest?.kind !== 'tuned' || (manifest.imported ?? null) !== null) return {}
  return reportFacts(manifest as TunedManifest, folder, split, evaluation.looks ?? 0)
}
