import { expect, test } from 'vitest'
import { emptyForm, evaluationBody } from './evaluation-body.ts'

test('what is left empty is left to the server, and a tuned model that is not named is no candidate', () => {
  expect(evaluationBody({ ...emptyForm, dataset: 'claims' })).toEqual({
    body: {
      dataset: 'claims',
      task: { kind: 'labels' },
      candidates: ['base', 'few-shot'],
      split: 'test',
      safety: false,
      fewShot: 8,
    },
  })
})

test('own prompts are candidates with a name of their own', () => {
  const prompts = [
    { model: '', system: 'Answer with one word.' },
    { model: 'mine', system: ' ' },
    { model: 'other', system: 'x' },
  ]
  const form = {
    ...emptyForm,
    dataset: 'claims',
    tuned: 'mine',
    hasFewShot: false,
    prompts,
    gate: 'a >= 1\n\n b',
  }
  expect(evaluationBody(form)).toMatchObject({
    body: {
      candidates: [
        'base',
        'tuned',
        { id: 'prompt-1', model: 'base' },
        { id: 'prompt-2', model: 'model:other' },
      ],
      gate: ['a >= 1', 'b'],
    },
  })
})

test('what cannot be sent is said beside its field', () => {
  const form = {
    ...emptyForm,
    kind: 'json' as const,
    answerSchema: '{',
    limit: '0.5',
    hasBase: false,
    hasFewShot: false,
  }
  const { problems } = evaluationBody(form) as { problems: object }
  expect(Object.keys(problems).toSorted()).toEqual(['answerSchema', 'dataset', 'hasBase', 'limit'])
})
