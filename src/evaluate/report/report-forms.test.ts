import Papa from 'papaparse'
import { describe, expect, test } from 'vitest'
import { createEvaluation } from '../create-evaluation.ts'
import { sampleEvaluation } from '../testing/sample-evaluation.ts'
import { paretoPoints } from './pareto-front.ts'
import { reportForms } from './report-forms.ts'

const evaluation = sampleEvaluation(96, 100)
const content = {
  title: 'claims-router',
  evaluation,
  facts: [{ title: 'Data', facts: [{ name: 'dataset', value: '7c41' }] }],
}
const written = (form: keyof typeof reportForms, of = content): string => [...reportForms[form](of)].join('')

describe('other forms of the report', () => {
  test('JSON: verdict, scores and facts, without what each row got', () => {
    const report = JSON.parse(written('json'))
    expect(report).toMatchObject({
      schema: 1,
      kind: 'report',
      title: 'claims-router',
      verdict: 'better',
      sentence: expect.stringMatching(/^Better: tuned beats/) as string,
      change: 'accuracy 28.1 % → 91.7 % with 89 % fewer prompt tokens than base + 8 examples',
      facts: content.facts,
      evaluation: { challenger: 'tuned', candidates: [{ id: 'base' }, { id: 'few-shot' }, { id: 'tuned' }] },
    })
    expect(report.evaluation).not.toHaveProperty('examples')
    expect(report.evaluation.candidates[0]).not.toHaveProperty('rows')
    expect(report.evaluation.candidates[2].scores).toEqual(evaluation.candidates[2]?.scores)
  })

  test('CSV: a line a row that another reader reads back', () => {
    const { data, errors } = Papa.parse<Record<string, string>>(written('csv'), {
      header: true,
      skipEmptyLines: true,
    })
    expect(errors).toEqual([])
    expect(data).toHaveLength(96)
    expect(data.map((row) => row['tuned answer'])).toEqual(
      evaluation.candidates[2]?.rows.map(({ answer }) => answer),
    )
    expect(data.filter((row) => row['tuned right'] === '1')).toHaveLength(88)
    expect(data[0]).toMatchObject({ id: 'data.jsonl:3', expected: evaluation.examples[0]?.expected ?? '' })
    expect(data.filter((row) => row['base problem'] !== '')).toHaveLength(27)
  })

  test('CSV: no cell is a formula, and numbers stay numbers', () => {
    const texts = ['=1+1', '+cmd', '-3.5', '@SUM(A1)', 'a "quoted", line\nand another']
    const examples = texts.map((text, at) => ({ id: `${at}`, input: text, expected: 'x' }))
    const answers = texts.map((answer, at) => ({
      exampleId: `${at}`,
      answer,
      promptTokens: 0,
      completionTokens: 0,
    }))
    const own = createEvaluation({
      task: { kind: 'text' },
      split: 'test',
      examples,
      candidates: [{ id: 'one', description: '', answers }],
      settings: { resamples: 20 },
    })
    const rows = Papa.parse<string[]>(written('csv', { ...content, evaluation: own }), {
      skipEmptyLines: true,
    }).data
    expect(rows.slice(1).map((row) => row[3])).toEqual(["'=1+1", "'+cmd", '-3.5', "'@SUM(A1)", texts[4]])
  })

  test('Markdown: the verdict first, tables, and no markup of others', () => {
    const text = written('md')
    expect(text.split('\n').slice(0, 6)).toEqual([
      '# claims-router',
      '',
      expect.stringMatching(/^\*\*Better: tuned beats base \+ 8 examples by 63\.5 points .*\*\*$/),
      '',
      'accuracy 28.1 % → 91.7 % with 89 % fewer prompt tokens than base + 8 examples',
      '',
    ])
    expect(text).toContain('| tuned | 91.7 % (84–96) |')
    expect(text).toContain('| FAST\\_TRACK | 12 |')
    expect(text).toContain('| dataset | 7c41 |')
    const hostile = written('md', { ...content, title: 'a | b\n<script> *x* [y](z)' })
    expect(hostile.split('\n')[0]).toBe('# a \\| b \\<script\\> \\*x\\* \\[y\\](z)')
  })
})

describe('the Pareto front', () => {
  test('is of those that no other beats in quality and cost', () => {
    const found = paretoPoints(evaluation)
    expect(found?.measure).toBe('tokens per query')
    expect(found?.points.map(({ id, isOnFront }) => [id, isOnFront])).toEqual([
      ['base', false],
      ['few-shot', false],
      ['tuned', true],
    ])
    const [base, fewShot, tuned] = evaluation.candidates
    const dear = { ...tuned!, tokensPerQuery: { prompt: 900, completion: 20 } }
    const other = paretoPoints({ ...evaluation, candidates: [base!, fewShot!, dear] })
    expect(other?.points.every(({ isOnFront }) => isOnFront)).toBe(true)
  })

  test('is by price where all have one, by latency without tokens, and not there for one candidate', () => {
    const price = { input: 1, output: 1, source: 'x' }
    const priced = evaluation.candidates.map((each, at) => ({
      ...each,
      cost: { usdPerThousand: at + 1, price },
    }))
    expect(paretoPoints({ ...evaluation, candidates: priced })?.measure).toBe('cost of 1,000 queries')
    const free = evaluation.candidates.map((each) => ({
      ...each,
      tokensPerQuery: { prompt: 0, completion: 0 },
    }))
    expect(paretoPoints({ ...evaluation, candidates: free })?.measure).toBe('p50 latency')
    expect(paretoPoints({ ...evaluation, candidates: free.slice(2) })).toBeUndefined()
  })
})
