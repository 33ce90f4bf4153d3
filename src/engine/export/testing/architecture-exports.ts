import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Message } from '../../../core/example.ts'
import { byteCharacters } from '../../../text/byte-alphabet.ts'
import { importModel } from '../../weights/import-model.ts'
import { exportModel, type ExportForm } from '../export-model.ts'
import type { StorageType } from '../storage-types.ts'

/** Every way into a GGUF file, by the name of its folder; the adapter is merged or lies beside the base. */
export const ggufForms: Readonly<
  Record<string, { readonly form: ExportForm; readonly type?: StorageType | undefined }>
> = {
  f32: { form: 'gguf-merged', type: 'F32' },
  f16: { form: 'gguf-merged', type: 'F16' },
  q8: { form: 'gguf-merged', type: 'Q8_0' },
  adapter: { form: 'gguf-adapter' },
}

/** Variants that GGUF has no words for: a window in every layer or the last ones, a scale that is not the head's. */
export const notWritten: readonly string[] = ['gemma3-tiny', 'mistral-tiny', 'qwen2-window-tiny']

const reference = (name: string, file: string): string => join('test', 'fixtures', name, file)

/**
 * Byte-level BPE without merges: after the special tokens the line feed, which llama.cpp looks up, and the printable
 * characters of ASCII, as far as they go.
 */
function characterTokenizer(vocabularySize: number): object {
  const special = ['<unk>', '<s>', '</s>']
  const lineFeed = byteCharacters[0x0a] ?? ''
  const characters = Array.from({ length: vocabularySize - special.length - 1 }, (_, index) =>
    String.fromCodePoint(0x21 + index),
  )
  return {
    version: '1.0',
    added_tokens: special.map((content, id) => ({ id, content, special: true, ...plainToken })),
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries([...special, lineFeed, ...characters].map((token, id) => [token, id])),
      merges: [],
    },
  }
}

const plainToken = { single_word: false, lstrip: false, rstrip: false, normalized: false }

/** Rows that the characters of every tokenizer here can write. */
const rows: readonly (readonly Message[])[] = [
  [
    { role: 'user', content: '1+1=' },
    { role: 'assistant', content: '2' },
  ],
]

/** A reference model of `test/fixtures` as a base in `home`, with a tokenizer that its vocabulary has room for. */
async function importReference(name: string, home: string): Promise<string> {
  const folder = join(home, 'source', name)
  mkdirSync(folder, { recursive: true })
  for (const file of ['config.json', 'model.safetensors']) cpSync(reference(name, file), join(folder, file))
  const config = JSON.parse(readFileSync(reference(name, 'config.json'), 'utf8')) as { vocab_size: number }
  const text = {
    'tokenizer.json': characterTokenizer(config.vocab_size),
    'tokenizer_config.json': {
      bos_token: '<s>',
      eos_token: '</s>',
      add_bos_token: false,
      chat_template: "{% for message in messages %}{{ '<s>' + message['content'] + '</s>' }}{% endfor %}",
    },
  }
  for (const [file, json] of Object.entries(text)) writeFileSync(join(folder, file), JSON.stringify(json))
  // llama.cpp looks for a token of Phi-3 in every model that is called so.
  const id = `reference-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`
  return (await importModel(folder, { home, id, replace: true })).folder
}

/** Exports a reference model with its adapter as GGUF, to `out`. */
export async function exportReference(
  name: string,
  form: string,
  home: string,
  out: string,
): Promise<{ readonly baseFolder: string }> {
  const wanted = ggufForms[form]
  if (wanted === undefined) throw new Error(`no form ${form}`)
  const baseFolder = await importReference(name, home)
  await exportModel({
    ...wanted,
    id: 'tuned',
    out,
    baseFolder,
    adapterFolder: reference(name, 'adapter'),
    systemPrompt: null,
    rows: { from: 'built-in', conversations: rows },
    cacheFolder: join(home, 'cache'),
    threads: 1,
  })
  return { baseFolder }
}

/** Writes all that `architecture-goldens.mjs` reads: the exports, and the token ids that each model is given. */
export async function writeArchitectureExports(folder: string, names: readonly string[]): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const sequences: Record<string, unknown> = {}
  for (const name of names.filter((each) => !notWritten.includes(each))) {
    const goldens = JSON.parse(readFileSync(reference(name, 'goldens.json'), 'utf8')) as {
      readonly logits: { readonly sequences: readonly (readonly number[])[] }
    }
    sequences[name] = goldens.logits.sequences
    for (const form of Object.keys(ggufForms)) {
      await exportReference(name, form, join(folder, 'home'), join(folder, `${name}.${form}`))
    }
  }
  writeFileSync(join(folder, 'sequences.json'), JSON.stringify(sequences))
}
