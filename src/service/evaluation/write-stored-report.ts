import { extname, join } from 'node:path'
import type { HoneConfig } from '../../config/hone-config.ts'
import { HoneError } from '../../core/errors.ts'
import type { TunedManifest } from '../../core/training-job.ts'
import type { SplitManifest } from '../../data/split/split-manifest.ts'
import type { Evaluation } from '../../evaluate/evaluation.ts'
import { isReportForm, reportForms, type ReportForm } from '../../evaluate/report/report-forms.ts'
import type { ReportContent } from '../../evaluate/report/report-html.ts'
import { readJsonFile } from '../../lib/read-json-file.ts'
import { replaceFileInPieces } from '../../lib/replace-file-in-pieces.ts'
import { findModelFolder } from '../models/find-model.ts'
import { readGateVerdict } from '../../store/gate-verdicts.ts'
import { dataFacts, gateFacts, reportFacts } from '../run/report-facts.ts'
import type { MeasuredSplit } from './evaluate-answers.ts'
import { reportEvidence } from './report-evidence.ts'
import { readEvaluation } from './stored-evaluation.ts'

export interface ReportRequest {
  readonly config: HoneConfig
  /**
   * Default: `report.html` in the output folder, with the name of the split for another than the test split. The ending decides
   * the form: html, json, csv or md.
   */
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
 * @throws HoneError `E_DATA` when nothing was measured, `E_USAGE` for a file of another ending, `E_DISK`
 */
export async function writeStoredReport(home: string, request: ReportRequest): Promise<WrittenReport> {
  const { config, split = 'test' } = request
  // Before anything is read.
  if (request.out !== undefined) formOf(request.out)
  const evaluation = await readEvaluation(config, split)
  const content = await trainingOf(home, config, evaluation)
  const name = split === 'test' ? 'report.html' : `report-${split}.html`
  const reportFile = request.out ?? join(config.output, name)
  const pieces = reportForms[formOf(reportFile)]({
    title: config.name,
    evaluation,
    ...content,
    ...(await reportEvidence(config, evaluation)),
  })
  await replaceFileInPieces(reportFile, pieces)
  return {
    schema: 1,
    reportFile,
    split: evaluation.split,
    rows: evaluation.rows,
    candidates: evaluation.candidates.map(({ id }) => id),
    training: content.training !== undefined,
  }
}

/** @throws HoneError `E_USAGE` */
function formOf(file: string): ReportForm {
  const ending = extname(file).slice(1).toLowerCase()
  if (isReportForm(ending)) return ending
  throw new HoneError('E_USAGE', `a report is not written as "${ending}"`, {
    at: { file },
    hint: 'name a file that ends with .html, .json, .csv or .md',
  })
}

/** What is known of the data, and of the challenger's model where it was trained here and is still there. */
async function trainingOf(
  home: string,
  config: HoneConfig,
  evaluation: Evaluation,
): Promise<Pick<ReportContent, 'training' | 'facts'>> {
  const { model } = evaluation.candidates.find(({ id }) => id === evaluation.challenger) ?? {}
  const folder = model === undefined ? undefined : await findModelFolder(home, model).catch(() => undefined)
  const split = (await readJsonFile(join(config.output, 'split.json'), 'E_DATA')) as SplitManifest | undefined
  if (split === undefined) return {}
  const data = { facts: [dataFacts(split, evaluation.looks ?? 0)] }
  if (folder === undefined) return data
  const manifest = (await readJsonFile(join(folder, 'manifest.json'), 'E_MODEL_FILE')) as
    | (Omit<TunedManifest, 'kind'> & { readonly kind: string; readonly imported?: unknown })
    | undefined
  if (manifest?.kind !== 'tuned' || (manifest.imported ?? null) !== null) return data
  const { training, facts } = await reportFacts(
    manifest as TunedManifest,
    folder,
    split,
    evaluation.looks ?? 0,
  )
  const verdict = await readGateVerdict(folder)
  return { training, facts: [...(verdict === undefined ? [] : [gateFacts(verdict)]), ...facts] }
}
