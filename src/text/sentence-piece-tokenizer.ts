import { createCharacterMap } from './character-map.ts'
import type { Piece } from './library-tokenizer.ts'
import { createPieceCache } from './piece-cache.ts'
import { mergeByScore } from './score-merge.ts'
import { sentencePieceVocabulary, spaceMark } from './sentence-piece-vocabulary.ts'
import type { SentencePieceJson, TokenizerJson } from './tokenizer-json.ts'
import { createUnigram, spellSpaces } from './unigram.ts'

/**
 * SentencePiece models of GGUF files, with the ids of llama.cpp on the same file: a text is cut at the tokens of the
 * user, the longest first, and each part is segmented on its own, with a space before it where the model adds one.
 *
 * @returns the ids of each piece, in reading order
 * @throws HoneError `E_MODEL_FILE`
 */
export function createSentencePieceEncoder(
  json: TokenizerJson,
  settings: SentencePieceJson,
): (pieces: readonly Piece[]) => number[][] {
  const vocabulary = sentencePieceVocabulary(json, settings)
  const longestFirst = [...vocabulary.userDefined].toSorted(
    ([one], [other]) => Buffer.byteLength(other) - Buffer.byteLength(one),
  )
  const stripping = new Set((json.added_tokens ?? []).flatMap(({ id, rstrip }) => (rstrip ? [id] : [])))
  const segment =
    json.model.type === 'Unigram' ? unigramSegmenter() : (text: string): number[] => mergeSegment(text)

  function mergeSegment(text: string): number[] {
    return mergeByScore(vocabulary, (settings.addSpacePrefix ? ` ${text}` : text).replaceAll(' ', spaceMark))
  }

  function unigramSegmenter(): (text: string) => number[] {
    const unigram = createUnigram(vocabulary)
    const { characterMap } = settings
    const normalize =
      characterMap === undefined
        ? (text: string): string => text
        : createCharacterMap(Buffer.from(characterMap, 'base64'))
    return (text) => unigram(spellSpaces(normalize(text), settings))
  }

  const encodeText = createPieceCache((text) => {
    const pieces = withoutStripped(cutAtTokens(wellFormed(text), longestFirst), stripping)
    return pieces.flatMap((piece) =>
      typeof piece === 'number' ? [piece] : piece === '' ? [] : segment(piece),
    )
  })
  return (pieces) =>
    withoutStripped(pieces, stripping).map((piece) =>
      typeof piece === 'number' ? [piece] : piece === '' ? [] : encodeText(piece),
    )
}

/** Cuts by one token after the other, so that a longer one wins even over one that begins before it. */
function cutAtTokens(text: string, tokens: readonly (readonly [string, number])[]): Piece[] {
  let pieces: Piece[] = [text]
  for (const [content, id] of tokens) {
    if (!text.includes(content)) continue
    pieces = pieces.flatMap((piece): Piece[] =>
      typeof piece === 'number'
        ? [piece]
        : piece
            .split(content)
            .flatMap((part, index): Piece[] => (index === 0 ? [part] : [id, part]))
            .filter((part) => part !== ''),
    )
  }
  return pieces
}

/** White space is what C's `isspace` says: some models drop it after their turn marks. */
function withoutStripped(pieces: readonly Piece[], stripping: ReadonlySet<number>): readonly Piece[] {
  if (stripping.size === 0) return pieces
  return pieces.map((piece, index) => {
    const before = pieces[index - 1]
    return typeof piece === 'string' && typeof before === 'number' && stripping.has(before)
      ? piece.replace(/^[ \t\n\v\f\r]+/, '')
      : piece
  })
}

/** Half a surrogate pair becomes U+FFFD, as in UTF-8. */
function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\uFFFD')
}
