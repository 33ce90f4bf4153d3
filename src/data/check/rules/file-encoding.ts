import { counted } from '../../counted.ts'
import type { SetRule } from '../rule.ts'

export const byteOrderMark: SetRule = {
  id: 'file/byte-order-mark',
  severity: 'warning',
  reason:
    'A byte order mark makes the first line no JSON for strict readers; UTF-8 needs none (RFC 8259, section 8.1).',
  source: 'https://www.rfc-editor.org/rfc/rfc8259',
  fixWords: 'it is taken away',
  start: ({ file }) =>
    file === undefined
      ? undefined
      : {
          *finish({ file: facts }) {
            if (facts?.hasByteOrderMark === true) {
              yield {
                at: { line: 1 },
                message: 'the file begins with a byte order mark',
                hint: 'save it as UTF-8 without BOM',
              }
            }
          },
        },
}

export const carriageReturn: SetRule = {
  id: 'file/carriage-return',
  severity: 'note',
  reason: 'Lines that end as on Windows are read by most programs, and counted as other content by some.',
  fixWords: 'lines end with a line feed alone',
  start: ({ file }) =>
    file === undefined
      ? undefined
      : {
          *finish({ file: facts }) {
            if (facts === undefined || facts.carriageReturns === 0) return
            yield {
              at: { line: facts.firstCarriageReturn },
              message: `${counted(facts.carriageReturns, 'line')} with a carriage return at the end`,
            }
          },
        },
}

export const blankLines: SetRule = {
  id: 'file/blank-line',
  severity: 'note',
  reason: 'Blank lines are skipped; they are not records.',
  fixWords: 'empty lines are taken away',
  start: ({ file, profile }) =>
    file === undefined || profile?.files.blankLines === 'refused'
      ? undefined
      : {
          *finish({ file: facts }) {
            if (facts === undefined || facts.blankLines === 0) return
            yield {
              at: { line: facts.firstBlank },
              message: `${counted(facts.blankLines, 'blank line')} skipped`,
            }
          },
        },
}
