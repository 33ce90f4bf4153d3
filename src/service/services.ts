import type { WaitOptions } from '../core/chat-model.ts'
import type { ChatService } from './chat/chat-service.ts'
import type { DataServices } from './data/data-services.ts'
import type { DoctorReport } from './doctor/doctor.ts'
import type { EvalService } from './evaluation/eval-service.ts'
import type { ModelsService } from './models/models-service.ts'
import type { RunService } from './run/run-service.ts'
import type { KeysService } from './serving/keys-service.ts'
import type { RunningServer, ServeOptions } from './serving/running-server.ts'
import type { UpkeepService } from './upkeep/upkeep-service.ts'
import type { TrainService } from './train/train-service.ts'

/** Everything that a front end can do. */
export interface Services {
  readonly models: ModelsService
  readonly train: TrainService
  readonly run: RunService
  readonly evaluation: EvalService
  readonly chat: ChatService
  readonly data: DataServices
  doctor(options?: WaitOptions): Promise<DoctorReport>
  readonly keys: KeysService
  readonly upkeep: UpkeepService
  /** Starts the server. @throws HoneError `E_CONFIG`, `E_DATABASE`, `E_ADDRESS` */
  serve(options?: ServeOptions): Promise<RunningServer>
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
