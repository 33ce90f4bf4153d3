import { expect, test } from 'vitest'
import { hintPieces } from './ways-out.ts'

const link = (href: string, words: string) => ({ href, words })

test.each([
  ['see them: GET /api/jobs', ['see them: ', link('/jobs', 'the jobs')]],
  ['start a new one: POST /api/train', ['start a new one: ', link('/train', 'train a model')]],
  ['stop it first: POST /api/jobs/j-1/stop', ['stop it first: ', link('/jobs/j-1', 'the job')]],
  [
    'remove it and make it again: DELETE /api/models/a%b',
    ['remove it and make it again: ', link('/models/a%25b', 'the model a%b')],
  ],
  [
    'go on: hone train --resume x, or remove it anyway: hone models remove x --force',
    ['go on: ', link('/jobs', 'the jobs'), ', or remove it anyway: ', link('/models/x', 'the model x')],
  ],
  [
    'name the base with --base; hone models list shows those that are here',
    ['name the base with --base; ', link('/models', 'the models'), ' shows those that are here'],
  ],
])('%s', (hint, pieces) => expect(hintPieces(hint)).toEqual(pieces))

test('what no view does stays as it is', () => {
  for (const hint of [
    'wait until it has ended, then ask for the offset: GET /api/uploads/{id}',
    'see how it stands: GET /api/jobs/{id}',
    'write texts out, or evaluate on the command line: hone eval run',
  ]) {
    expect(hintPieces(hint)).toEqual([hint])
  }
})

test('a view has ways of its own', () => {
  const here = [{ pattern: /hone data dedupe/, to: () => ['?tab=duplicates', 'Duplicates'] as const }]
  expect(hintPieces('keep one of them: hone data dedupe', here)).toEqual([
    'keep one of them: ',
    link('?tab=duplicates', 'Duplicates'),
  ])
})
