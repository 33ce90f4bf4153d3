import { join } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import { readJsonFile } from '../../lib/read-json-file.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'
import type { ModelText } from '../../text/load-chat-text.ts'
import type { BaseFolder } from '../weights/base-folder.ts'

const typeNames = { F32: 'float32', BF16: 'bfloat16', F16: 'float16' } as const

/**
 * Writes what lies beside the weights in a folder that `from_pretrained` of transformers reads: configuration, tokenizer,
 * chat template, and where generation ends.
 */
export async function writeHuggingFaceFiles(
  folder: string,
  base: BaseFolder,
  text: ModelText,
  type: keyof typeof typeNames,
): Promise<void> {
  const read = async (name: string): Promise<Record<string, unknown>> => {
    const file = join(base.folder, name)
    const json = await readJsonFile(file, 'E_MODEL_FILE')
    if (typeof json === 'object' && json !== null) return { ...json }
    throw new HoneError('E_MODEL_FILE', 'the file is missing or not an object', { at: { file } })
  }
  const write = (name: string, json: object): Promise<void> =>
    replaceFileWith(join(folder, name), `${JSON.stringify(json, undefined, 2)}\n`)
  const config = await read('config.json')
  delete config['quantization_config']
  delete config['dtype']
  // The older name, which newer versions of transformers read as well.
  await write('config.json', { ...config, torch_dtype: typeNames[type] })
  await write('tokenizer.json', await read('tokenizer.json'))
  await write('tokenizer_config.json', {
    ...(await read('tokenizer_config.json')),
    chat_template: text.template.source,
  })
  await replaceFileWith(join(folder, 'chat_template.jinja'), text.template.source)
  const { tokenizer, chatText } = text
  const ends = [...chatText.endOfTurn]
  const padding = [...tokenizer.specialTokens].find(([content]) => content === tokenizer.names.pad)?.[1]
  await write('generation_config.json', {
    _from_model_config: false,
    ...(tokenizer.beginningOfSequence === undefined ? {} : { bos_token_id: tokenizer.beginningOfSequence }),
    ...(ends.length === 0 ? {} : { eos_token_id: ends.length === 1 ? ends[0] : ends }),
    ...(padding === undefined ? {} : { pad_token_id: padding }),
  })
}
