import { z } from 'zod'
import { HoneError } from '../core/errors.ts'
import { byteLevelTokenizer } from './gguf-byte-level.ts'
import { scoreMergeTokenizer, sentencePieceDefaults, unigramTokenizer } from './gguf-sentence-piece.ts'
import { readGgufTokens, readMetadata, readOptionalMetadata, type GgufTokens } from './gguf-tokens.ts'
import { findPreTokenizerKind } from './pre-tokenizer-kinds.ts'
import { beginTemplate } from './template-beginning.ts'

export interface HuggingFaceTokenizer {
  /** What `tokenizer.json` holds. */
  readonly tokenizer: object
  /** What `tokenizer_config.json` holds, the chat template included. */
  readonly config: object
}

interface TokenizerKind {
  readonly tokenizer: object
  readonly addsBeginning: boolean
  readonly defaults: {
    readonly bos?: number | undefined
    readonly eos?: number | undefined
    readonly unknown?: number | undefined
    readonly padding?: number | undefined
  }
}

type Reader = (metadata: ReadonlyMap<string, unknown>, file: GgufTokens) => TokenizerKind

/** `tokenizer.ggml.model` → how it is read. */
const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  [
    'gpt2',
    (metadata, file) => {
      const name = readOptionalMetadata(metadata, 'tokenizer.ggml.pre', z.string()) ?? 'default'
      const kind = findPreTokenizerKind(name)
      const tokenizer = byteLevelTokenizer(metadata, file, kind)
      return { tokenizer, addsBeginning: kind.addsBeginning, defaults: {} }
    },
  ],
  [
    'llama',
    (metadata, file) => ({
      tokenizer: scoreMergeTokenizer(metadata, file),
      addsBeginning: sentencePieceDefaults.llama.addsBeginning,
      defaults: sentencePieceDefaults.llama,
    }),
  ],
  [
    't5',
    (metadata, file) => ({
      tokenizer: unigramTokenizer(metadata, file),
      addsBeginning: sentencePieceDefaults.t5.addsBeginning,
      defaults: sentencePieceDefaults.t5,
    }),
  ],
])

/**
 * The tokenizer that a GGUF file carries, as Hugging Face files; token ids are those of llama.cpp on the same file. Where
 * llama.cpp begins a prompt with the beginning-of-sequence token and the chat template does not write it, the template
 * is made to. The end-of-sequence flag is passed on and does nothing: turns end as the template says.
 *
 * @param metadata key → value of the GGUF header; arrays as JavaScript or typed arrays
 * @throws HoneError `E_MODEL_UNSUPPORTED` for another kind of tokenizer or a way of cutting text that is not known,
 * `E_MODEL_FILE` for metadata that contradict themselves
 */
export function tokenizerFromGguf(metadata: ReadonlyMap<string, unknown>): HuggingFaceTokenizer {
  const model = readMetadata(metadata, 'tokenizer.ggml.model', z.string())
  const reader = readers.get(model)
  if (reader === undefined) {
    throw new HoneError('E_MODEL_UNSUPPORTED', `the file's tokenizer is of the kind "${model}"`, {
      at: { pointer: 'tokenizer.ggml.model' },
      hint: `supported are ${[...readers.keys()].join(', ')}; import the model's Hugging Face folder instead`,
    })
  }
  const file = readGgufTokens(metadata)
  const { tokenizer, addsBeginning, defaults } = reader(metadata, file)
  const named = {
    bos_token: file.nameAt('tokenizer.ggml.bos_token_id', defaults.bos),
    eos_token: file.nameAt('tokenizer.ggml.eos_token_id', defaults.eos),
    unk_token: file.nameAt('tokenizer.ggml.unknown_token_id', defaults.unknown),
    pad_token: file.nameAt('tokenizer.ggml.padding_token_id', defaults.padding),
  }
  const flag = (key: string): boolean | undefined => readOptionalMetadata(metadata, key, z.boolean())
  const addBeginning = flag('tokenizer.ggml.add_bos_token')
  const addEnd = flag('tokenizer.ggml.add_eos_token')
  const template = readOptionalMetadata(metadata, 'tokenizer.chat_template', z.string())
  return {
    tokenizer,
    config: {
      tokenizer_class: 'PreTrainedTokenizerFast',
      clean_up_tokenization_spaces: false,
      ...Object.fromEntries(Object.entries(named).filter(([, name]) => name !== undefined)),
      ...(addBeginning === undefined ? {} : { add_bos_token: addBeginning }),
      ...(addEnd === undefined ? {} : { add_eos_token: addEnd }),
      ...(template === undefined
        ? {}
        : {
            chat_template:
              (addBeginning ?? addsBeginning) && named.bos_token !== undefined
                ? beginTemplate(template, named.bos_token, named.eos_token)
                : template,
          }),
    },
  }
}
