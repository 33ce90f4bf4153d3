import type { WaitOptions } from '../../core/chat-model.ts'
import type { RunServiceOptions } from '../run/run-event.ts'
import { applyGate, type GateOutcome, type GateRequest } from './apply-gate.ts'
import { compareStored, type CandidateComparison, type CompareRequest } from './compare-stored.ts'
import { importAnswers, type ImportAnswersRequest, type ImportedAnswers } from './import-answers.ts'
import { listRows, type RowList, type RowsRequest } from './list-rows.ts'
import { runEvaluation, type EvalOutcome, type EvalRequest, type EvalSettings } from './run-evaluation.ts'
import { writeStoredReport, type ReportRequest, type WrittenReport } from './write-stored-report.ts'

/** Evidence: what candidates answer, how good it is, and whether one may be promoted. */
export interface EvalService {
  /** Asks all candidates the rows of a split; what was answered before is not asked again. */
  run(request: EvalRequest, options?: RunServiceOptions): Promise<EvalOutcome>
  compare(request: CompareRequest, options?: WaitOptions): Promise<CandidateComparison>
  rows(request: RowsRequest): Promise<RowList>
  report(request: ReportRequest): Promise<WrittenReport>
  import(request: ImportAnswersRequest, options?: RunServiceOptions): Promise<ImportedAnswers>
  /** Holds promotion rules against what was measured, and keeps the verdict with the model. */
  gate(request: GateRequest, options?: WaitOptions): Promise<GateOutcome>
}

export function createEvalService(settings: EvalSettings): EvalService {
  const { home } = settings
  return {
    run: (request, options = {}) => runEvaluation(settings, request, options),
    compare: (request, { signal } = {}) => compareStored(request, signal),
    rows: listRows,
    report: (request) => writeStoredReport(home, request),
    import: (request, options = {}) => importAnswers(home, request, options),
    gate: (request, { signal } = {}) => applyGate(home, request, signal),
  }
}
