import type { ShownSettings } from './settings.ts'
import type { ServerParts } from '../../service/serving/open-server-parts.ts'
import type { ExamplePages } from '../../service/example-pages/example-pages.ts'
import type { Services } from '../../service/services.ts'
import type { Uploads } from '../../service/uploads/uploads.ts'
import type { TrainingRuns } from '../../service/training-runs/training-runs.ts'

/** What the operations work with. */
export interface NativeContext {
  readonly home: string
  readonly account: string
  readonly parts: ServerParts
  readonly services: NativeServices
  readonly runs: TrainingRuns
  readonly pages: ExamplePages
  readonly uploads: Uploads
  readonly now: () => number
  readonly settings: ShownSettings
  /** Whether only this machine reaches the server. */
  readonly isLocal: boolean
}

export type NativeServices = Pick<Services, 'models' | 'train' | 'evaluation' | 'data' | 'doctor'>
