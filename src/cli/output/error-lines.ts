import { placeText, type HoneError } from '../../core/errors.ts'
import { printableText } from '../../lib/printable-text.ts'
import type { Paint } from './paint.ts'

/**
 * An error for a terminal: `error CODE  what failed`, and below it, in the column of the message, where and what to do.
 */
export function errorLines(error: HoneError, paint: Paint): string[] {
  const label = `error ${error.code}  `
  const indent = ' '.repeat(label.length)
  const place = placeText(error.at)
  const [first = '', ...more] = [
    ...lines(error.message),
    ...(place === '' ? [] : lines(place)),
    ...(error.hint === undefined ? [] : lines(error.hint)),
  ]
  return [`${paint.error(`error ${error.code}`)}  ${first}`, ...more.map((line) => indent + line)]
}

/** Messages quote what others wrote: nothing of it may drive the terminal. */
const lines = (text: string): string[] => printableText(text, { keepLines: true }).split('\n')
