import { describe, expect, test } from 'vitest'
import { createEvaluation } from './create-evaluation.ts'
import type { CandidateAnswer, Evaluation } from './evaluation.ts'
import type { LabelTask } from './evaluation-task.ts'
import { costText, scoreText } from './number-text.ts'
import { reportHtml } from './report/report-html.ts'
import { reportLines } from './report/report-lines.ts'

const labels = ['yes', 'no']
const expected = Array.from({ length: 40 }, (_, at) => labels[at % 2]!)

/** Right on all rows but each `everyWrong`-th, and as sure as it is told to be. */
function answersOf(everyWrong: number, sure: number): CandidateAnswer[] {
  return expected.map((truth, at) => {
    const given = at % everyWrong === 0 ? labels.find((label) => label !== truth)! : truth
    return {
      exampleId: `${at}`,
      answer: given,
      promptTokens: 200,
      completionTokens: 10,
      labelScores: labels.map((label) => {
        const probability = label === given ? sure : 1 - sure
        return { label, probability, logProbability: Math.log(probability) }
      }),
    }
  })
}

function evaluate(metrics: readonly string[]): Evaluation {
  const task: LabelTask = { kind: 'labels', labels, metrics }
  return createEvaluation({
    task,
    split: 'test',
    examples: expected.map((truth, at) => ({ id: `${at}`, input: 'asked', expected: truth })),
    candidates: [
      {
        id: 'base',
        description: '',
        answers: answersOf(2, 0.9),
        price: { input: 1, output: 2, source: 'a page' },
      },
      { id: 'few-shot', description: '', answers: answersOf(4, 0.9) },
      { id: 'tuned', description: '', answers: answersOf(41, 0.9) },
    ],
    settings: { resamples: 200 },
  })
}

describe('metrics that the task names', () => {
  test('where less is better, less is better', () => {
    const evaluation = evaluate(['brier'])
    const values = evaluation.candidates.map(({ scores }) => scores[0]?.value ?? 0)
    expect(values[0]).toBeGreaterThan(values[1] ?? 1)
    expect(evaluation.strongestBaseline).toBe('few-shot')
    for (const { differences, flips, verdict, sentence } of evaluation.comparisons) {
      expect(differences[0]?.value).toBeLessThan(0)
      expect(flips.gained).toBeGreaterThan(flips.lost)
      expect(verdict).toBe('better')
      expect(sentence).toMatch(/^Better: tuned beats/)
    }
    expect(reportHtml({ title: 'x', evaluation })).toContain('less is better')
  })

  test('a score of all rows together counts the rows that are right with one only', () => {
    const evaluation = evaluate(['mcc', 'kappa'])
    expect(evaluation.metrics.map(({ id }) => id)).toEqual(['mcc', 'kappa'])
    const [comparison] = evaluation.comparisons
    expect(comparison?.differences[0]?.test.name).toBe('permutation')
    expect(comparison?.flips.gained).toBeGreaterThan(0)
    expect(comparison?.verdict).toBe('better')
  })

  test('all are in the table, no line is wider than the screen, and what tokens cost is said', () => {
    const named = ['accuracy', 'macro-f1', 'mcc', 'kappa', 'auc', 'calibration-error', 'brier', 'coverage']
    const evaluation = evaluate(named)
    const lines = reportLines(evaluation)
    const heads = lines.filter((line) => line.startsWith('   ')).join('   ')
    for (const { title } of evaluation.metrics) expect(heads).toContain(title)
    expect(heads).toContain('cost of 1,000')
    expect(lines.join('\n')).toMatch(/base .* \$0\.22\n/)
    expect(lines.filter((line) => line.length > 100)).toEqual([])
    const page = reportHtml({ title: 'x', evaluation })
    expect(page).toContain('$1 and $2 for a million tokens in and out (a page)')
    expect(page).toContain('How sure it is')
  })
})

test('numbers below zero have a minus sign, small costs digits that count', () => {
  expect(scoreText(-0.104, 'fraction')).toBe('−0.10')
  expect(scoreText(-0.5, 'percent')).toBe('−50.0 %')
  expect([0, 0.0031, 0.42, 12.4, 0.000000012].map(costText)).toEqual([
    '$0.00',
    '$0.0031',
    '$0.42',
    '$12.40',
    '$0.00000001',
  ])
})
