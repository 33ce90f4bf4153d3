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
  | { readonly type: 'open'; readonly model: ModelFolders; readonly options: EngineOptions }
  | { readonly type: 'chat'; readonly id: number; readonly request: ChatRequest }
  | {
      readonly type: 'score'
      readonly id: number
      readonly messages: readonly Message[]
      readonly labels: readonly string[]
    }
  | { readonly type: 'cancel'; readonly id: number }

export type FromGenerationWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'part'; readonly id: number; readonly part: ChatPart }
  | { readonly type: 'scores'; readonly id: number; readonly scores: readonly LabelScore[] }
  | WorkerFailure
