import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { metricNames, type TaskKindName } from '../../config/metric-names.ts'
import { parseConfig } from '../../config/parse-config.ts'
import { readConfig } from '../../config/read-config.ts'
import type { TaskConfig } from '../../config/task-schema.ts'
import { createEvaluation } from '../../evaluate/create-evaluation.ts'
import { metricIds, metricsOf, rightAnswer } from '../../evaluate/metrics/task-metrics.ts'
import { createAnswerReader } from '../../evaluate/read-answer.ts'
import { labelsOf } from './labels-to-score.ts'
import { priceOf } from './price-of.ts'
import { readTask } from './read-task.ts'

const folder = await mkdtemp(join(tmpdir(), 'hone-task-'))
async function fileOf(name: string, text: string): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, text)
  return file
}

const taskIn = (lines: string): TaskConfig =>
  parseConfig(`schema: 1\nname: x\ndata: d.jsonl\ntask:\n${lines}`, 'hone.yaml').config.task

describe('the task of a configuration', () => {
  test('may name the metrics that there are, no more and no fewer', () => {
    const kinds = Object.keys(metricNames) as TaskKindName[]
    expect(kinds.length).toBe(6)
    for (const kind of kinds) {
      // That of a code list is made from the list.
      const named = metricNames[kind].filter((id) => id !== 'codes-valid')
      expect(named.toSorted()).toEqual(metricIds(kind).toSorted())
    }
  })

  test('has its fields with their ways, and its schema', async () => {
    const schema = await fileOf('schema.json', '{"type":"object"}')
    const { task } = await readTask(
      taskIn(`  kind: json
  schema: ${JSON.stringify(schema)}
  fields:
    code: icd-10-cm
    day: { match: date, order: day-first }
    drugs: { match: list, of: { match: object, fields: { name: text, dose: { match: number, tolerance: 1 } } } }
    tags: { match: set, of: exact }
`),
    )
    expect(task).toEqual({
      kind: 'json',
      schema: { type: 'object' },
      fields: [
        { field: 'code', match: 'icd-10-cm' },
        { field: 'day', match: 'date', order: 'day-first' },
        {
          field: 'drugs',
          match: 'list',
          of: {
            match: 'object',
            fields: { name: { match: 'text' }, dose: { match: 'number', tolerance: 1 } },
          },
        },
        { field: 'tags', match: 'set', of: { match: 'exact' } },
      ],
    })
    const listed = await readTask(taskIn('  kind: json\n  fields: [a, /b/c]\n'))
    expect(listed.task).toEqual({ kind: 'json', fields: ['a', { field: '/b/c', match: 'exact' }] })
  })

  test('is that of the example of clinical notes, whose records are right by its rules', async () => {
    const config = await readConfig('examples/clinical-notes')
    const { task } = await readTask(config.task)
    expect(metricsOf(task).map(({ id }) => id)).toEqual(['fields-match', 'field-accuracy', 'field-f1'])
    const read = createAnswerReader(task)
    const answers = (await readFile('examples/clinical-notes/data.jsonl', 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).messages.at(-1).content as string)
    expect(answers.length).toBeGreaterThan(500)
    for (const answer of answers) {
      const expected = read(answer)
      if (!expected.readable) throw new Error(expected.reason)
      expect(rightAnswer(task).isRight({ expected, answer: expected }, task)).toBe(true)
    }
  })

  test("a list of codes and a user's own metric are measured", async () => {
    const list = await fileOf('codes.txt', '# FY 2025\nJ45901  Unspecified asthma\n\nI10;Hypertension\r\n')
    const mine = await fileOf(
      'Same Length.mjs',
      'export default ({ expected, answer }) => expected.length === answer.length\n',
    )
    const config = taskIn(
      `  kind: codes\n  system: icd-10-cm\n  list: ${JSON.stringify(list)}\n  metrics: [exact-match, codes-valid, { file: ${JSON.stringify(mine)} }]\n`,
    )
    const { task, metrics } = await readTask(config)
    const answers = ['J45.901', 'I11', 'I10'].map((answer, at) => ({
      exampleId: `${at}`,
      answer,
      promptTokens: 1,
      completionTokens: 1,
    }))
    const evaluation = createEvaluation({
      task,
      split: 'test',
      examples: ['j45.901', 'I10', 'I10'].map((expected, at) => ({ id: `${at}`, input: '', expected })),
      candidates: [{ id: 'base', description: '', answers }],
      moreMetrics: metrics,
      settings: { resamples: 50 },
    })
    expect(evaluation.metrics.map(({ id }) => id)).toEqual(['exact-match', 'codes-valid', 'same-length'])
    expect(evaluation.candidates[0]?.scores.map(({ value }) => value)).toEqual([2 / 3, 2 / 3, 1])
    expect(evaluation.candidates[0]?.codes?.relations).toMatchObject({ exact: 2, 'same chapter': 1 })
  })

  test.each([
    ['  kind: codes\n  system: icd-10-cm\n  metrics: [codes-valid]\n', 'needs the list of valid codes'],
    ['  kind: json\n  schema: none.json\n', 'the file cannot be read'],
    ['  kind: text\n  metrics: [{ file: none.mjs }]\n', 'the metric cannot be loaded'],
  ])('%j: %s', async (lines, message) => {
    await expect(readTask(taskIn(lines))).rejects.toThrow(message)
  })

  test('files that do not hold what they should are refused', async () => {
    const schema = await fileOf('no.json', 'no')
    await expect(readTask({ kind: 'json', schema })).rejects.toThrow('is not JSON')
    const list = await fileOf('empty.txt', '# nothing\n')
    await expect(readTask({ kind: 'codes', system: 'icd-10-cm', list })).rejects.toThrow('is empty')
    const none = await fileOf('none.mjs', 'export const score = 1\n')
    await expect(readTask({ kind: 'text', metrics: [{ file: none }] })).rejects.toThrow('no function')
    const bleu = await fileOf('bleu.mjs', 'export default () => 1\n')
    await expect(readTask({ kind: 'text', metrics: ['bleu', { file: bleu }] })).rejects.toThrow(
      'two metrics "bleu"',
    )
  })
})

describe('label probabilities', () => {
  const metrics = [{ needs: 'label scores', id: 'auc' }] as unknown as Parameters<typeof labelsOf>[1]

  test('are asked for where a metric needs them and the answer is the label', () => {
    expect(labelsOf({ kind: 'labels', labels: ['a', 'b'] }, metrics)).toEqual(['a', 'b'])
    expect(labelsOf({ kind: 'labels', labels: ['a', 'b'] }, [])).toBeUndefined()
    expect(() => labelsOf({ kind: 'labels', labels: ['a'], field: 'ROUTE' }, metrics)).toThrow('"ROUTE: …"')
  })
})

describe('prices', () => {
  test('are those of the configuration or of a profile', () => {
    expect(priceOf({ input: 1, output: 2 })).toEqual({ input: 1, output: 2, source: 'the configuration' })
    const { input, output, source } = priceOf('openai:gpt-4o-mini')
    expect(output).toBeGreaterThan(input)
    expect(source).toMatch(/^openai:gpt-4o-mini, \d{4}-\d{2}$/)
    expect(() => priceOf('local')).toThrow('no published price of tokens')
  })
})
