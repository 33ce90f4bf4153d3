import { describe, expect, test } from 'vitest'
import { checkExamples, type CheckContext } from './check-examples.ts'
import { FindingCollector, mergeProblems, problemLines, refuseErrors, type DataProblems } from '../finding.ts'
import type { PlacedExample } from '../records/placed-example.ts'
import { exampleAt, wholeAnswer } from '../testing/examples.ts'

type Row = readonly [question: string, answer: string, system?: string]

const examplesOf = (rows: readonly Row[]): PlacedExample[] =>
  rows.map(([question, answer, system], at) => exampleAt(at + 1, question, answer, system))

const found = (rows: readonly Row[], context: Partial<CheckContext> = {}): unknown[] =>
  checkExamples({ examples: examplesOf(rows), ...context }).findings.map(({ id, at, message }) => [
    id,
    at.line,
    message,
  ])

const many = (count: number, label: string): Row[] =>
  Array.from({ length: count }, (_, at) => [`${label} ${at}`, label] as const)

const firstLetter = ({ messages }: Pick<PlacedExample, 'messages'>): string =>
  messages.at(-1)?.content[0] ?? ''

const warningsIn = (file: string, ...lines: number[]): DataProblems => {
  const collector = new FindingCollector()
  for (const line of lines)
    collector.add({ id: 'x/y', severity: 'warning', at: { file, line }, message: 'm' })
  return collector.problems()
}

describe('duplicates', () => {
  test('exact ones are one finding a group', () => {
    expect(
      found([
        ['q', 'a'],
        ['p', 'a'],
        ['q', 'a'],
        ['q', 'a'],
      ]),
    ).toEqual([['duplicate/exact', 3, 'the same record as data.jsonl:1, 3 times in all']])
  })

  test('contradictory: the same input up to white space, another answer', () => {
    expect(
      found([
        ['q  r', 'a'],
        ['p', 'a'],
        [' q r', 'b'],
        ['q r', 'a'],
      ]),
    ).toEqual([
      [
        'duplicate/contradictory',
        3,
        'the same input as data.jsonl:1, but "b" instead of "a"; 3 records have this input',
      ],
    ])
  })

  test('where there are labels, only the label counts; another system prompt is another input', () => {
    const rows: Row[] = [
      ['q', 'a because'],
      ['q', 'a, since'],
      ['p', 'a', 'one'],
      ['p', 'b', 'two'],
    ]
    const ids = checkExamples({ examples: examplesOf(rows), labelOf: firstLetter }).byRule
    expect(ids).toEqual({ 'label/rare': 2 })
    expect(found(rows)).toEqual([
      ['duplicate/contradictory', 2, 'the same input as data.jsonl:1, but "a, since" instead of "a because"'],
    ])
  })
})

describe('labels', () => {
  test('rare ones, with their number', () => {
    expect(found([...many(7, 'a'), ...many(6, 'b'), ...many(1, 'c')], { labelOf: wholeAnswer })).toEqual([
      ['label/rare', 8, 'label "b" occurs in 6 records only'],
      ['label/rare', 14, 'label "c" occurs in 1 record only'],
    ])
  })

  test('near misses in case, white space and separators', () => {
    const rows = [
      ...many(8, 'Billing'),
      ...many(7, 'billing '),
      ...many(9, 'CARD_LOST'),
      ...many(7, 'Card lost'),
      ...many(8, 'x'),
    ]
    expect(found(rows, { labelOf: wholeAnswer })).toEqual([
      [
        'label/near-miss',
        9,
        'labels that differ in writing only: "Billing" (8 records), "billing " (7 records)',
      ],
      [
        'label/near-miss',
        25,
        'labels that differ in writing only: "CARD_LOST" (9 records), "Card lost" (7 records)',
      ],
    ])
  })

  test('unreadable, undeclared and unseen ones are errors', () => {
    const rows = [...many(7, 'a'), ...many(7, 'b'), ['q', ''] as const]
    const problems = checkExamples({ examples: examplesOf(rows), labelOf: wholeAnswer, labels: ['a', 'c'] })
    expect(problems.findings.map(({ id, severity, at }) => [id, severity, at.line])).toEqual([
      ['label/unseen', 'error', undefined],
      ['label/undeclared', 'error', 8],
      ['label/unreadable', 'error', 15],
    ])
    const unseen = checkExamples({
      examples: examplesOf(many(7, 'a')),
      labelOf: wholeAnswer,
      labels: ['a', 'c'],
    })
    expect(() => refuseErrors(unseen, 'x')).toThrow(expect.objectContaining({ code: 'E_LABEL_UNSEEN' }))
  })

  test('without labels no label rule speaks', () => {
    expect(found(many(3, 'a'), { labels: ['z'] })).toEqual([])
  })
})

describe('findings', () => {
  test('all are counted, a bounded number is kept', () => {
    const collector = new FindingCollector()
    for (let line = 1; line <= 2_500; line++) {
      collector.add({ id: 'json/syntax', severity: 'error', at: { line }, message: 'no' })
    }
    const problems = collector.problems()
    expect(problems.findings).toHaveLength(1_000)
    expect(problems.counts).toEqual({ error: 2_500, warning: 0, note: 0 })
    expect(problemLines(problems, 'error', 2)).toEqual([
      'line 1  no  json/syntax',
      'line 2  no  json/syntax',
      '… and 2,498 more',
    ])
  })

  test('merged ones come by file and line, counts add up', () => {
    const merged = mergeProblems(warningsIn('b', 5, 2), warningsIn('a', 1), warningsIn('b', 3))
    expect(merged.findings.map(({ at }) => `${at.file}${at.line}`)).toEqual(['b2', 'b3', 'b5', 'a1'])
    expect([merged.counts.warning, merged.byRule]).toEqual([4, { 'x/y': 4 }])
    expect(() => refuseErrors(merged, 'x')).not.toThrow()
  })
})
