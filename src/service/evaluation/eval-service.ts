import type { WaitOptions } from '../../core/chat-model.ts'
import type { RunServiceOptions } from '../run/run-event.ts'
import { applyGate, type GateOutcome, type GateRequest } from './apply-gate.ts'
import { compareStored, type CandidateComparison, type CompareRequest } from './compare-stored.ts'
import { importAnswers, type ImportAnswersRequest, type ImportedAnswers } from './import-answers.ts'
import { listRows, type RowList, type RowsRequest } from './list-rows.ts'
import { runEvaluation, type EvalOutcome, type EvalRequest, type EvalSettings } from './run-evaluation.ts'
import { suspiciousRows, type SuspiciousRequest, type SuspiciousRows } from './suspicious-rows.ts'
import { writeStoredReport, type ReportRequest, type WrittenReport } from './write-stored-report.ts'

/** Evidence: what candidates answer, how good it is, and whether one may be promoted. */
export interface EvalService {
  /** Asks all candidates the rows of a split; what was answered before is not asked again. */
  run(request: EvalRequest, options?: RunServiceOptions): Promise<EvalOutcome>
  compare(request: CompareRequest, options?: WaitOptions): Promise<CandidateComparison>
  rows(request: RowsRequest): Promise<RowList>
  /** Training rows that look wrong or hard, and those most like each failed row. */
  suspicious(request: SuspiciousRequest, options?: WaitOptions): Promise<SuspiciousRows>
  report(request: ReportRequest): Promise<WrittenReport>
  import(request: ImportAnswersRequest, options?: RunServiceOptions): Promise<ImportedAnswers>
  /** Holds promotion rules against what was measured, and keeps the verdict with the model. */
  gate(request: GateRequest, options?: RunServiceOptions): Promise<GateOutcome>
}

export function createEvalService(settings: EvalSettings): EvalService {
  const { home } = settings
  return {
    run: (request, options = {}) => runEvaluation(settings, request, options),
    compare: (request, { signal } = {}) => compareStored(request, signal),
    rows: listRows,
    suspicious: (request, { signal } = {}) => suspiciousRows(home, request, signal),
    report: (request) => writeStoredReport(home, request),
    import: (request, options = {}) => importAnswers(home, request, options),
    gate: (request, options = {}) => applyGate(settings, request, options),
  }
}
