import type { DataOptions } from './data-event.ts'
import type { DataStats, DataStatsRequest } from './data-stats.ts'
import type { DataTokens, DataTokensRequest } from './data-tokens.ts'

/** What can be done with files of examples, without a model being trained. */
export interface DataServices {
  tokens(request: DataTokensRequest, options?: DataOptions): Promise<DataTokens>
  stats(request: DataStatsRequest, options?: DataOptions): Promise<DataStats>
}
