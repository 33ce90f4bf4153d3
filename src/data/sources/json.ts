import { parseJson } from '../../lib/parse-json.ts'
import { isJsonObject } from '../records/record-format.ts'
import { detectFormat } from '../records/record-formats.ts'
import { recognizeColumns } from '../records/recognize-columns.ts'
import { JsonElements, type JsonShape } from './json-elements.ts'
import type { SourceKind } from './source-kind.ts'

/** One JSON text: a list of records, an object that holds the list under one key, or one record or several over many lines. */
export const json: SourceKind = {
  id: 'json',
  name: 'JSON: a list of objects, one object, or an object with the list under one key',
  endings: ['json'],
  isText: true,
  isTable: false,
  fits(head) {
    const text = startOf(head)
    if (text.startsWith('[')) return true
    return text.startsWith('{') && (isOpenLine(text) || heldKey(text) !== undefined)
  },
  async *rows({ chunks, head, note }) {
    const text = startOf(head)
    const key = text.startsWith('[') ? undefined : heldKey(text)
    const shape: JsonShape = text.startsWith('[')
      ? { in: 'list' }
      : key === undefined
        ? { in: 'sequence' }
        : { in: 'key', key }
    if (key !== undefined)
      note(`the records stand under ${JSON.stringify(key)}; nothing else of the file is read`)
    const elements = new JsonElements(shape)
    for await (const chunk of chunks()) {
      const rows = elements.push(chunk)
      if (rows.length > 0) yield rows
    }
    yield elements.end()
  },
}

const startOf = (head: Buffer): string =>
  head
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()

/**
 * Whether the first line ends inside of an object, as JSON that a person can read does. Where the second is a whole object,
 * the first is a line of JSONL that was cut.
 */
function isOpenLine(text: string): boolean {
  const [, first = '', second = ''] = /^([^\n]*)\n([^\n]*)(?:\n|$)/.exec(text) ?? []
  return /[{[,:]$/.test(first.trimEnd()) && !isWholeObject(second)
}

function isWholeObject(line: string): boolean {
  if (!line.startsWith('{')) return false
  try {
    return isJsonObject(parseJson(line))
  } catch {
    return false
  }
}

/** The first key of an object whose value is a list that begins with a record; only the start of the text is known. */
function heldKey(text: string): string | undefined {
  const held =
    /^\{(?:\s*"(?:[^"\\]|\\.){0,100}"\s*:\s*(?:"(?:[^"\\]|\\.){0,500}"|[\w.+-]{1,40})\s*,){0,20}\s*"((?:[^"\\]|\\.){1,100})"\s*:\s*\[/s.exec(
      text,
    )
  const key = held?.[1]
  if (held === null || key === undefined) return undefined
  const elements = new JsonElements({ in: 'list' })
  const [first] = elements.push(Buffer.from(text.slice(held[0].length - 1), 'latin1'))
  if (first === undefined || !('text' in first)) return undefined
  try {
    const value: unknown = parseJson(first.text)
    if (!isJsonObject(value)) return undefined
    return detectFormat(value) !== undefined || recognizeColumns(Object.keys(value)) !== undefined
      ? Buffer.from(key, 'latin1').toString('utf8')
      : undefined
  } catch {
    return undefined
  }
}
