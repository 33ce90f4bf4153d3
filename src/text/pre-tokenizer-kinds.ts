import { HoneError } from '../core/errors.ts'
import { byteLevelOnly, gpt2Pattern, isolate } from './pre-tokenizer-rewrite.ts'
import type { StageJson } from './tokenizer-json.ts'

/** How byte-level BPE treats text before it merges. */
export interface PreTokenizerKind {
  readonly preTokenizer: StageJson
  /** A piece that is a token as a whole is taken without merging. */
  readonly ignoreMerges: boolean
  /** Whether a prompt begins with the beginning of sequence where the file does not say so. */
  readonly addsBeginning: boolean
}

const suffixes = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])"
const words = `${suffixes}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+`
const spaces = '\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+'
const rest = ` ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|${spaces}`
const restWithSlash = ` ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|${spaces}`

/** Letters that may be upper or lower case: llama.cpp knows the case of ASCII letters only. */
const upper = '(?:(?=\\p{L})[^a-z])'
const lower = '(?:(?=\\p{L})[^A-Z])'
const casedWords = (ending: string): string =>
  `[^\\r\\n\\p{L}\\p{N}]?${upper}*${lower}+${ending}|[^\\r\\n\\p{L}\\p{N}]?${upper}+${lower}*${ending}`

const ideographs = '[\u{4e00}-\u{9fa5}\u{3040}-\u{309f}\u{30a0}-\u{30ff}]+'
/** DeepSeek's range reaches over spaces such as U+3000, which llama.cpp takes for plain ones. */
const asianLetters = '(?:(?!\\s)[\u{800}-\u{9fa5}\u{ac00}-\u{d7ff}])+'
const deepseekWords =
  '[!"#$%&\'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+|' +
  ` ?[\\p{P}\\p{S}]+[\\r\\n]*|${spaces}`

/** The cased letters of DeepSeek's first models, as their pattern lists them. */
const deepseekLetters =
  'A-Za-z\u{b5}\u{c0}-\u{d6}\u{d8}-\u{f6}\u{f8}-\u{1ba}\u{1bc}-\u{1bf}\u{1c4}-\u{293}\u{295}-\u{2af}' +
  '\u{370}-\u{373}\u{376}\u{377}\u{37b}-\u{37d}\u{37f}\u{386}\u{388}-\u{38a}\u{38c}\u{38e}-\u{3a1}' +
  '\u{3a3}-\u{3f5}\u{3f7}-\u{481}\u{48a}-\u{52f}\u{531}-\u{556}\u{10a0}-\u{10c5}\u{13a0}-\u{13f5}' +
  '\u{13f8}-\u{13fd}\u{1c90}-\u{1cba}\u{1cbd}-\u{1cbf}\u{1d00}-\u{1d2b}\u{1d6b}-\u{1d77}\u{1d79}-\u{1d9a}' +
  '\u{1e00}-\u{1f15}\u{1f18}-\u{1f1d}\u{1f20}-\u{1f45}\u{1f48}-\u{1f4d}\u{1f50}-\u{1f57}\u{1f59}\u{1f5b}' +
  '\u{1f5d}\u{1f5f}-\u{1f7d}\u{1f80}-\u{1fb4}\u{1fb6}-\u{1fbc}\u{1fbe}\u{1fc2}-\u{1fc4}\u{1fc6}-\u{1fcc}' +
  '\u{1fd0}-\u{1fd3}\u{1fd6}-\u{1fdb}\u{1fe0}-\u{1fec}\u{1ff2}-\u{1ff4}\u{1ff6}-\u{1ffc}\u{2102}\u{2107}' +
  '\u{210a}-\u{2113}\u{2115}\u{2119}-\u{211d}\u{2124}\u{2126}\u{2128}\u{212a}-\u{212d}\u{212f}-\u{2134}' +
  '\u{2139}\u{213c}-\u{213f}\u{2145}-\u{2149}\u{214e}\u{2183}\u{2184}\u{2c00}-\u{2c7b}\u{2c7e}-\u{2ce4}' +
  '\u{2ceb}-\u{2cee}\u{2cf2}\u{2cf3}\u{a640}-\u{a66d}\u{a680}-\u{a69b}\u{a722}-\u{a76f}\u{a771}-\u{a787}' +
  '\u{a78b}-\u{a78e}\u{ab70}-\u{abbf}\u{fb00}-\u{fb06}\u{fb13}-\u{fb17}\u{ff21}-\u{ff3a}\u{ff41}-\u{ff5a}' +
  '\u{10400}-\u{1044f}\u{104b0}-\u{104d3}\u{104d8}-\u{104fb}\u{10c80}-\u{10cb2}\u{10cc0}-\u{10cf2}' +
  '\u{118a0}-\u{118df}\u{1e900}-\u{1e943}'

/** U+3000 is missing here although DeepSeek lists it, for the same reason. */
const deepseekMarks = '!-/:-~\u{ff01}-\u{ff0f}\u{ff1a}-\u{ff5e}\u{2018}-\u{201f}\u{3001}-\u{3002}'

const bloomWords = ' ?[^(\\s|.,!?\u{2026}\u{3002}\u{ff0c}\u{3001}\u{964}\u{6d4}\u{60c})]+'

