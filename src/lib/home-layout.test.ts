import * as fc from 'fast-check'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isModelId, modelFolder, toModelId } from './home-layout.ts'

test('an id is a folder name on every system', () => {
  expect(modelFolder('home', 'smollm2-135m-instruct')).toBe(join('home', 'models', 'smollm2-135m-instruct'))
  for (const id of [
    '',
    '.',
    '..',
    '.hidden',
    'a/b',
    'a\\b',
    'A',
    'nul',
    'com1.x',
    'a.',
    'a b',
    'x'.repeat(101),
  ]) {
    expect(isModelId(id)).toBe(false)
    expect(() => modelFolder('home', id)).toThrow(expect.objectContaining({ code: 'E_USAGE' }))
  }
})

test('an id is made from a name', () => {
  expect(toModelId('SmolLM2-135M-Instruct.Q4_1')).toBe('smollm2-135m-instruct.q4_1')
  expect(toModelId('My Model (v2)')).toBe('my-model-v2')
  expect(toModelId('模型')).toBeUndefined()
  fc.assert(
    fc.property(fc.string(), (name) => {
      const id = toModelId(name)
      expect(id === undefined || isModelId(id)).toBe(true)
    }),
  )
})
