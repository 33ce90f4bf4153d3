import type { DataOptions } from './data-event.ts'
import type { DataRedaction, DataRedactRequest } from './data-redact.ts'

/** What can be done with files of examples, without a model being trained. */
export interface DataServices {
  redact(request: DataRedactRequest, options?: DataOptions): Promise<DataRedaction>
}
