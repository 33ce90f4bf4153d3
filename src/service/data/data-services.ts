import type { DataOptions } from './data-event.ts'
import type { CheckedData, DataCheckRequest } from './data-check.ts'
import type { DataExportRequest, ExportedData } from './data-export.ts'
import type { DatasetImportRequest, ImportedDataset } from './import-dataset.ts'
import type { DataRedaction, DataRedactRequest } from './data-redact.ts'
import type { DataMask, DataMaskRequest } from './data-mask.ts'
import type { DatasetDetails, DatasetList } from './dataset-service.ts'
import type { DedupeOutcome, DedupeRequest } from './dedupe-data.ts'
import type { DiffOutcome, DiffRequest } from './diff-data.ts'
import type { Looked } from './open-named-file.ts'
import type { Reusable } from './reuse-result.ts'
import type { SplitOutcome, SplitRequest } from './split-data.ts'
import type { DataStats, DataStatsRequest } from './data-stats.ts'
import type { DataTokens, DataTokensRequest } from './data-tokens.ts'

/**
 * What can be done with files of examples and dataset versions, without a model being trained. A file may be named by a
 * dataset version everywhere.
 */
export interface DataServices {
  import(request: DatasetImportRequest, options?: DataOptions): Promise<Reusable<ImportedDataset>>
  check(request: DataCheckRequest, options?: DataOptions): Promise<Looked<Reusable<CheckedData>>>
  export(request: DataExportRequest, options?: DataOptions): Promise<Looked<Reusable<ExportedData>>>
  redact(request: DataRedactRequest, options?: DataOptions): Promise<Looked<Reusable<DataRedaction>>>
  mask(request: DataMaskRequest, options?: DataOptions): Promise<Looked<DataMask>>
  tokens(request: DataTokensRequest, options?: DataOptions): Promise<Looked<DataTokens>>
  stats(request: DataStatsRequest, options?: DataOptions): Promise<Looked<Reusable<DataStats>>>
  dedupe(request: DedupeRequest, options?: DataOptions): Promise<DedupeOutcome>
  split(request: SplitRequest, options?: DataOptions): Promise<SplitOutcome>
  save(
    request: { readonly file: string; readonly name: string },
    options?: DataOptions,
  ): Promise<DatasetDetails & { readonly reused: boolean }>
  list(): Promise<DatasetList>
  show(reference: string): Promise<DatasetDetails>
  diff(request: DiffRequest, options?: DataOptions): Promise<Reusable<DiffOutcome>>
}
