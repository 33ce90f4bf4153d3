import { printableText } from '../../lib/printable-text.ts'

/** Markup that is safe to write as it stands. Only the `html` tag makes it. */
export interface Html {
  readonly markup: string
}

type HtmlPart = string | number | Html | readonly Html[]

const made = new WeakSet<object>()

/**
 * Markup from a template: every text that is filled in is escaped, for elements and for quoted attributes alike, and
 * characters that are not seen are written out. Attributes must be quoted in the template.
 */
export function html(template: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  const markup = template.reduce((text, piece, at) => `${text}${markupOf(parts[at - 1] ?? '')}${piece}`)
  const result = { markup }
  made.add(result)
  return result
}

/** Nothing. */
export const noHtml: Html = html``

function markupOf(part: HtmlPart): string {
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part))
  if (isList(part)) return part.map(markupOf).join('')
  // An object that came out of JSON must not pass for markup.
  if (!made.has(part)) throw new TypeError('only the html tag makes markup')
  return part.markup
}

const isList = (part: Html | readonly Html[]): part is readonly Html[] => Array.isArray(part)

const references: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string =>
  printableText(text, { keepLines: true }).replaceAll(/[&<>"']/g, (character) => references[character] ?? '')
