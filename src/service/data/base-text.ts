import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readBaseFolder, type BaseFolder } from '../../engine/weights/base-folder.ts'
import { readModelFolders } from '../../store/read-model.ts'
import { ensureBase, type EnsureBaseOptions } from '../models/ensure-base.ts'
import { readUsableModel } from '../models/read-usable-model.ts'

/** The base whose tokenizer and chat template a model has: its own, of a tuned model that of its base. */
export interface BaseText {
  /** Id of the model that was named. */
  readonly model: string
  readonly base: BaseFolder
  /** SHA-256 of the files that decide how text becomes tokens. */
  readonly textKey: string
  /** Whether the chat template may write today's date. */
  readonly isDated: boolean
}

/** The files of a base that decide how text becomes tokens; it may lack some. */
export const textFiles = ['tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja']

/** @throws HoneError `E_MODEL_UNKNOWN`, `E_MODEL_FILE`, and those of pulling a base that is not here */
export async function findBaseText(reference: string, options: EnsureBaseOptions): Promise<BaseText> {
  const folder = await ensureBase(reference, options)
  const { id } = await readUsableModel(folder)
  const base = await readBaseFolder((await readModelFolders(options.home, folder)).base)
  const hash = createHash('sha256')
  let isDated = false
  for (const name of textFiles) {
    // A file that is missing or cannot be read is the loader's to complain about.
    const content = await readFile(join(base.folder, name)).catch(() => Buffer.alloc(0))
    isDated ||= content.includes('strftime_now')
    hash.update(`${name} ${content.length}\n`).update(content)
  }
  return { model: id, base, textKey: hash.digest('hex'), isDated }
}
