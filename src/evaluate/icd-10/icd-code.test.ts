import { expect, test } from 'vitest'
import { codeSimilarity, relateCodes } from './compare-codes.ts'
import { icdChapter, icdCode, icdLineage } from './icd-code.ts'

test.each([
  ['j45.901', 'J45.901'],
  [' J45901 ', 'J45.901'],
  ['i10', 'I10'],
  ['S52.521A', 'S52.521A'],
  ['C4A.9', 'C4A.9'],
  ['45.9', undefined],
  ['J45.', undefined],
  ['J45.90112', undefined],
  ['asthma', undefined],
])('the code of %s is %s', (text, code) => {
  expect(icdCode(text)).toBe(code)
})

test.each([
  ['A00', 1],
  ['D49.9', 2],
  ['D50', 3],
  ['H59.8', 7],
  ['H60', 8],
  ['O9A.11', 15],
  ['T88', 19],
  ['U07.1', 22],
  ['Y99', 20],
  ['Z99', 21],
  ['U99', undefined],
])('%s lies in chapter %s', (code, chapter) => {
  expect(icdChapter(code)).toBe(chapter)
})

test('what a code lies in', () => {
  expect(icdLineage('J45.901')).toEqual(['J45.901', 'J45.90', 'J45.9', 'J45', 'chapter 10'])
  expect(icdLineage('I10')).toEqual(['I10', 'chapter 9'])
  expect(icdLineage('ASTHMA')).toEqual(['ASTHMA'])
})

test.each([
  ['J45.901', 'J45.901', 'exact'],
  ['J45.901', 'J45.9', 'too general'],
  ['J45.901', 'J45', 'too general'],
  ['J45.9', 'J45.901', 'too specific'],
  ['J45.901', 'J45.20', 'same category'],
  ['J45.901', 'J44.1', 'same chapter'],
  ['J45.901', 'E11.9', 'wrong'],
  ['J45.901', 'J', 'wrong'],
  ['ASTHMA', 'J45', 'wrong'],
] as const)('%s answered %s: %s', (expected, given, relation) => {
  expect(relateCodes(expected, given)).toBe(relation)
})

test('what two codes have in common', () => {
  expect(codeSimilarity('J45.901', 'J45.901')).toBe(1)
  // 3 of 5 and of 3 levels.
  expect(codeSimilarity('J45.901', 'J45.9')).toBeCloseTo(6 / 8, 12)
  expect(codeSimilarity('J45.901', 'J44.1')).toBeCloseTo(2 / 8, 12)
  expect(codeSimilarity('J45.901', 'E11.9')).toBe(0)
})
