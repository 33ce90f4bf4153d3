import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { recordLine } from './record-line.ts'
import { collectRows } from '../testing/collect-rows.ts'

let folder = ''
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'hone-test-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

const line = (at: number): string => `{"input":"question ${at}",  "output":"answer ${at}"}`

test('records that are not wanted come as they stand in the file, unread, and are counted', async () => {
  const file = join(folder, 'a.jsonl')
  await writeFile(file, [line(0), '', line(1), 'no JSON', line(3)].join('\n'))
  const asked: number[] = []
  const wanted = (index: number): boolean => {
    asked.push(index)
    return index === 1
  }
  const { rows, summary } = await collectRows(file, { wanted })
  expect(asked).toEqual([0, 1, 2, 3])
  expect(summary).toMatchObject({ records: 4, blankLines: 1 })
  expect(
    rows.map((row) => [row.line, row.text, row.example?.messages[1]?.content, row.findings.length]),
  ).toEqual([
    [1, line(0), undefined, 0],
    [3, line(1), 'answer 1', 0],
    [4, 'no JSON', undefined, 0],
    [5, line(3), undefined, 0],
  ])
  expect(rows.map(recordLine)).toEqual([line(0), line(1), 'no JSON', line(3)])
})

test.each([
  ['a.csv', 'input,output\n"one\ntwo",yes\nthree,no\n'],
  [
    'a.json',
    JSON.stringify(
      [
        { input: 'one\ntwo', output: 'yes' },
        { input: 'three', output: 'no' },
      ],
      null,
      2,
    ),
  ],
])('a record of %s is printed as one line, wanted or not', async (name, content) => {
  const file = join(folder, name)
  await writeFile(file, content)
  const lines = ['{"input":"one\\ntwo","output":"yes"}', '{"input":"three","output":"no"}']
  for (const options of [{}, { wanted: () => false }]) {
    expect((await collectRows(file, options)).rows.map(recordLine)).toEqual(lines)
  }
})

test('a table whose columns mean nothing is refused, whatever is wanted', async () => {
  const file = join(folder, 'a.csv')
  await writeFile(file, 'x,y\n1,2\n')
  await expect(collectRows(file, { wanted: () => false })).rejects.toMatchObject({ code: 'E_DATA' })
})
