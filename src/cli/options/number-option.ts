import { InvalidArgumentError } from 'commander'

export interface NumberRange {
  readonly min: number
  readonly max?: number
}

/** A parser of an option's value that takes whole numbers of a range. */
export function wholeNumber(range: NumberRange): (text: string) => number {
  return (text) => {
    const number = numberIn(text, range)
    if (Number.isSafeInteger(number)) return number
    throw new InvalidArgumentError('must be a whole number')
  }
}

/** A parser of an option's value that takes numbers of a range. */
export function decimalNumber(range: NumberRange): (text: string) => number {
  return (text) => numberIn(text, range)
}

function numberIn(text: string, { min, max = Number.POSITIVE_INFINITY }: NumberRange): number {
  const number = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isFinite(number) && number >= min && number <= max) return number
  const limits = max === Number.POSITIVE_INFINITY ? `${min} or more` : `from ${min} to ${max}`
  throw new InvalidArgumentError(`must be a number ${limits}`)
}
