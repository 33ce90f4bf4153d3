import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { TargetModel } from '../../data/check/rule.ts'
import type { RecordTurn } from '../../data/records/record-turns.ts'
import type { Message } from '../../core/example.ts'
import { readModelFolders, readStoredModel } from '../../store/read-model.ts'
import { loadModelText } from '../../text/load-chat-text.ts'
import { textFiles } from './base-text.ts'
import { findModelFolder } from '../models/find-model.ts'
import { readUsableModel } from '../models/read-usable-model.ts'

/**
 * What a local model can hold, counted with its own tokenizer and chat template.
 *
 * @throws HoneError `E_MODEL_UNKNOWN`, `E_MODEL_FILE`
 */
export async function localTarget(home: string, reference: string): Promise<TargetModel> {
  const folder = await findModelFolder(home, reference)
  const { id } = await readUsableModel(folder)
  const { base } = await readModelFolders(home, folder)
  const stored = await readStoredModel(base, reference)
  const { tokenizer, chatText } = await loadModelText(base)
  const special = [...tokenizer.specialTokens.keys()].filter((token) => token.length > 2)
  return {
    name: id,
    context: stored.kind === 'base' ? stored.contextLength : Number.POSITIVE_INFINITY,
    controlTokens: special,
    countTokens(turns) {
      const messages = turns.map(messageOf)
      const answer = messages.findLastIndex(({ role }) => role === 'assistant')
      try {
        const { tokens } = chatText.encodeExample(messages.slice(0, answer + 1))
        return { all: tokens.length, prompt: chatText.encodePrompt(messages.slice(0, answer)).length }
      } catch {
        // What the template refuses is refused by other rules.
        return undefined
      }
    },
  }
}

/**
 * The files that decide what a local model can hold.
 *
 * @throws HoneError `E_MODEL_UNKNOWN`, `E_MODEL_FILE`
 */
export async function localTargetFiles(home: string, reference: string): Promise<string[]> {
  const folder = await findModelFolder(home, reference)
  await readUsableModel(folder)
  const { base } = await readModelFolders(home, folder)
  const places = [folder, base].map((each) => join(each, 'manifest.json'))
  return [...places, ...textFiles.map((name) => join(base, name)).filter((file) => existsSync(file))]
}

const messageOf = ({ role, text }: RecordTurn): Message => ({ role: role as Message['role'], content: text })
