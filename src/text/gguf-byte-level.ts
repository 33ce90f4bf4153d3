import { z } from 'zod'
import { brokenMetadata, readMetadata, vocabularyOf, type GgufTokens } from './gguf-tokens.ts'
import type { PreTokenizerKind } from './pre-tokenizer-kinds.ts'
import { byteLevelOnly } from './pre-tokenizer-rewrite.ts'

/** `tokenizer.json` of a byte-level BPE (`tokenizer.ggml.model` is `gpt2`). */
export function byteLevelTokenizer(
  metadata: ReadonlyMap<string, unknown>,
  { tokens, added }: GgufTokens,
  kind: PreTokenizerKind,
): object {
  const merges = readMetadata(metadata, 'tokenizer.ggml.merges', z.array(z.string()))
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: kind.preTokenizer,
    post_processor: null,
    decoder: byteLevelOnly,
    model: {
      type: 'BPE',
      dropout: null,
      // llama.cpp drops bytes that have no token, whatever the file calls its unknown token.
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: kind.ignoreMerges,
      vocab: vocabularyOf(tokens),
      merges: merges.map(splitMerge),
    },
  }
}

function splitMerge(merge: string, index: number): readonly [string, string] {
  // A space inside the first part would be at its start, as in llama.cpp's search from the second character on.
  const space = merge.indexOf(' ', 1)
  if (space < 1 || space === merge.length - 1) {
    throw brokenMetadata('tokenizer.ggml.merges', `merge ${index} is ${JSON.stringify(merge)}`)
  }
  return [merge.slice(0, space), merge.slice(space + 1)]
}
