import { byteCharacters } from './byte-alphabet.ts'
import type { StageJson } from './tokenizer-json.ts'
import { createTokenizer } from './tokenizer.ts'

/** What ways of cutting treat differently: words, digits, signs, white space, line ends, other scripts, emoji. */
export const cuttingProbe: readonly string[] = [
  "I'll say it's 3 or 12, 345, 6789 and 1234567.89; WE'RE don't You'Ve x2y ½ ²",
  ' a  b   c    \t\tx \n\n\n  y \r\n z  \n',
  '#include <a.h>\nfor (let i = 0; i < 10; i += 1) { s ??= `${i}`; } // ==== !!! ... --',
  'Größe naïve Ελληνικά Привет, мир! שלום मरहبا १२३ 一二三 こんにちは、世界 ไทย 한국어',
  '👍🏽 👩‍👩‍👧 ✓ → “x” ‘y’ … € $5.00 +1-2=3 <|x|> @user https://a.b/c?d=e&f=1_2',
]

/**
 * True when two pre-tokenizers of byte-level BPE cut text in the same places. They are compared with vocabularies in which
 * neighbours of the probe merge, so that a cut shows whatever the model's own vocabulary holds.
 */
export function isSameCutting(
  tokenizerJson: object,
  left: StageJson | null | undefined,
  right: StageJson,
): boolean {
  return probeModels().every((model) => {
    const encode = (stage: StageJson | null | undefined): string => {
      const json = { ...tokenizerJson, model, added_tokens: [], pre_tokenizer: stage, post_processor: null }
      const tokenizer = createTokenizer(json)
      return cuttingProbe.map((text) => tokenizer.encode(text).join()).join(';')
    }
    return encode(left) === encode(right)
  })
}

/** Two models: pairs at even places of the probe merge first in one, pairs at odd places in the other. */
function probeModels(): object[] {
  const utf8 = new TextEncoder()
  const characters = [...utf8.encode(cuttingProbe.join(' '))].map((byte) => byteCharacters[byte] ?? '')
  return [0, 1].map((parity) => {
    const places = characters.slice(0, -1).map((_, place) => place)
    const inOrder = [
      ...places.filter((place) => place % 2 === parity),
      ...places.filter((place) => place % 2 !== parity),
    ]
    const pairs = new Map(
      inOrder.map((place) => {
        const pair = [characters[place] ?? '', characters[place + 1] ?? ''] as const
        return [pair.join(''), pair] as const
      }),
    )
    const tokens = [...byteCharacters, ...pairs.keys()]
    return {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: [...pairs.values()],
    }
  })
}
