import type { BatchService } from '../../service/batch/batch-service.ts'
import type { EndpointService } from '../../service/serving/endpoint-service.ts'
import type { InferenceService } from '../../service/serving/inference-service.ts'
import type { InvocationLog } from '../../service/serving/invocation-log.ts'
import type { LoggingDocument } from '../../service/serving/logging-document.ts'
import type { Throughput } from '../../service/serving/throughput.ts'
import type { ModelMap } from '../../service/serving/model-map.ts'
import type { ImportedModel } from '../../service/model-jobs/model-job.ts'
import type { ModelJobsService } from '../../service/model-jobs/model-jobs-service.ts'
import type { ServedModel } from '../../service/tuning/tuning-job.ts'
import type { TunedCheckpoints } from '../../service/tuning/tuned-checkpoints.ts'
import type { TuningService } from '../../service/tuning/tuning-service.ts'
import type { Atomically } from '../../store/database/atomically.ts'
import type { AuditLog } from '../../store/database/audit-log.ts'
import type { Replays } from '../../store/database/replays.ts'
import type { ResourceStore } from '../../store/database/resource-store.ts'
import type { TagStore } from '../../store/database/tag-store.ts'
import type { ObjectStore } from '../../store/objects/object-store.ts'

/** What the operations of Bedrock work with. */
export interface BedrockContext {
  readonly tuning: TuningService
  readonly checkpoints: Pick<TunedCheckpoints, 'removeAll'>
  readonly batch: BatchService
  readonly modelJobs: ModelJobsService
  readonly models: ResourceStore<ServedModel>
  readonly imported: ResourceStore<ImportedModel>
  readonly endpoints: EndpointService
  readonly inference: InferenceService
  readonly throughput: Throughput
  readonly logging: ResourceStore<LoggingDocument>
  readonly invocations: InvocationLog
  readonly objects: ObjectStore
  readonly tags: TagStore
  readonly audit: AuditLog
  readonly replays: Replays
  readonly modelMap: ModelMap
  /** Carries out all or nothing of what an action writes to the database. */
  readonly atomically: Atomically
  /** Removes a model's files by its id in the home. */
  readonly removeModel: (homeId: string) => Promise<void>
  /** The date that lifecycles are judged by; `undefined` where every base is as it was when it could be tuned. */
  readonly lifecycleDate: () => Date | undefined
  readonly now: () => number
}
