import { HoneError } from '../core/errors.ts'
import type { SentencePieceJson, TokenizerJson } from './tokenizer-json.ts'

/** How spaces are spelt inside tokens: U+2581. */
export const spaceMark = '\u2581'

/** Tokens of a SentencePiece model as its two algorithms need them. */
export interface SentencePieceVocabulary {
  /** What text can become: no control, unknown or byte token is in here, whatever the text says. */
  readonly idOf: ReadonlyMap<string, number>
  readonly scores: readonly number[]
  /** The token of each byte, by value. */
  readonly byteIds: readonly (number | undefined)[]
  readonly unknown: number
  /** Ordinary tokens that are found in text before anything else. */
  readonly userDefined: ReadonlyMap<string, number>
}

/** @throws HoneError `E_MODEL_FILE` where scores and tokens do not fit together */
export function sentencePieceVocabulary(
  json: TokenizerJson,
  settings: SentencePieceJson,
): SentencePieceVocabulary {
  const { vocab } = json.model
  const entries: readonly (readonly [string, number])[] = Array.isArray(vocab)
    ? vocab.map(([token], id) => [token, id] as const)
    : Object.entries(vocab)
  const scores = settings.scores ?? (Array.isArray(vocab) ? vocab.map(([, score]) => score) : [])
  if (scores.length !== entries.length) {
    throw new HoneError('E_MODEL_FILE', `${entries.length} tokens have ${scores.length} scores`, {
      at: { file: 'tokenizer.json', pointer: '/model/sentencepiece' },
      hint: 'import the model again',
    })
  }
  const added = json.added_tokens ?? []
  const special = new Set(added.flatMap((token) => (token.special === true ? [token.id] : [])))
  const idOf = new Map<string, number>()
  const byteIds: (number | undefined)[] = Array.from({ length: 256 }, () => undefined)
  for (const [token, id] of entries) {
    const byte = byteOfToken(token)
    if (byte !== undefined) byteIds[byte] = id
    else if (!special.has(id)) idOf.set(token, id)
  }
  return {
    idOf,
    scores,
    byteIds,
    unknown: settings.unknown,
    userDefined: new Map(
      added.flatMap(({ content, id, special: isSpecial }) =>
        isSpecial === true ? [] : [[content, id] as const],
      ),
    ),
  }
}

/** The byte that a token such as `<0x0A>` stands for. */
export function byteOfToken(token: string): number | undefined {
  return token.length === 6 && /^<0x[0-9A-F]{2}>$/.test(token)
    ? Number.parseInt(token.slice(3, 5), 16)
    : undefined
}
