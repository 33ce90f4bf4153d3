import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { AwsError } from '../aws/aws-request.ts'

/** Content of an XML element: a text, elements by name, or a list of the same element. */
export type XmlContent =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlContent[]
  | { readonly [name: string]: XmlContent }

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/'

/** An XML document; members that are undefined are left out. */
export function xmlDocument(root: string, content: { readonly [name: string]: XmlContent }): string {
  const members = Object.entries(content).map(([name, value]) => element(name, value))
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${namespace}">${members.join('')}</${root}>`
}

function element(name: string, content: XmlContent): string {
  if (content === undefined) return ''
  if (Array.isArray(content)) return content.map((each: XmlContent) => element(name, each)).join('')
  if (typeof content !== 'object') return `<${name}>${escaped(String(content))}</${name}>`
  const members = Object.entries(content).map(([key, value]: [string, XmlContent]) => element(key, value))
  return `<${name}>${members.join('')}</${name}>`
}

/** Text as XML 1.0 can hold it; what it cannot is left out by the standard's own rule that it may not occur. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;')
}

const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  ignoreAttributes: true,
  removeNSPrefix: true,
  // Entities that a document declares itself are how small bodies become large ones.
  processEntities: { enabled: true, maxEntityCount: 0 },
})

/**
 * Elements of a small XML document by name.
 *
 * @throws AwsError `MalformedXML`
 */
export function readXml(body: Buffer, root: string): Readonly<Record<string, unknown>> {
  const text = body.toString('utf8')
  if (text.includes('<!DOCTYPE') || XMLValidator.validate(text) !== true) throw malformed()
  const found: unknown = (parser.parse(text) as Record<string, unknown>)[root]
  if (found === '') return {}
  if (typeof found !== 'object' || found === null) throw malformed()
  return found as Record<string, unknown>
}

/** The elements of one name: none, one or several. */
export function elementsOf(
  parent: Readonly<Record<string, unknown>>,
  name: string,
): Record<string, string>[] {
  const found = parent[name]
  const list: readonly unknown[] = Array.isArray(found) ? found : found === undefined ? [] : [found]
  return list.map((each) => {
    if (typeof each !== 'object' || each === null) throw malformed()
    return each as Record<string, string>
  })
}

export const malformed = (): AwsError =>
  new AwsError(
    'MalformedXML',
    400,
    'The XML you provided was not well-formed or did not validate against our published schema',
  )
