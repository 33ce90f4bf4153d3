import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../../config/read-config.ts'
import type { Evaluation } from '../../evaluate/evaluation.ts'
import { importAnswers, type ImportedAnswers } from './import-answers.ts'
import { readImported } from './imported-answers.ts'

const colours = ['red', 'green', 'blue']

/** Sixty records to train on; the rows that are measured lie in a file of their own. */
function taskOf(tested: readonly { readonly input: string; readonly label: string }[], more = '') {
  const folder = mkdtempSync(join(tmpdir(), 'hone-import-'))
  const lines = (rows: typeof tested): string =>
    rows
      .map(({ input, label }) =>
        JSON.stringify({
          messages: [
            { role: 'user', content: input },
            { role: 'assistant', content: label },
          ],
        }),
      )
      .join('\n')
  const trained = Array.from({ length: 60 }, (_, at) => ({
    input: `word${at} other${at * 7} third${at * 13}`,
    label: colours[at % 3]!,
  }))
  const writeTested = (rows: typeof tested): void => writeFileSync(join(folder, 'test.jsonl'), lines(rows))
  writeFileSync(join(folder, 'train.jsonl'), lines(trained))
  writeTested(tested)
  writeFileSync(
    join(folder, 'hone.yaml'),
    `schema: 1\nname: colours\ndata: { train: train.jsonl, test: test.jsonl }\ntask: { kind: labels${more} }\noutput: ${join(folder, 'out')}\n`,
  )
  const imported = async (answers: readonly object[], candidate = 'oracle'): Promise<ImportedAnswers> => {
    const file = join(folder, 'answers.jsonl')
    writeFileSync(file, answers.map((answer) => JSON.stringify(answer)).join('\n'))
    return importAnswers(join(folder, 'home'), { config: await readConfig(folder), file, candidate }, {})
  }
  return { folder, imported, writeTested }
}

const given = ({ candidates }: Evaluation): string[] => candidates[0]!.rows.map(({ answer }) => answer)

const asked = [
  { input: 'quite the same', label: 'red' },
  { input: 'something else here', label: 'green' },
  { input: 'quite the same', label: 'blue' },
]

test('rows with one input: an answer for each, one after the other, or one for all; no more', async () => {
  const { imported } = taskOf(asked)
  const each = [
    { input: 'quite the same', answer: 'red' },
    { input: 'something else here', answer: 'green' },
    { input: 'quite the same', answer: 'blue' },
  ]
  expect(given((await imported(each)).evaluation)).toEqual(['red', 'green', 'blue'])
  expect(given((await imported(each.slice(0, 2))).evaluation)).toEqual(['red', 'green', 'red'])
  await expect(imported([...each, each[0]!])).rejects.toMatchObject({
    code: 'E_DATA',
    message: expect.stringContaining('twice') as string,
    at: { line: 4 },
  })
})

test('tokens that nobody counted are not taken for none: no cost, no saving', async () => {
  const { imported } = taskOf(asked)
  const ids = ['test.jsonl:1', 'test.jsonl:2', 'test.jsonl:3']
  await imported(
    ids.map((id) => ({ id, answer: 'red', promptTokens: 40, completionTokens: 2 })),
    'counted',
  )
  const { evaluation } = await imported(
    ids.map((id) => ({ id, answer: 'green' })),
    'uncounted',
  )
  expect(evaluation.comparisons.map(({ promptTokenChange }) => promptTokenChange)).toEqual([null])
  expect(evaluation.comparisons[0]?.sentence).not.toContain('prompt tokens')
})

test('answers that a metric cannot be measured of are refused before they are kept', async () => {
  const { folder, imported } = taskOf(asked, ', metrics: [accuracy, calibration-error]')
  await expect(
    imported(
      [{ input: 'quite the same', answer: 'red' }, asked[1]!].map(({ input }) => ({ input, answer: 'red' })),
    ),
  ).rejects.toMatchObject({
    code: 'E_CONFIG',
    message: expect.stringContaining('"calibration-error" needs label probabilities') as string,
  })
  expect(readdirSync(folder)).not.toContain('out')
})

test('answers of a row that has another input by now are left out', async () => {
  const { folder, imported } = taskOf(asked)
  await imported(asked.map(({ label }, at) => ({ id: `test.jsonl:${at + 1}`, answer: label })))
  const config = await readConfig(folder)
  const rows = (JSON.parse(readFileSync(join(folder, 'out/evaluation.json'), 'utf8')) as Evaluation).examples
  const known = await readImported(config, 'test', rows, new Set(), [])
  expect(known.answers.map(({ id }) => id)).toEqual(['oracle'])
  // A record that is put before the others takes their ids.
  const moved = rows.map(({ id }, at) => ({ id, input: at === 0 ? 'a new first' : rows[at - 1]!.input }))
  expect(await readImported(config, 'test', moved, new Set(), [])).toEqual({
    answers: [],
    lines: ['oracle: left out, imported were answers to 0 of these 3 rows as they are now'],
  })
})
