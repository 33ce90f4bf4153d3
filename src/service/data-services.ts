import type { CheckedData, DataCheckRequest } from './data-check.ts'
import type { DataOptions } from './data-event.ts'

/** What can be done with files of examples, without a model being trained. */
export interface DataServices {
  check(request: DataCheckRequest, options?: DataOptions): Promise<CheckedData>
}
