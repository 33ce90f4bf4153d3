import { readFile, stat } from 'node:fs/promises'
import type { ZipFile } from 'yauzl'
import { HoneError } from '../../core/errors.ts'
import type { SourceKind } from './source-kind.ts'
import type { SourceRow } from './source-row.ts'
import { columnNames, rowRecord } from './table-row.ts'

const largestFileBytes = 64 * 2 ** 20
const largestContentBytes = 512 * 2 ** 20
const mostColumns = 1_024

/** The first sheet of an Excel file, or the one that is named; the first row names the columns. */
export const xlsx: SourceKind = {
  id: 'xlsx',
  name: 'Excel (.xlsx): the first sheet, or `--sheet`; the first row names the columns',
  endings: ['xlsx'],
  isText: false,
  isTable: true,
  fits: (head) => head.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 3, 4])),
  async *rows({ file, location, sheet, note, signal }) {
    const path = await file()
    const { size } = await stat(path)
    if (size > largestFileBytes) {
      throw new HoneError(
        'E_DATA',
        `the Excel file has ${(size / 2 ** 20).toFixed(0)} MiB, the limit is 64 MiB`,
        {
          at: { file: location },
          hint: 'export it as CSV',
        },
      )
    }
    const bytes = await readFile(path, { signal })
    await checkContent(bytes, location, signal)
    const { default: readSheets, readSheet } = await import('read-excel-file/node')
    const failed = (error: unknown): never => {
      throw refusal(error, location)
    }
    const rows = await readSheet(bytes, sheet ?? 1, { trim: false }).catch(failed)
    signal?.throwIfAborted()
    const [header, ...others] = rows as readonly (readonly unknown[])[]
    if (sheet === undefined && others.length === 0)
      refuseOthers(await readSheets(bytes).catch(failed), location)
    if (header === undefined) return
    const columns = columnNames(header, location)
    note(`sheet ${sheet ?? 'number 1'}, columns ${columns.slice(0, 12).join(', ')}`)
    for (let at = 0; at < others.length; at += 1_000) {
      yield others.slice(at, at + 1_000).map((cells, offset): SourceRow => {
        const number = at + offset + 2
        const isBlank = cells.every((cell) => cell === null || cell === '')
        return isBlank ? { number, text: '' } : { number, record: rowRecord(columns, cells) }
      })
    }
  },
}

/** A first sheet without records, such as a title page, beside others with some is not what was meant. */
function refuseOthers(
  sheets: readonly { readonly sheet: string; readonly data: readonly unknown[] }[],
  location: string,
): void {
  const [first, ...others] = sheets
  const names = others.filter(({ data }) => data.length > 1).map(({ sheet }) => sheet)
  if (names.length === 0) return
  const listed = names.slice(0, 10).map((name) => JSON.stringify(name))
  throw new HoneError(
    'E_DATA',
    `the first sheet, ${JSON.stringify(first?.sheet)}, has no records; ${listed.join(', ')} may`,
    {
      at: { file: location },
      hint: `name the sheet: hone data import FILE --sheet ${listed[0] ?? ''} --to examples.jsonl`,
    },
  )
}

function refusal(error: unknown, location: string): HoneError {
  const isSheet = error instanceof Error && error.name === 'SheetNotFoundError'
  const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '').slice(0, 200) : String(error)
  return new HoneError('E_DATA', isSheet ? reason : `the Excel file cannot be read: ${reason}`, {
    at: { file: location },
    hint: isSheet ? 'name one of its sheets with --sheet' : 'save it again, or export it as CSV',
    cause: error,
  })
}

/** Unpacks the archive once without keeping anything: what is small in the file may be endless in memory. */
async function checkContent(bytes: Buffer, location: string, signal: AbortSignal | undefined): Promise<void> {
  const refuse = (message: string, cause?: unknown): HoneError =>
    new HoneError('E_DATA', message, { at: { file: location }, hint: 'export it as CSV', cause })
  const { fromBufferPromise } = await import('yauzl')
  let archive: ZipFile
  try {
    archive = await fromBufferPromise(bytes)
  } catch (error) {
    throw refuse('the file is a damaged ZIP archive, so no Excel file', error)
  }
  let total = 0
  let isWorkbook = false
  try {
    for await (const entry of archive.eachEntry()) {
      signal?.throwIfAborted()
      if (entry.fileName === 'xl/workbook.xml') isWorkbook = true
      if (!/\.xml(?:\.rels)?$/.test(entry.fileName)) continue
      const stream = await archive.openReadStreamPromise(entry)
      let tail = ''
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        total += chunk.length
        if (total > largestContentBytes) throw refuse('the Excel file unpacks to more than 512 MiB')
        const text = tail + chunk.toString('latin1')
        for (const [, letters = '', row] of text.matchAll(/\br=["']([A-Z]{1,20})(\d{1,20})["']/g)) {
          if (columnNumber(letters) > mostColumns || Number(row) > 1_048_576) {
            throw refuse(
              `the Excel file has a cell ${letters}${row}; ${mostColumns} columns are read at most`,
            )
          }
        }
        tail = text.slice(-48)
      }
    }
  } catch (error) {
    if (HoneError.isInstance(error) || signal?.aborted === true) throw error
    throw refuse('the file is a damaged ZIP archive, so no Excel file', error)
  }
  if (!isWorkbook) throw refuse('the file is a ZIP archive, and no Excel file')
}

const columnNumber = (letters: string): number =>
  Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)
