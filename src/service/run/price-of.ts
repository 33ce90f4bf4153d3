import type { PriceConfig } from '../../config/candidate-schema.ts'
import { HoneError } from '../../core/errors.ts'
import type { TokenPrice } from '../../evaluate/operations.ts'
import { findProfile } from '../../profiles/profiles.ts'

/**
 * What the tokens of a candidate cost, as the configuration says it.
 *
 * @throws HoneError `E_CONFIG` for a profile that has no price of tokens; what `findProfile` throws
 */
export function priceOf(price: PriceConfig): TokenPrice {
  if (typeof price !== 'string') return { ...price, source: 'the configuration' }
  const { profile } = findProfile(price)
  const perMillion = (what: 'input' | 'output') =>
    profile.prices.find((each) => each.what === what && each.per === 'million tokens')
  const [input, output] = [perMillion('input'), perMillion('output')]
  if (input === undefined || output === undefined) {
    throw new HoneError('E_CONFIG', `no published price of tokens was found for ${profile.id}`, {
      hint: 'write it yourself as evaluation.prices: { CANDIDATE: { input: …, output: … } }',
    })
  }
  return { input: input.usd, output: output.usd, source: `${profile.id}, ${input.date}` }
}
