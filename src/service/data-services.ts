import type { DataOptions } from './data-event.ts'
import type { DataExportRequest, ExportedData } from './data-export.ts'
import type { DataImportRequest, ImportedData } from './data-import.ts'
import type { DataRedaction, DataRedactRequest } from './data-redact.ts'
import type { DataMask, DataMaskRequest } from './data-mask.ts'
import type { DataStats, DataStatsRequest } from './data-stats.ts'
import type { DataTokens, DataTokensRequest } from './data-tokens.ts'
import type { CheckedData, DataCheckRequest } from './data-check.ts'

/** What can be done with files of examples, without a model being trained. */
export interface DataServices {
  import(request: DataImportRequest, options?: DataOptions): Promise<ImportedData>
  export(request: DataExportRequest, options?: DataOptions): Promise<ExportedData>
  redact(request: DataRedactRequest, options?: DataOptions): Promise<DataRedaction>
  mask(request: DataMaskRequest, options?: DataOptions): Promise<DataMask>
  tokens(request: DataTokensRequest, options?: DataOptions): Promise<DataTokens>
  stats(request: DataStatsRequest, options?: DataOptions): Promise<DataStats>
  check(request: DataCheckRequest, options?: DataOptions): Promise<CheckedData>
}
