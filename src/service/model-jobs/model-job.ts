import type { JsonObject } from '../../core/example.ts'
import type { QueuedJob } from '../../store/database/job-queue.ts'

/** The kinds of these jobs in the queue: all make a model of files that are there already. */
export const modelJobKinds = ['model-copy', 'model-import', 'model-creation'] as const

export type ModelJobKind = (typeof modelJobKinds)[number]

/** What such a job was asked for; never changed. */
export type ModelJobSpec = CopySpec | TakeSpec

interface NewModel {
  /** Id of the model that comes of it. */
  readonly modelId: string
  readonly modelName: string
  /** What else the dialect was told and answers again. */
  readonly dialect: JsonObject
}

/** A model that is to answer under another address. */
interface CopySpec extends NewModel {
  readonly type: 'copy'
  /** The model as the client named it. */
  readonly source: string
  readonly sourceName: string
  /** Id of its files in the home, which both have. */
  readonly homeId: string
}

/** A model whose files are to be taken from the object store. */
export interface TakeSpec extends NewModel {
  readonly type: 'import' | 'creation'
  /** `s3://` URI of a folder, or of a GGUF file. */
  readonly source: string
}

/** How far such a job is. */
export interface ModelJobProgress {
  readonly bytes: number
  /** What was taken in, once it has been. */
  readonly taken?: TakenModel
}

/** A model whose files lie in the home now. */
interface TakenModel {
  /** The base that it is, or lies on. */
  readonly localBase: string
  /** Null for an adapter. */
  readonly architecture: string | null
}

export type ModelJob = QueuedJob<ModelJobSpec, ModelJobProgress>

/** A model that was imported: a base of its own, or an adapter on a base of this machine. */
export interface ImportedModel {
  /** Id of the model in the home. */
  readonly homeId: string
  readonly jobId: string
  readonly source: string
  /** Null until it has been imported. */
  readonly architecture: string | null
  readonly localBase: string
  readonly dialect: JsonObject
}

/** Id of the model in the home. */
export const takenModelId = ({ modelId }: Pick<NewModel, 'modelId'>): string => `imported-${modelId}`

/** What stands for the base in the address of a model that was not tuned here. */
export const importedBase = 'imported'
