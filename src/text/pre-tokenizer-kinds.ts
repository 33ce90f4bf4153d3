import { HoneError } from '../core/errors.ts'
import { byteLevelOnly, gpt2Pattern, isolate } from './pre-tokenizer-rewrite.ts'
import type { StageJson } from './tokenizer-json.ts'

interface PreTokenizerKind {
  readonly preTokenizer: StageJson
  /** A piece that is a token as a whole is taken without merging. */
  readonly ignoreMerges: boolean
}

const words = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+"
const rest = ' ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+'
const gpt2 = patterns(gpt2Pattern)
const digitsThenGpt2 = patterns('\\p{N}', gpt2Pattern)
const llama3 = { ...patterns(`${words}|\\p{N}{1,3}|${rest}`), ignoreMerges: true }
const qwen2 = patterns(`${words}|\\p{N}|${rest}`)

/** `tokenizer.ggml.pre` → how text is cut before merging; the patterns of llama.cpp, `src/llama-vocab.cpp`. */
const kinds: Readonly<Record<string, PreTokenizerKind>> = {
  default: patterns('[\\p{P}\\$\\+<=>\\^~\\|]+', gpt2Pattern, '\\p{N}+', '[0-9][0-9][0-9]'),
  'gpt-2': gpt2,
  mpt: gpt2,
  olmo: gpt2,
  'phi-2': gpt2,
  smollm: digitsThenGpt2,
  starcoder: digitsThenGpt2,
  refact: digitsThenGpt2,
  codeshell: digitsThenGpt2,
  exaone: digitsThenGpt2,
  'minerva-7b': digitsThenGpt2,
  'llama-bpe': llama3,
  'llama-v3': llama3,
  llama3: llama3,
  qwen2,
  'deepseek-r1-qwen': qwen2,
}

/** @throws HoneError `E_MODEL_UNSUPPORTED` for a kind that is not in the table; the hint lists those that are. */
export function findPreTokenizerKind(name: string): PreTokenizerKind {
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined
  if (kind !== undefined) return kind
  throw new HoneError('E_MODEL_UNSUPPORTED', `the tokenizer cuts text in the way "${name}"`, {
    at: { pointer: 'tokenizer.ggml.pre' },
    hint: `supported are ${Object.keys(kinds).join(', ')}; or import the model's Hugging Face folder`,
  })
}

function patterns(...regexes: readonly string[]): PreTokenizerKind {
  return {
    preTokenizer: { type: 'Sequence', pretokenizers: [...regexes.map(isolate), byteLevelOnly] },
    ignoreMerges: false,
  }
}
