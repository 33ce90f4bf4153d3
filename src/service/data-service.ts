import type { DataWait } from './data-progress.ts'
import type { DatasetDetails, DatasetList } from './dataset-service.ts'
import type { DedupeOutcome, DedupeRequest } from './dedupe-data.ts'
import type { DiffOutcome, DiffRequest } from './diff-data.ts'
import type { SplitOutcome, SplitRequest } from './split-data.ts'

/** What can be done with files of examples and dataset versions; a file may be named by a version everywhere. */
export interface DataService {
  dedupe(request: DedupeRequest, wait?: DataWait): Promise<DedupeOutcome>
  split(request: SplitRequest, wait?: DataWait): Promise<SplitOutcome>
  save(
    request: { readonly file: string; readonly name: string },
    wait?: DataWait,
  ): Promise<DatasetDetails & { readonly reused: boolean }>
  list(): Promise<DatasetList>
  show(reference: string): Promise<DatasetDetails>
  diff(request: DiffRequest, wait?: DataWait): Promise<DiffOutcome>
}
