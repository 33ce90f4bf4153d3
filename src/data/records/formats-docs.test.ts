import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { formatTables } from '../testing/formats-markdown.ts'
import { targetEndings } from '../targets/record-targets.ts'

const document = readFileSync(new URL('../../../docs/formats.md', import.meta.url), 'utf8').replaceAll(
  '\r\n',
  '\n',
)

/** Cells of the rows of the table under a heading, without its head. */
const tableUnder = (heading: string): string[][] =>
  (document.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split(' | ')
        .map((cell) => cell.trim()),
    )

test('docs/formats.md shows the formats, what they hold, and the kinds of files as they are', () => {
  const { forms, holds, kinds } = formatTables()
  expect(forms.length).toBeGreaterThan(10)
  expect(tableUnder('Forms of records')).toEqual(forms)
  expect(tableUnder('What a form can hold')).toEqual(holds)
  expect(tableUnder('Kinds of files')).toEqual(kinds)
})

test('docs/formats.md names every ending that can be written', () => {
  expect(targetEndings.filter((ending) => !document.includes(`\`.${ending}\``))).toEqual([])
})
