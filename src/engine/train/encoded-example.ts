/** A conversation as tokens; `trained[i]` says that token `i` carries loss. */
export interface EncodedExample {
  readonly id: string
  readonly tokens: readonly number[]
  readonly trained: readonly boolean[]
}

/** Tokens that carry loss. The first token has nothing before it to be predicted from. */
export function trainedTokens({ trained }: EncodedExample): number {
  let count = 0
  for (let index = 1; index < trained.length; index++) if (trained[index] === true) count += 1
  return count
}
