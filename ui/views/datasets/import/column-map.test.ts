import { expect, test } from 'vitest'
import { parseColumnMap } from '../../../../src/data/records/column-map.ts'
import { columnMapText, guessColumns, nameFor } from './column-map.ts'

test('columns are guessed by their names, each once', () => {
  expect(guessColumns(['id', 'Question', 'Answer', 'intent'])).toEqual({
    user: 'Question',
    assistant: 'Answer',
    label: 'intent',
  })
  expect(guessColumns(['text', 'label'])).toEqual({ user: 'text', assistant: 'label' })
  expect(guessColumns(['a', 'b'])).toEqual({})
})

test('the text of a choice is read back as the choice', () => {
  const choice = { user: 'a, b', assistant: String.raw`c\d`, label: 'e=f' }
  expect(parseColumnMap(columnMapText(choice, ['row.id']) ?? '')).toEqual({
    ...choice,
    'metadata.row_id': 'row.id',
  })
  expect(columnMapText({ user: 'a' })).toBeUndefined()
})

test('names of files become names of datasets', () => {
  expect(['Claims.jsonl.gz', 'Träger 2.csv', '….csv', 'a.b.json'].map(nameFor)).toEqual([
    'claims',
    'tr-ger-2',
    'dataset',
    'a.b',
  ])
})
