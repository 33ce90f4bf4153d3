/** Content of an XML element: a text, elements by name, or a list. */
export type XmlContent =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlContent[]
  | { readonly [name: string]: XmlContent }

/** The first line of a document. */
export const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>\n'

/**
 * An element; members that are undefined are left out.
 *
 * @param listMember name of the elements of a list inside its own; without it the list's element is repeated
 */
export function xmlElement(name: string, content: XmlContent, listMember?: string): string {
  if (content === undefined) return ''
  if (Array.isArray(content)) {
    const items = content.map((each: XmlContent) => xmlElement(listMember ?? name, each, listMember)).join('')
    return listMember === undefined ? items : `<${name}>${items}</${name}>`
  }
  if (typeof content !== 'object') return `<${name}>${escaped(String(content))}</${name}>`
  const members = Object.entries(content).map(([key, value]: [string, XmlContent]) =>
    xmlElement(key, value, listMember),
  )
  return `<${name}>${members.join('')}</${name}>`
}

/** Text as XML 1.0 can hold it; characters that may not occur in it at all are left out. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;')
}
