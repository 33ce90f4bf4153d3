import type { ServerParts } from '../service/serving/open-server-parts.ts'
import { ExamplePages } from '../service/example-pages/example-pages.ts'
import { TrainingRuns } from '../service/training-runs/training-runs.ts'
import { Uploads } from '../service/uploads/uploads.ts'
import { createAnthropicApi } from './anthropic/anthropic-api.ts'
import type { JsonApi } from './json-api/json-api.ts'
import { createNativeApi } from './native/native-api.ts'
import type { NativeContext } from './native/native-context.ts'
import { createOpenAiApi } from './openai/openai-api.ts'

/** What the APIs of JSON work with. */
export type ApiContext = ServerParts & {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The date that lifecycles are judged by; `undefined` where every base is as it was when it could be tuned. */
  readonly lifecycleDate: () => Date | undefined
}

/** What Hone's own API works with beside it. */
type NativeParts = Pick<NativeContext, 'home' | 'account' | 'services' | 'isLocal' | 'settings'>

/** The APIs of JSON that are served. Of those that share a path, one that is told by a header comes before one that is not. */
export function createJsonApis(context: ApiContext, native: NativeParts): readonly JsonApi[] {
  const { now, tuning, checkpoints } = context
  const runs = new TrainingRuns(native.home, tuning, checkpoints)
  const pages = new ExamplePages(native.home, now)
  const uploads = new Uploads(native.home, now)
  return [
    createAnthropicApi(context),
    createOpenAiApi(context),
    createNativeApi({ ...native, now, runs, pages, uploads, parts: context }),
  ]
}
