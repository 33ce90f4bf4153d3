import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { xmlDeclaration, xmlElement, type XmlContent } from '../../wire/xml.ts'
import { AwsError } from '../aws/aws-request.ts'

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/'

/** An XML document; members that are undefined are left out. */
export function xmlDocument(root: string, content: { readonly [name: string]: XmlContent }): string {
  return `${xmlDeclaration}${xmlElement(root, content).replace(`<${root}>`, `<${root} xmlns="${namespace}">`)}`
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
