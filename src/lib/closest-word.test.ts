import { describe, expect, test } from 'vitest'
import { closestWord } from './closest-word.ts'

const keys = ['learningRate', 'epochs', 'rank', 'alpha', 'batchSize', 'maxSteps', 'maxTokens']

describe('closestWord', () => {
  test.each([
    ['learning_rate', 'learningRate'],
    ['learning-rate', 'learningRate'],
    ['epohcs', 'epochs'],
    ['epoch', 'epochs'],
    ['RANK', 'rank'],
    ['batchsise', 'batchSize'],
    ['maxStep', 'maxSteps'],
  ])('%s means %s', (word, meant) => {
    expect(closestWord(word, keys)).toBe(meant)
  })

  test.each(['', 'zz', 'temperature', 'x'.repeat(10_000)])('nothing is near %j', (word) => {
    expect(closestWord(word, keys)).toBeUndefined()
  })

  test('the earlier of two equally near candidates', () => {
    expect(closestWord('cat', ['bat', 'hat'])).toBe('bat')
  })
})
