import { displayWidth } from '../../lib/display-width.ts'
import { printableText } from '../../lib/printable-text.ts'

/** Somebody's text in quotes on one line, cut after so many columns. */
export function excerptText(text: string, columns = 60): string {
  const line = printableText(
    text
      .slice(0, 4 * columns)
      .replaceAll(/\s+/g, ' ')
      .trim(),
  )
  const characters = Array.from(line)
  let end = characters.length
  while (end > 0 && displayWidth(characters.slice(0, end).join('')) > columns) end--
  const cut = end < characters.length || text.length > 4 * columns
  return `"${characters.slice(0, end).join('')}${cut ? '…' : ''}"`
}
