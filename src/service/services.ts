import type { WaitOptions } from '../core/chat-model.ts'
import type { DataService } from './data-service.ts'
import type { ChatService } from './chat-service.ts'
import type { DoctorReport } from './doctor.ts'
import type { ModelsService } from './models-service.ts'
import type { RunService } from './run-service.ts'
import type { TrainService } from './train-service.ts'

/** Everything that a front end can do. */
export interface Services {
  readonly models: ModelsService
  readonly train: TrainService
  readonly run: RunService
  readonly chat: ChatService
  readonly data: DataService
  doctor(options?: WaitOptions): Promise<DoctorReport>
}

/** What services are made of; each has a default. */
export interface ServicesOptions {
  /** Folder of models and caches. Default: `HONE_HOME`, else the platform's folder for data. */
  readonly home?: string | undefined
  /** Threads of one operator. Default: the machine's cores. */
  readonly threads?: number | undefined
  /** Default `cpu`. */
  readonly device?: 'cpu' | 'webgpu' | undefined
  /** Default: the process's. */
  readonly env?: NodeJS.ProcessEnv | undefined
}
