import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { HoneError } from '../core/errors.ts'
import { createChatTemplate, type ChatTemplate, type ChatTemplateOptions } from './chat-template.ts'
import { createChatText, type ChatText } from './chat-text.ts'
import { loadTokenizer, type Tokenizer } from './tokenizer.ts'

const configSchema = z.looseObject({
  chat_template: z
    .union([z.string(), z.array(z.looseObject({ name: z.string(), template: z.string() }))])
    .nullish(),
})

export interface ModelText {
  readonly tokenizer: Tokenizer
  readonly template: ChatTemplate
  readonly chatText: ChatText
}

/**
 * Tokenizer, chat template and chat text of a model folder. The template is `chat_template.jinja` where there is one,
 * else `chat_template` in `tokenizer_config.json` (of several, the one named `default`), as transformers chooses.
 *
 * @throws HoneError `E_MODEL_FILE` where a file is missing or broken, `E_TEMPLATE` where the template is not one
 */
export async function loadModelText(folder: string, options: ChatTemplateOptions = {}): Promise<ModelText> {
  const tokenizer = await loadTokenizer(folder)
  const template = createChatTemplate(await readTemplate(folder), tokenizer.names, options)
  return { tokenizer, template, chatText: createChatText(tokenizer, template) }
}

async function readTemplate(folder: string): Promise<string> {
  const ownFile = await readIfPresent(join(folder, 'chat_template.jinja'))
  if (ownFile !== undefined) return ownFile
  const file = join(folder, 'tokenizer_config.json')
  const config = configSchema.safeParse(JSON.parse((await readIfPresent(file)) ?? '{}'))
  const entry = config.data?.chat_template
  const template = typeof entry === 'string' ? entry : entry?.find(({ name }) => name === 'default')?.template
  if (template !== undefined) return template
  throw new HoneError('E_MODEL_FILE', 'the model has no chat template', {
    at: { file, pointer: '/chat_template' },
    hint: 'choose a model that was tuned for chat, or put a chat_template.jinja into its folder',
  })
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw new HoneError('E_MODEL_FILE', 'the file cannot be read', { at: { file }, cause })
  }
}
