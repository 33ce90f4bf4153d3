import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { JsonObject } from '../../core/example.ts'
import { FormatFinder } from './format-finder.ts'
import { RowChecker } from '../check/row-checker.ts'
import { lastAnswer, turnsByFormat } from './record-turns.ts'

const official = JSON.parse(
  readFileSync(new URL('formats/fixtures/official.json', import.meta.url), 'utf8'),
) as readonly { readonly format: string; readonly record: JsonObject }[]

const tables: readonly JsonObject[] = [
  { text: 'My card is gone', category: 'cards' },
  { source: 'Good day', target: 'Guten Tag' },
]

const checker = new RowChecker({ nameOf: String, placeOf: (line) => ({ line }) })

function valueAt(record: JsonObject, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, key) => (value as JsonObject | undefined)?.[key], record)
}

test.each([
  ...official.map(({ format, record }) => ({ format, record })),
  ...tables.map((record) => ({ format: 'columns', record })),
])('rules see the texts that the reader of $format reads', ({ record }) => {
  const read = turnsByFormat(record, new FormatFinder()) ?? []
  const { turns, answer } = checker.rowOf(record, 1, 0)
  const wanted = read.filter(({ role, text }) => role !== 'tool' && text !== '')
  expect(wanted).not.toEqual([])
  const seen = turns.map(({ text }) => text).join('\n')
  const parts = wanted.flatMap(({ text }) => text.split('\n'))
  expect(parts.filter((part) => !seen.includes(part))).toEqual([])
  expect(lastAnswer(read)?.text ?? '').toContain(answer?.text ?? '')
  expect(turns.filter(({ pointer }) => valueAt(record, pointer) === undefined)).toEqual([])
})
