export { createServices } from './compose.ts'
export { parseGateRule } from './config/parse-gate-rule.ts'
export { readConfig, type ReadConfigOptions } from './config/read-config.ts'
export type { HoneConfig } from './config/hone-config.ts'
export type { Arithmetic, RoundingEffect } from './core/arithmetic.ts'
export type {
  ChatModel,
  ChatOptions,
  ChatPart,
  ChatRequest,
  FinishReason,
  LabelScore,
  SamplingOptions,
  TokenUsage,
  WaitOptions,
} from './core/chat-model.ts'
export { errorCodes, exitStatus, type ErrorCode, type FailureKind } from './core/error-codes.ts'
export { HoneError, type ErrorPlace, type HoneErrorOptions, type SerializedHoneError } from './core/errors.ts'
export type { GateRule } from './core/gate-rule.ts'
export type { Example, Media, Message, Part, Role, Tool, ToolCall } from './core/example.ts'
export type { StepMetrics, TrainingEvent, ValidationMetrics } from './core/training-event.ts'
export type { TrainingJob, TunedManifest } from './core/training-job.ts'
export type {
  EarlyStopping,
  TrainingOverrides,
  TrainingPlan,
  TrainingSettings,
} from './core/training-settings.ts'
export type { TunedModel, TuneOptions, Tuner } from './core/tuner.ts'
export type { ExportedModel, ExportForm } from './engine/export/export-model.ts'
export type { RoundingCost } from './engine/export/measure-rounding.ts'
export type { StorageType } from './engine/export/storage-types.ts'
export {
  chooseTau,
  decideLabel,
  labelShares,
  type LabelDecision,
  type LabelShares,
  type ScoredRow,
} from './evaluate/decide-label.ts'
export {
  compareTable,
  listFlips,
  type DifferenceVerdict,
  type Flip,
  type JudgedDifference,
  type TableComparison,
} from './evaluate/comparison/compare-table.ts'
export { evaluationTable } from './evaluate/comparison/evaluation-table.ts'
export type { FigureScore, StatisticsSettings } from './evaluate/comparison/figure-evidence.ts'
export type { FigureTexts, RowCandidate, RowColumn, RowTable } from './evaluate/comparison/row-table.ts'
export { createEvaluation, evaluationJson, type EvaluationInput } from './evaluate/create-evaluation.ts'
export type {
  CandidateAnswer,
  CandidateResult,
  Comparison,
  EvaluatedExample,
  EvaluatedMetric,
  Evaluation,
  EvaluationSettings,
  MetricDifference,
  Score,
} from './evaluate/evaluation.ts'
export type { EvaluationTask } from './evaluate/evaluation-task.ts'
export type { FieldRule, Matcher } from './evaluate/match/matcher.ts'
export { codesValid } from './evaluate/metrics/codes.ts'
export type {
  MeanMetric,
  Metric,
  ProportionMetric,
  ReadRow,
  SampleMetric,
} from './evaluate/metrics/metric.ts'
export { metricsOf } from './evaluate/metrics/task-metrics.ts'
export { userMetric, type UserRow, type UserScore } from './evaluate/metrics/user-metric.ts'
export type { TokenPrice } from './evaluate/operations.ts'
export { evaluateGate, type GateInput, type GateSet } from './evaluate/gate/evaluate-gate.ts'
export {
  rowForensics,
  type RowForensics,
  type RowForensicsInput,
} from './evaluate/forensics/row-forensics.ts'
export { gateJunit } from './evaluate/gate/gate-junit.ts'
export { gateMarkdown } from './evaluate/gate/gate-markdown.ts'
export type { GateVerdict, RuleVerdict } from './evaluate/gate/gate-verdict.ts'
export { repeatSummary, type RepeatSummary } from './evaluate/repeated-answers.ts'
export { reportHtml, type ReportContent } from './evaluate/report/report-html.ts'
export { reportLines } from './evaluate/report/report-lines.ts'
export type { CandidateAnswers } from './evaluate/read-candidate.ts'
export type { ChatService, OpenedChat } from './service/chat/chat-service.ts'
export type { DoctorCheck, DoctorReport } from './service/doctor/doctor.ts'
export type { PlannedTraining, TrainRequest } from './service/train/draft-training.ts'
export type { GateOutcome, GateRequest } from './service/evaluation/apply-gate.ts'
export type { CandidateComparison, CompareRequest } from './service/evaluation/compare-stored.ts'
export type { EvalService } from './service/evaluation/eval-service.ts'
export type { ImportAnswersRequest, ImportedAnswers } from './service/evaluation/import-answers.ts'
export type { RowList, RowsRequest } from './service/evaluation/list-rows.ts'
export type { EvalOutcome, EvalRequest } from './service/evaluation/run-evaluation.ts'
export type { SuspiciousRequest, SuspiciousRows } from './service/evaluation/suspicious-rows.ts'
export type { ReportRequest, WrittenReport } from './service/evaluation/write-stored-report.ts'
export type {
  AvailableModel,
  ExportModelRequest,
  ImportRequest,
  ModelDetails,
  ModelList,
  ModelsService,
  ModelsServiceEvent,
  ModelsServiceOptions,
  PullRequest,
  RemovedModel,
  SourceKind,
} from './service/models/models-service.ts'
export type { RunEvent, RunPhase, RunServiceOptions } from './service/run/run-event.ts'
export type { RunOutcome, RunService } from './service/run/run-service.ts'
export type { Services, ServicesOptions } from './service/services.ts'
export type { TrainService, TrainServiceEvent, TrainServiceOptions } from './service/train/train-service.ts'
export { createChatTemplate, type ChatTemplate } from './text/chat-template.ts'
export {
  createChatText,
  type ChatText,
  type EncodedExample,
  type EncodeExampleOptions,
} from './text/chat-text.ts'
export { loadModelText, type ModelText } from './text/load-chat-text.ts'
export {
  createTokenizer,
  loadTokenizer,
  type DecodeOptions,
  type EncodeOptions,
  type Tokenizer,
} from './text/tokenizer.ts'
