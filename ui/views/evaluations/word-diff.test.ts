import { array, assert, constantFrom, property } from 'fast-check'
import { expect, test } from 'vitest'
import { wordDiff } from './word-diff.ts'

test('words that changed are named, the rest stays', () => {
  expect(wordDiff('send it to billing now', 'send it to claims now')).toEqual([
    { kind: 'same', text: 'send it to ' },
    { kind: 'removed', text: 'billing' },
    { kind: 'added', text: 'claims' },
    { kind: 'same', text: ' now' },
  ])
  expect(wordDiff('same', 'same')).toEqual([{ kind: 'same', text: 'same' }])
  expect(wordDiff('', 'new')).toEqual([{ kind: 'added', text: 'new' }])
})

test('texts that share a word here and there are shown one after the other', () => {
  expect(wordDiff('I am sorry for the loss', 'ROUTE: the storm damage')).toEqual([
    { kind: 'removed', text: 'I am sorry for the loss' },
    { kind: 'added', text: 'ROUTE: the storm damage' },
  ])
})

test('either text can be read from the parts', () => {
  const words = array(constantFrom('a', 'b', 'c', ' ', '\n'), { maxLength: 30 }).map((each) => each.join(''))
  assert(
    property(words, words, (before, after) => {
      const parts = wordDiff(before, after)
      const read = (kind: string) => parts.flatMap((part) => (part.kind === kind ? [] : [part.text])).join('')
      expect([read('added'), read('removed')]).toEqual([before, after])
    }),
  )
})
