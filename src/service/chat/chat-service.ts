import type { Arithmetic } from '../../core/arithmetic.ts'
import type { ChatModel, WaitOptions } from '../../core/chat-model.ts'
import type { Message, Tool } from '../../core/example.ts'
import { readLabelDecision } from '../../store/label-decisions.ts'
import { readModelFolders, type ModelFolders } from '../../store/read-model.ts'
import { decidedModel } from './decided-model.ts'
import { findModelFolder } from '../models/find-model.ts'
import { readUsableModel } from '../models/read-usable-model.ts'
import { createSharedTexts } from './shared-texts.ts'

/** A model that is ready to chat, and what is worth knowing before. */
export interface OpenedChat extends AsyncDisposable {
  readonly id: string
  readonly kind: 'base' | 'tuned'
  readonly folder: string
  /** Id of the base; that of the model itself for a base. */
  readonly base: string
  /** What the chat template adds where a conversation has no system message. */
  readonly defaultSystemPrompt: string | null
  /** What the model was tuned with, when all its records had the same; to be asked with it again. */
  readonly systemPrompt: string | null
  /** Where it was measured by the probabilities of labels, they decide its answers too. */
  readonly model: ChatModel
  /** Tokens of the rendered prompt of a conversation. */
  readonly countTokens: (messages: readonly Message[], tools?: readonly Tool[], continues?: boolean) => number
}

export interface OpenOptions extends WaitOptions {
  /** Many requests will come one at a time: worth a second and some memory more, where single answers get faster by it. */
  readonly longLived?: boolean
  /** Default `exact`. */
  readonly arithmetic?: Arithmetic | undefined
}

export interface ChatService {
  /**
   * Opens a base or tuned model by its id or folder.
   *
   * @throws HoneError `E_MODEL_UNKNOWN`, `E_MODEL_FILE`
   */
  open(reference: string, options?: OpenOptions): Promise<OpenedChat>
}

export interface ChatServiceSettings {
  readonly home: string
  readonly openModel: (id: string, folders: ModelFolders, options: OpenOptions) => Promise<ChatModel>
}

export function createChatService({ home, openModel }: ChatServiceSettings): ChatService {
  const textOf = createSharedTexts()
  const openIn = async (folder: string, options: OpenOptions): Promise<OpenedChat> => {
    const stored = await readUsableModel(folder)
    const folders = await readModelFolders(home, folder)
    const text = await textOf(folders.base)
    // Asked with each answer: an evaluation may change it while the model is open.
    const opened = await openModel(stored.id, folders, options)
    const model = stored.kind === 'tuned' ? decidedModel(opened, () => readLabelDecision(folder)) : opened
    return {
      id: stored.id,
      kind: stored.kind,
      folder,
      base: stored.kind === 'tuned' ? stored.base : stored.id,
      defaultSystemPrompt: text.template.defaultSystemPrompt ?? null,
      systemPrompt: stored.kind === 'tuned' ? stored.systemPrompt : null,
      model,
      countTokens: (messages, tools, continues) =>
        text.chatText.encodePrompt(messages, tools, continues).length,
      [Symbol.asyncDispose]: () => model[Symbol.asyncDispose](),
    }
  }
  return {
    async open(reference, options = {}) {
      try {
        return await openIn(await findModelFolder(home, reference), options)
      } catch (error) {
        // One that was removed meanwhile is not damaged: it is not there.
        await findModelFolder(home, reference)
        throw error
      }
    },
  }
}
