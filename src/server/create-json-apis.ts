import type { ServerParts } from '../service/serving/open-server-parts.ts'
import { createAnthropicApi } from './anthropic/anthropic-api.ts'
import type { JsonApi } from './json-api/json-api.ts'
import { createOpenAiApi } from './openai/openai-api.ts'

/** What the APIs of JSON work with. */
export type ApiContext = ServerParts & {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The date that lifecycles are judged by; `undefined` where every base is as it was when it could be tuned. */
  readonly lifecycleDate: () => Date | undefined
}

/** The APIs of JSON that are served. Of those that share a path, one that is told by a header comes before one that is not. */
export function createJsonApis(context: ApiContext): readonly JsonApi[] {
  return [createAnthropicApi(context), createOpenAiApi(context)]
}
