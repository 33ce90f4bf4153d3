import { z } from 'zod'
import {
  brokenMetadata,
  readOptionalMetadata,
  readPerToken,
  vocabularyOf,
  type GgufTokens,
} from './gguf-tokens.ts'
import { byteOfToken, spaceMark } from './sentence-piece-vocabulary.ts'
import type { SentencePieceJson } from './tokenizer-json.ts'

/** Ids and flags that llama.cpp assumes where the file has no key for them (`llama_vocab::impl::load`). */
export const sentencePieceDefaults = {
  llama: { bos: 1, eos: 2, unknown: 0, padding: undefined, addsBeginning: true, addsSpace: true },
  t5: { bos: undefined, eos: 1, unknown: 2, padding: 0, addsBeginning: false, addsSpace: false },
} as const

const common = { version: '1.0', truncation: null, padding: null, post_processor: null }

/**
 * `tokenizer.json` of a score-merge BPE (`tokenizer.ggml.model` is `llama`): the scores, and for other readers of the
 * file the list of merges that comes nearest to them.
 */
export function scoreMergeTokenizer(metadata: ReadonlyMap<string, unknown>, file: GgufTokens): object {
  const { tokens, added } = file
  const vocab = vocabularyOf(tokens)
  const scores = scoresOf(metadata, tokens.length)
  const sentencepiece: SentencePieceJson = { scores, ...settingsOf(metadata, file, 'llama') }
  const { addSpacePrefix } = sentencepiece
  const special = new Set(added.flatMap(({ id, special: isSpecial }) => (isSpecial ? [id] : [])))
  const isText = (token: string, id: number): boolean => !special.has(id) && byteOfToken(token) === undefined
  return {
    ...common,
    added_tokens: added,
    normalizer: {
      type: 'Sequence',
      normalizers: [
        ...(addSpacePrefix ? [{ type: 'Prepend', prepend: spaceMark }] : []),
        { type: 'Replace', pattern: { String: ' ' }, content: spaceMark },
      ],
    },
    pre_tokenizer: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: spaceMark }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        ...(addSpacePrefix ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
      ],
    },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: tokens[sentencepiece.unknown],
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: true,
      byte_fallback: true,
      ignore_merges: false,
      vocab,
      merges: mergesOf(tokens, scores, isText),
      sentencepiece,
    },
  }
}

/** `tokenizer.json` of a Unigram model (`tokenizer.ggml.model` is `t5`). */
export function unigramTokenizer(metadata: ReadonlyMap<string, unknown>, file: GgufTokens): object {
  const { tokens, added } = file
  vocabularyOf(tokens)
  const scores = scoresOf(metadata, tokens.length)
  const map = readOptionalMetadata(metadata, 'tokenizer.ggml.precompiled_charsmap', z.array(z.number())) ?? []
  const characterMap = map.length === 0 ? undefined : Buffer.from(Uint8Array.from(map)).toString('base64')
  const sentencepiece: SentencePieceJson = {
    ...settingsOf(metadata, file, 't5'),
    ...(characterMap === undefined ? {} : { characterMap }),
  }
  const spaces = { replacement: spaceMark, prepend_scheme: sentencepiece.addSpacePrefix ? 'always' : 'never' }
  return {
    ...common,
    added_tokens: added,
    normalizer: {
      type: 'Sequence',
      normalizers: [
        ...(characterMap === undefined ? [] : [{ type: 'Precompiled', precompiled_charsmap: characterMap }]),
        ...(sentencepiece.removeExtraWhitespaces
          ? [
              { type: 'Replace', pattern: { Regex: '^ +| +$' }, content: '' },
              { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' },
            ]
          : []),
      ],
    },
    pre_tokenizer: { type: 'Metaspace', ...spaces, split: false },
    decoder: { type: 'Metaspace', ...spaces, split: false },
    model: {
      type: 'Unigram',
      unk_id: sentencepiece.unknown,
      byte_fallback: false,
      vocab: tokens.map((token, id) => [token, scores[id] ?? 0]),
      sentencepiece,
    },
  }
}

function settingsOf(
  metadata: ReadonlyMap<string, unknown>,
  file: GgufTokens,
  model: keyof typeof sentencePieceDefaults,
): SentencePieceJson {
  const defaults = sentencePieceDefaults[model]
  const unknown = file.nameAt('tokenizer.ggml.unknown_token_id', defaults.unknown)
  if (unknown === undefined) {
    throw brokenMetadata('tokenizer.ggml.tokens', `${file.tokens.length} tokens, none for what is unknown`)
  }
  const flag = (key: string): boolean | undefined => readOptionalMetadata(metadata, key, z.boolean())
  return {
    unknown: file.tokens.indexOf(unknown),
    addSpacePrefix: flag('tokenizer.ggml.add_space_prefix') ?? defaults.addsSpace,
    removeExtraWhitespaces: flag('tokenizer.ggml.remove_extra_whitespaces') ?? false,
  }
}

/** A file without scores has zeros, as in llama.cpp: the leftmost pair merges first. */
function scoresOf(metadata: ReadonlyMap<string, unknown>, count: number): readonly number[] {
  const key = 'tokenizer.ggml.scores'
  const scores = readPerToken(metadata, key, count)
  const wrong = scores.findIndex((score) => !Number.isFinite(score))
  if (wrong >= 0) throw brokenMetadata(key, `the score of token ${wrong} is ${scores[wrong]}`)
  return scores.length === 0 ? Array.from({ length: count }, () => 0) : scores
}

/**
 * Every way to put a token together from two others, the best score first (`generate_merges` of transformers'
 * `convert_slow_tokenizer.py`).
 */
function mergesOf(
  tokens: readonly string[],
  scores: readonly number[],
  isText: (token: string, id: number) => boolean,
): [string, string][] {
  const texts = new Map(tokens.flatMap((token, id) => (isText(token, id) ? [[token, id] as const] : [])))
  const merges: {
    readonly pair: [string, string]
    readonly score: number
    readonly ids: [number, number]
  }[] = []
  for (const [token, id] of texts) {
    for (let cut = 1; cut < token.length; cut++) {
      const pair: [string, string] = [token.slice(0, cut), token.slice(cut)]
      const [left, right] = [texts.get(pair[0]), texts.get(pair[1])]
      if (left !== undefined && right !== undefined) {
        merges.push({ pair, score: scores[id] ?? 0, ids: [left, right] })
      }
    }
  }
  merges.sort(
    (one, other) => other.score - one.score || one.ids[0] - other.ids[0] || one.ids[1] - other.ids[1],
  )
  return merges.map(({ pair }) => pair)
}
