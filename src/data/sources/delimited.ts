import Papa from 'papaparse'
import { decodeText } from './decode-text.ts'
import { largestRecordBytes, tooLong, type SourceRow } from './source-row.ts'
import type { SourceKind } from './source-kind.ts'
import { columnNames, rowRecord } from './table-row.ts'

const names: Readonly<Record<string, string>> = { ',': 'comma', '\t': 'tab', ';': 'semicolon', '|': 'bar' }

interface Dialect {
  readonly delimiter: string
  readonly newline: '\n' | '\r\n' | '\r'
}

interface Parsed {
  readonly data: readonly (readonly string[])[]
  readonly errors: readonly { readonly row?: number; readonly message: string }[]
  readonly meta: { readonly cursor: number }
}

/**
 * Cells between commas, tabs, semicolons or bars, quoted where they hold those or line breaks (RFC 4180); the first row names
 * the columns.
 */
export const delimited: SourceKind = {
  id: 'csv',
  name: 'CSV and TSV: the first row names the columns',
  endings: ['csv', 'tsv', 'tab'],
  isText: true,
  isTable: true,
  fits(head, ending) {
    const text = startOf(head)
    if (text.trimStart().startsWith('{') || text.trim() === '') return false
    if (delimited.endings.includes(ending)) return true
    return !['jsonl', 'ndjson', 'json'].includes(ending) && dialectOf(text, ending) !== undefined
  },
  async *rows({ chunks, head, location, note }) {
    const begun = startOf(head)
    const declared = declaredMark(begun)
    const start = begun.slice(declared?.length ?? 0)
    const ending = location.toLowerCase().endsWith('.tsv') ? 'tsv' : ''
    // Where rows differ in length, the names of the columns decide.
    const dialect: Dialect =
      declared !== undefined
        ? { delimiter: declared.mark, newline: newlineOf(begun) }
        : (dialectOf(start, ending) ??
          dialectOf(start, ending, 1) ?? { delimiter: ',', newline: newlineOf(start) })
    note(`columns are separated by a ${names[dialect.delimiter] ?? 'mark'}`)
    let columns: string[] | undefined
    let rest = ''
    let line = declared === undefined ? 1 : 2
    const take = (text: string, isLast: boolean): SourceRow[] => {
      const { data, errors, meta } = parse(text, dialect, !isLast)
      rest = text.slice(meta.cursor)
      const faults = new Map(errors.map(({ row = -1, message }) => [row, message]))
      const rows: SourceRow[] = []
      for (const [at, cells] of data.entries()) {
        const number = line
        line += 1
        for (const cell of cells) if (cell.includes('\n')) line += cell.split('\n').length - 1
        const fault = faults.get(at)
        if (cells.length === 1 && cells[0]?.trim() === '') rows.push({ number, text: '' })
        else if (fault !== undefined)
          rows.push({ number, fault: 'table/row', message: quoteFault(fault, line - number) })
        else if (columns === undefined) columns = columnNames(cells, location)
        else if (cells.length === columns.length) rows.push({ number, record: rowRecord(columns, cells) })
        else {
          const message = `the row has ${cells.length} cells, the first row names ${columns.length} columns`
          rows.push({ number, fault: 'table/row', message })
        }
      }
      return rows
    }
    let isFirst = true
    for await (const text of decodeText(chunks(), location)) {
      const rows = take(
        rest + (isFirst ? text.replace(/^\uFEFF/, '').slice(declared?.length ?? 0) : text),
        false,
      )
      isFirst = false
      if (rows.length > 0) yield rows
      if (rest.length > largestRecordBytes) {
        // A quote that nothing closes: where the next row begins cannot be told.
        yield [tooLong(line, rest.length, 'row')]
        return
      }
    }
    if (rest !== '') yield take(rest, true)
  },
}

const startOf = (head: Buffer): string => new TextDecoder().decode(head).replace(/^\uFEFF/, '')

/** Excel's own first line, `sep=;`, which says what parts the cells and is no row. */
function declaredMark(text: string): { readonly mark: string; readonly length: number } | undefined {
  const found = /^"?sep=([,;|\t])"?\r?\n/i.exec(text)
  return found?.[1] === undefined ? undefined : { mark: found[1], length: found[0].length }
}

const quoteFault = (message: string, lines: number): string =>
  /unterminated|missing/i.test(message)
    ? `a quote is not closed${lines < 2 ? '' : `, so that ${lines} lines were taken for one row`}`
    : 'text follows a closing quote (a quote inside of quotes is written twice)'

function parse(text: string, { delimiter, newline }: Dialect, ignoreLastRow: boolean): Parsed {
  const parser = new Papa.Parser({ delimiter, newline, quoteChar: '"' })
  return parser.parse(text, 0, ignoreLastRow) as Parsed
}

function newlineOf(text: string): Dialect['newline'] {
  const feed = text.indexOf('\n')
  if (feed > 0 && text[feed - 1] === '\r') return '\r\n'
  return feed === -1 && text.includes('\r') ? '\r' : '\n'
}

/** The mark that gives the most columns, all rows alike; `undefined` where none does. */
function dialectOf(text: string, ending: string, rowsAsked = 50): Dialect | undefined {
  const newline = newlineOf(text)
  let best: (Dialect & { readonly columns: number }) | undefined
  for (const delimiter of ending === 'tsv' || ending === 'tab' ? ['\t'] : Object.keys(names)) {
    const isWhole = text.length < 60_000
    const rows = parse(text, { delimiter, newline }, !isWhole)
      .data.filter((cells) => cells.length > 1 || cells[0]?.trim() !== '')
      .slice(0, rowsAsked)
    const columns = rows[0]?.length ?? 0
    const alike = rows.filter(({ length }) => length === columns).length
    if (columns < 2 || alike < rows.length * 0.9 || columns <= (best?.columns ?? 1)) continue
    best = { delimiter, newline, columns }
  }
  return best
}
