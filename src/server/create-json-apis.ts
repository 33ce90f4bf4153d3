import type { ServerParts } from '../service/serving/open-server-parts.ts'
import { ExamplePages } from '../service/example-pages/example-pages.ts'
import { TrainingRuns } from '../service/training-runs/training-runs.ts'
import { Uploads } from '../service/uploads/uploads.ts'
import type { JsonApi } from './json-api/json-api.ts'
import { createNativeApi } from './native/native-api.ts'
import type { NativeContext } from './native/native-context.ts'

/** What the APIs of JSON work with. */
export type ApiContext = ServerParts & {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** What Hone's own API works with beside it. */
  readonly native: Pick<NativeContext, 'home' | 'account' | 'services' | 'isLocal' | 'settings'>
}

/** The APIs of JSON that are served. Of those that share a path, one that is told by a header comes before one that is not. */
export function createJsonApis({ native, ...context }: ApiContext): readonly JsonApi[] {
  const { now, tuning } = context
  const runs = new TrainingRuns(native.home, tuning, context.checkpoints)
  const pages = new ExamplePages(native.home, now)
  const uploads = new Uploads(native.home, now)
  return [createNativeApi({ ...native, now, runs, pages, uploads, parts: context })]
}
