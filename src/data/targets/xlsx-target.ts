import writeXlsxFile, { type Row } from 'write-excel-file/node'
import { HoneError } from '../../core/errors.ts'
import type { RecordTarget } from './record-target.ts'
import { cellText } from './cell-text.ts'

/** Limits of Excel. Source: https://support.microsoft.com/office/excel-specifications-and-limits */
const mostRows = 1_048_576
const longestCell = 32_767

const text = (value: string): Row[number] => (value === '' ? null : { value, type: String })

/** One sheet, the names of the columns first. The whole file is made in memory. */
export const xlsxTarget: RecordTarget = {
  id: 'xlsx',
  endings: ['xlsx'],
  isTable: true,
  open(writer, columns, file) {
    const names = [...columns.keys()]
    const rows: Row[] = [names.map(text)]
    return {
      add(record) {
        if (rows.length >= mostRows) {
          throw new HoneError('E_DATA', `a sheet has at most ${mostRows} rows`, {
            at: { file },
            hint: 'write .csv or .parquet instead',
          })
        }
        rows.push(
          names.map((name) => {
            const cell = cellText(record[name])
            if (cell.length <= longestCell) return text(cell)
            throw new HoneError(
              'E_DATA',
              `record ${rows.length} has ${cell.length} characters in ${JSON.stringify(name)}; a cell of a sheet has at most ${longestCell}`,
              { at: { file }, hint: 'write .csv or .parquet instead' },
            )
          }),
        )
      },
      flush: () => Promise.resolve(),
      async end() {
        await writer.write(await writeXlsxFile(rows).toBuffer())
      },
    }
  },
}
