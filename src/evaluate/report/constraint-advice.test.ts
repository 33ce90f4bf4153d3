import { expect, test } from 'vitest'
import { createEvaluation } from '../create-evaluation.ts'
import type { Evaluation } from '../evaluation.ts'
import type { EvaluationTask } from '../evaluation-task.ts'
import { constraintAdvice } from './constraint-advice.ts'
import { reportForms } from './report-forms.ts'
import { reportLines } from './report-lines.ts'

const labels = ['report_lost_card', 'flip_coin']

interface Given {
  readonly task?: EvaluationTask
  readonly model?: string
  readonly made?: number
  readonly cut?: number
}

/** 50 answers, of which some are made up and others cut. */
function evaluationOf({
  task = { kind: 'labels', labels },
  model = 'm-1',
  made = 0,
  cut = 0,
}: Given): Evaluation {
  const examples = Array.from({ length: 50 }, (_, at) => ({
    id: `${at}`,
    input: `${at}`,
    expected: task.kind === 'json' ? '{"a":1}' : 'field' in task ? `${task.field}: flip_coin` : 'flip_coin',
  }))
  const answers = examples.map(({ id, expected }, at) => ({
    exampleId: id,
    answer: at < made ? 'coin_flip' : at < made + cut ? 'report_lo' : expected,
    promptTokens: 5,
    completionTokens: 2,
    ...(at >= made && at < made + cut ? { finishReason: 'length' as const } : {}),
  }))
  return createEvaluation({
    task,
    split: 'test',
    examples,
    challenger: 'tuned',
    candidates: [
      { id: 'tuned', title: 'tuned', description: '', answers, ...(model === '' ? {} : { model }) },
    ],
    settings: { resamples: 50 },
  })
}

test('answers that are no label: how many, and what keeps them to the labels, in every form of the report', () => {
  const evaluation = evaluationOf({ made: 14 })
  const advice =
    '14 answers of tuned, 28 %, could not have been written if kept to the labels: ' +
    'add { id: tuned-kept, model: tuned, constrain: task } to evaluation.candidates.'
  expect(constraintAdvice(evaluation)).toBe(advice)
  expect(reportLines(evaluation).join(' ')).toContain(advice)
  for (const form of ['html', 'md'] as const) {
    const text = [...reportForms[form]({ title: 't', evaluation })].join('')
    expect(text).toContain('constrain: task')
  }
})

test('values that do not obey the schema', () => {
  const task: EvaluationTask = { kind: 'json', schema: { type: 'object', required: ['a'] } }
  expect(constraintAdvice(evaluationOf({ task, made: 1 }))).toMatch(/^1 answer of tuned, 2 %, .* the schema/)
})

test.each<[string, Given]>([
  ['nothing is unreadable', {}],
  ['all of them were cut', { cut: 20 }],
  ['the model is at another address', { made: 14, model: '' }],
  ['the label is one line of the answer', { made: 14, task: { kind: 'labels', labels, field: 'ROUTE' } }],
])('nothing where %s', (_why, given) => {
  expect(constraintAdvice(evaluationOf(given))).toBe('')
})
