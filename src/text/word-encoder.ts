import { byteLevelOnly } from './pre-tokenizer-rewrite.ts'
import type { StageJson, TokenizerJson } from './tokenizer-json.ts'

/** What is needed of the library's tokenizer: the pattern of a single `Split` stage is not part of its interface. */
export interface WordLibrary {
  encode(text: string, options: { add_special_tokens: boolean }): { readonly ids: readonly number[] }
  readonly pre_tokenizer?: unknown
}

export interface WordEncoder {
  /** The tokens of a text, or `undefined` where the whole text has to be looked at. */
  encode(text: string): number[] | undefined
}

const emptyModel = { type: 'BPE', vocab: { a: 0 }, merges: [] }
/** Some 100,000 words, 15 MB. */
const cachedCharacters = 600_000
/** Longer ones hardly come twice. */
const longestCachedWord = 100

/**
 * Encodes byte-level BPE word by word and remembers words, which is several times as fast as encoding whole texts: what a
 * pre-tokenizer of `Split` stages cuts apart is merged by itself. The text is cut with the library's own patterns.
 *
 * @param json whose pre-tokenizer is rewritten for the library, and whose special tokens are sealed
 * @returns `undefined` for a tokenizer of another kind, in which words are not independent
 */
export function createWordEncoder(
  json: TokenizerJson,
  construct: (json: object) => WordLibrary,
): WordEncoder | undefined {
  const stages = splitStages(json.pre_tokenizer)
  const normalizer = json.normalizer?.type
  const isKnown = normalizer === undefined || normalizer === 'NFC'
  // Unknown words next to each other may become one token.
  if (stages === undefined || !isKnown || typeof json.model.unk_token === 'string') return undefined
  const patterns = stages.flatMap((stage) => patternOf(stage, construct) ?? [])
  if (patterns.length < stages.length) return undefined

  const plainTokens = (json.added_tokens ?? []).filter((token) => token.special !== true)
  const holdsToken = (text: string): boolean => plainTokens.some(({ content }) => text.includes(content))
  const library = construct({ ...json, normalizer: null, pre_tokenizer: byteLevelOnly })
  const known = new Map<string, readonly number[]>()
  let characters = 0
  const idsOf = (word: string): readonly number[] => {
    const cached = known.get(word)
    if (cached !== undefined) return cached
    const { ids } = library.encode(word, { add_special_tokens: false })
    if (word.length > longestCachedWord) return ids
    characters += word.length
    if (characters > cachedCharacters) {
      known.clear()
      characters = word.length
    }
    known.set(word, ids)
    return ids
  }
  return {
    encode: (text) => {
      const normalized = normalizer === 'NFC' ? text.normalize('NFC') : text
      if (holdsToken(text) || (normalized !== text && holdsToken(normalized))) return undefined
      const tokens: number[] = []
      cutWords(normalized, patterns, 0, (word) => {
        for (const id of idsOf(word)) tokens.push(id)
      })
      return tokens
    },
  }
}

/** The stages of a pre-tokenizer that only cuts, whose last step spells the pieces in bytes. */
function splitStages(stage: StageJson | null | undefined): StageJson[] | undefined {
  if (!stage) return undefined
  const stages = flatten(stage)
  const last = stages.at(-1)
  const isByteLevel =
    last?.type === 'ByteLevel' && last['use_regex'] === false && last['add_prefix_space'] !== true
  const splits = stages.slice(0, -1)
  const doCut = splits.every(
    ({ type, behavior, pattern, invert }) =>
      type === 'Split' && behavior === 'Isolated' && invert !== true && pattern?.Regex !== undefined,
  )
  return isByteLevel && doCut ? splits : undefined
}

function flatten(stage: StageJson): StageJson[] {
  return stage.type === 'Sequence' ? (stage.pretokenizers ?? []).flatMap(flatten) : [stage]
}

/** The expression that the library makes of a stage's pattern, which is written for another engine. */
function patternOf(stage: StageJson, construct: (json: object) => WordLibrary): RegExp | undefined {
  const { pre_tokenizer: split } = construct({
    model: emptyModel,
    normalizer: null,
    pre_tokenizer: stage,
    post_processor: null,
    decoder: null,
    added_tokens: [],
  })
  // The library's stages are functions that have their settings on them.
  const isStage = (typeof split === 'object' || typeof split === 'function') && split !== null
  const pattern = isStage && 'pattern' in split ? split.pattern : undefined
  return pattern instanceof RegExp && pattern.global ? new RegExp(pattern.source, pattern.flags) : undefined
}

/** Each match of a pattern and each gap between matches is cut on by the next pattern. */
function cutWords(
  text: string,
  patterns: readonly RegExp[],
  stage: number,
  emit: (word: string) => void,
): void {
  const pattern = patterns[stage]
  if (pattern === undefined) {
    emit(text)
    return
  }
  let previous = 0
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [found] = match
    const end = match.index + found.length
    if (previous < match.index) cutWords(text.slice(previous, match.index), patterns, stage + 1, emit)
    if (found.length > 0) cutWords(found, patterns, stage + 1, emit)
    else pattern.lastIndex += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1
    previous = end
  }
  if (previous < text.length) cutWords(text.slice(previous), patterns, stage + 1, emit)
}
