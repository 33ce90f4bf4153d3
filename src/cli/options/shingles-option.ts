import { InvalidArgumentError } from 'commander'

/** A parser of `words:3` or `characters:5`. */
export function shinglesOption(text: string): { readonly of: 'words' | 'characters'; readonly size: number } {
  const [, of = '', size = ''] = /^(words|characters):(\d{1,2})$/.exec(text) ?? []
  const number = Number(size)
  if ((of === 'words' || of === 'characters') && number >= 1 && number <= 64) return { of, size: number }
  throw new InvalidArgumentError('must be words:N or characters:N, N from 1 to 64')
}
