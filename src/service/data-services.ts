import type { DataOptions } from './data-event.ts'
import type { DataExportRequest, ExportedData } from './data-export.ts'
import type { DataImportRequest, ImportedData } from './data-import.ts'
import type { DataRedaction, DataRedactRequest } from './data-redact.ts'

/** What can be done with files of examples, without a model being trained. */
export interface DataServices {
  import(request: DataImportRequest, options?: DataOptions): Promise<ImportedData>
  export(request: DataExportRequest, options?: DataOptions): Promise<ExportedData>
  redact(request: DataRedactRequest, options?: DataOptions): Promise<DataRedaction>
}
