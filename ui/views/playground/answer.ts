/** A token with what the model thought of it, and of others at its place. */
interface AnswerToken {
  readonly text: string
  readonly logProbability: number
  readonly likeliest: readonly { readonly text: string; readonly logProbability: number }[]
}

/** A piece of an answer as it came; its tokens may be known. */
export interface AnswerPiece {
  readonly text: string
  readonly tokens?: readonly AnswerToken[] | undefined
}

/** A stretch of text that is shown as one, with the tokens that it is made of. */
export interface ShownToken {
  readonly text: string
  readonly tokens: readonly AnswerToken[]
}

/** What was said so far: the text, and the same stretch by stretch. */
export interface Said {
  readonly text: string
  readonly shown: readonly ShownToken[]
}

/** With what came since; what was there is not looked at again. */
export const grown = ({ text, shown }: Said, pieces: readonly AnswerPiece[]): Said => ({
  text: text + pieces.map((piece) => piece.text).join(''),
  shown: [...shown, ...shownTokens(pieces)],
})

/** One stretch for each token; where tokens are parts of characters, their whole piece is one. */
export function shownTokens(pieces: readonly AnswerPiece[]): ShownToken[] {
  return pieces.flatMap(({ text, tokens = [] }): ShownToken[] => {
    if (text === '' && tokens.length === 0) return []
    const joined = tokens.map((token) => token.text).join('')
    if (tokens.length === 0 || joined !== text) return [{ text, tokens }]
    return tokens.map((token) => ({ text: token.text, tokens: [token] }))
  })
}

/** White space as signs, so that it can be seen. */
export const visibleToken = (text: string): string =>
  text === '' ? 'end' : text.replaceAll(' ', '␣').replaceAll('\n', '⏎').replaceAll('\t', '⇥')

/** How sure the model was of a stretch: the product of its tokens' probabilities. */
export const probabilityOf = ({ tokens }: ShownToken): number | undefined =>
  tokens.length === 0
    ? undefined
    : Math.exp(tokens.reduce((sum, { logProbability }) => sum + logProbability, 0))