const gpt2 = patterns(gpt2Pattern)
const digitsThenGpt2 = patterns('\\p{N}', gpt2Pattern)
const llama3Pattern = `${words}|\\p{N}{1,3}|${rest}`
const llama3 = { ...patterns(llama3Pattern), ignoreMerges: true, addsBeginning: true }
const llama3Merging = patterns(llama3Pattern)
const qwen2Pattern = `${words}|\\p{N}|${rest}`
const qwen2 = patterns(qwen2Pattern)
const gpt4o = patterns(`${casedWords(`${suffixes}?`)}|\\p{N}{1,3}|${restWithSlash}`)
const deepseek3 = patterns('\\p{N}{1,3}', ideographs, deepseekWords)
const bloom = patterns(bloomWords)

/** `tokenizer.ggml.pre` → how text is cut before merging; the patterns of llama.cpp, `src/llama-vocab.cpp`. */
const kinds: Readonly<Record<string, PreTokenizerKind>> = {
  'gpt-2': gpt2,
  mpt: gpt2,
  olmo: gpt2,
  'phi-2': gpt2,
  jais: gpt2,
  trillion: gpt2,
  'granite-docling': gpt2,
  exaone4: gpt2,
  gigachat: gpt2,
  mellum: gpt2,
  'a.x-4.0': gpt2,
  smollm: digitsThenGpt2,
  starcoder: digitsThenGpt2,
  refact: digitsThenGpt2,
  'command-r': digitsThenGpt2,
  codeshell: digitsThenGpt2,
  exaone: digitsThenGpt2,
  'minerva-7b': digitsThenGpt2,
  'llama-bpe': llama3,
  'llama-v3': llama3,
  llama3,
  falcon3: llama3,
  'falcon-h1': llama3,
  pixtral: llama3,
  'midm-2.0': llama3,
  lfm2: llama3,
  dbrx: llama3Merging,
  'smaug-bpe': llama3Merging,
  'chatglm-bpe': llama3Merging,
  glm4: llama3Merging,
  qwen2,
  'deepseek-r1-qwen': qwen2,
  stablelm2: qwen2,
  hunyuan: qwen2,
  megrez: qwen2,
  'grok-2': qwen2,
  'solar-open': qwen2,
  qwen35: patterns(
    `${suffixes}|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|${spaces}`,
  ),
  tekken: {
    ...patterns(`${casedWords('')}|\\p{N}|${restWithSlash}`),
    ignoreMerges: true,
    addsBeginning: true,
  },
  'gpt-4o': gpt4o,
  llama4: gpt4o,
  kanana2: gpt4o,
  'minimax-m2': gpt4o,
  'deepseek-llm': patterns(
    '[\\r\\n]',
    `\\s?[${deepseekLetters}]+`,
    `\\s?[${deepseekMarks}]+`,
    '\\s+$',
    asianLetters,
    '\\p{N}+',
  ),
  'deepseek-coder': patterns('[\\r\\n]', '\\s?\\p{L}+', '\\s?\\p{P}+', asianLetters, '\\p{N}'),
  'deepseek-v3': deepseek3,
  'hunyuan-dense': deepseek3,
  falcon: patterns('[\\p{P}\\$\\+<=>\\^~\\|`]+', gpt2Pattern, '[0-9][0-9][0-9]'),
  bloom,
  'poro-chat': bloom,
  'gpt3-finnish': bloom,
  viking: patterns(bloomWords, '\\p{N}'),
  chameleon: {
    ...patterns(
      '<sentinel:[0-9]+>',
      '(?:IMGIMG)(?:(?:A|B|C|D|E|F|G|H|I){1,4})Z',
      '(?:[\\t\\n]|    |  )',
      '\\p{N}',
      '[\\p{P}!-/:-@\\[-`{-~]',
      gpt2Pattern,
    ),
    addsBeginning: true,
  },
  bailingmoe: patterns(
    "'(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|" +
      ' ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+',
  ),
  'seed-coder': patterns(`${words}|\\p{N}{1}| ?[^\\s\\p{L}\\p{N}\\r\\n]+|${spaces}`),
  default: patterns('[\\p{P}\\$\\+<=>\\^~\\|]+', gpt2Pattern, '\\p{N}+', '[0-9][0-9][0-9]'),
}

/** Every known value of `tokenizer.ggml.pre`, the one that stands for no other last. */
export const preTokenizerKinds: readonly string[] = Object.keys(kinds)

/** @throws HoneError `E_MODEL_UNSUPPORTED` for a kind that is not in the table; the hint lists those that are. */
export function findPreTokenizerKind(name: string): PreTokenizerKind {
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined
  if (kind !== undefined) return kind
  throw new HoneError('E_MODEL_UNSUPPORTED', `the tokenizer cuts text in the way "${name}"`, {
    at: { pointer: 'tokenizer.ggml.pre' },
    hint: `supported are ${preTokenizerKinds.join(', ')}; or import the model's Hugging Face folder`,
  })
}

function patterns(...regexes: readonly string[]): PreTokenizerKind {
  return {
    preTokenizer: { type: 'Sequence', pretokenizers: [...regexes.map(isolate), byteLevelOnly] },
    ignoreMerges: false,
    addsBeginning: false,
  }
}
