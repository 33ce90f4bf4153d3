import { InvalidArgumentError } from 'commander'
import type { LineRange } from '../../service/data/data-mask.ts'

/** A parser of an option's value that takes lines: `5`, `1-5`, `1-3,17`. */
export function rowRanges(text: string): LineRange[] {
  return text.split(',').map((part) => {
    const [, first = '', last] = /^\s*(\d{1,15})\s*(?:-\s*(\d{1,15})\s*)?$/.exec(part) ?? []
    const [from, to] = [Number(first), Number(last ?? first)]
    if (first === '' || from < 1 || to < from) {
      throw new InvalidArgumentError('must be lines such as 5, 1-5 or 1-3,17')
    }
    return { from, to }
  })
}
