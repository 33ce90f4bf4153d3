import { HoneError } from '../core/errors.ts'
import type { StageJson } from './tokenizer-json.ts'

/** GPT-2's pattern, `encoder.py` of openai/gpt-2. */
export const gpt2Pattern =
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"

/** A `Split` stage that keeps each match and each gap as a piece of its own. */
export function isolate(pattern: string): StageJson {
  return { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false }
}

/** Byte-level spelling of the pieces, without a split of its own. */
export const byteLevelOnly: StageJson = {
  type: 'ByteLevel',
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: false,
}

/**
 * The same pre-tokenizer in stages that the JavaScript library runs as the reference does. Its `Digits` knows ASCII
 * digits only where the reference takes every numeric character (Nd, Nl, No), and its `ByteLevel` takes JavaScript's
 * `\s` (with U+FEFF, without U+0085) where the reference takes White_Space; its `Split` gets both right.
 *
 * @throws HoneError `E_MODEL_UNSUPPORTED` for a split behaviour that the library would get wrong without a word.
 */
export function rewritePreTokenizer(stage: StageJson): StageJson {
  switch (stage.type) {
    case 'Sequence':
      return { ...stage, pretokenizers: (stage.pretokenizers ?? []).map(rewritePreTokenizer) }
    case 'Digits':
      return isolate(stage['individual_digits'] === true ? '\\p{N}' : '\\p{N}+')
    case 'ByteLevel':
      if (stage['use_regex'] === false || stage['add_prefix_space'] === true) return stage
      return { type: 'Sequence', pretokenizers: [isolate(gpt2Pattern), { ...stage, use_regex: false }] }
    case 'Split': {
      const behavior = stage.behavior ?? 'unknown'
      if (stage.pattern?.Regex !== undefined && !['Isolated', 'Removed'].includes(behavior)) {
        throw new HoneError('E_MODEL_UNSUPPORTED', `the tokenizer splits text with behaviour "${behavior}"`, {
          at: { file: 'tokenizer.json', pointer: '/pre_tokenizer' },
          hint: 'supported are Isolated and Removed; choose another base model',
        })
      }
      return stage
    }
    default:
      return stage
  }
}
