import type { Price, Profile } from './profile.ts'
import { sources } from './sources.ts'

/** How a service counts and charges the tokens of training data, as far as can be known without asking it. */
export interface TokenPlan {
  /** Id of the profile. */
  readonly id: string
  readonly title: string
  /** Characters (UTF-16 code units) for each token. */
  readonly charactersPerToken: number
  /** Tokens that each message takes beside its text. */
  readonly tokensPerMessage: number
  /** Tokens that each record takes beside its messages. */
  readonly tokensPerRecord: number
  /** The method in words, with where it is from. */
  readonly method: string
  /** Longest record that the service takes, in tokens; null where it is not published. */
  readonly recordLimit: number | null
  /** Epochs that are reckoned with unless some are named. */
  readonly epochs: number
  /** USD for a million trained tokens; null where no source names it. */
  readonly trainingPrice: number | null
  /** Where the price is from, with its date; why there is none. */
  readonly priceSource: string
}

/** What a profile says about tokens and their price; `undefined` where it names no way to estimate them. */
export function tokenPlan({ id, title, tokens, hyperparameters, prices }: Profile): TokenPlan | undefined {
  if (tokens === undefined) return undefined
  const { charactersPerToken, perMessage = 0, perRecord = 0, estimate, record } = tokens
  const marks = perMessage + perRecord > 0 ? `, ${perMessage} more a message and ${perRecord} a record` : ''
  const epochs = hyperparameters.find(({ name }) => name === 'epochCount' || name === 'n_epochs')
  const usual = typeof epochs?.default === 'number' ? epochs.default : epochs?.planned
  const unknown = usual === undefined ? '; its default of epochs is not known, so 1 is reckoned with' : ''
  const price = prices.find(({ what, per }) => what === 'training' && per === 'million tokens')
  return {
    id,
    title,
    charactersPerToken,
    tokensPerMessage: perMessage,
    tokensPerRecord: perRecord,
    method: `${charactersPerToken} characters a token${marks} (${sourceText(estimate)})${unknown}`,
    recordLimit: record?.value ?? null,
    epochs: usual ?? 1,
    trainingPrice: price?.usd ?? null,
    priceSource: price === undefined ? reasonOfNone(prices) : `${sourceText(price.source)}, ${price.date}`,
  }
}

function sourceText(id: keyof typeof sources): string {
  const { title, read, secondHand } = sources[id]
  return `${title}${read === undefined ? ', from memory' : ''}${secondHand === true ? ', as quoted by others' : ''}`
}

function reasonOfNone(prices: readonly Price[]): string {
  const other = prices.find(({ what }) => what === 'training')
  return other === undefined
    ? 'no published price of training was found'
    : `training costs USD ${other.usd} per ${other.per}, not by tokens`
}
