import type { RoundingEffect } from '../../core/arithmetic.ts'
import type { ChatPart, ChatRequest, LabelScore } from '../../core/chat-model.ts'
import type { Message } from '../../core/example.ts'
import type { EngineOptions } from './training-protocol.ts'
import type { WorkerFailure } from './worker-process.ts'

/** A base, with an adapter or without. */
export interface ModelFolders {
  readonly base: string
  readonly adapter?: string | undefined
}

export type ToGenerationWorker =
  | {
      readonly type: 'open'
      readonly model: ModelFolders
      /** Adapters are loaded beside the base afterwards, and named with each request. */
      readonly shared: boolean
      readonly options: EngineOptions
    }
  | { readonly type: 'load'; readonly id: number; readonly adapter: string; readonly folder: string }
  | { readonly type: 'unload'; readonly adapter: string }
  | {
      readonly type: 'chat'
      readonly id: number
      readonly request: ChatRequest
      readonly adapter: string | undefined
      /** It does not wait behind others. */
      readonly ahead: boolean
    }
  | {
      readonly type: 'score'
      readonly id: number
      readonly messages: readonly Message[]
      readonly labels: readonly string[]
      readonly adapter: string | undefined
    }
  | { readonly type: 'cancel'; readonly id: number }

export interface OpenedWeights {
  readonly bytes: number
  /** As `ChatModel.rounding`. */
  readonly rounding?: RoundingEffect | null
}

export type FromGenerationWorker =
  | ({ readonly type: 'ready' } & OpenedWeights)
  | { readonly type: 'loaded'; readonly id: number; readonly bytes: number }
  | { readonly type: 'part'; readonly id: number; readonly part: ChatPart }
  | { readonly type: 'scores'; readonly id: number; readonly scores: readonly LabelScore[] }
  | WorkerFailure
