import { describe, expect, test } from 'vitest'
import { choicesOf, labelOf, parseSetting, rangeOf, settingAt, settingText } from './setting.ts'

const batch = { schema: { type: 'integer', minimum: 1, maximum: 4096 } }
const rate = { schema: { type: 'number', exclusiveMinimum: 0, maximum: 1 } }
const layers = {
  schema: {
    anyOf: [
      { type: 'string', const: 'all' },
      { type: 'integer', minimum: 1 },
    ],
  },
}
const plain = (text: string): string => text.replaceAll(/[\u00A0\u202F.,]/g, '')

describe('a setting', () => {
  test('says what it takes', () => {
    expect(plain(rangeOf(batch))).toBe('whole number from 1 to 4096')
    expect(rangeOf(rate)).toBe('number above 0 to 1')
    expect(rangeOf(layers)).toBe('all, or whole number from 1')
    expect(choicesOf({ schema: { type: 'boolean' } })).toEqual(['yes', 'no'])
    expect(['learningRate', 'preference.labelSmoothing'].map(labelOf)).toEqual([
      'Learning rate',
      'Preference label smoothing',
    ])
  })

  test('takes what is in its range, and nothing else', () => {
    const given: [string, { schema: Record<string, unknown> }, unknown][] = [
      ['16', batch, 16],
      ['1e-4', rate, 0.0001],
      ['all', layers, 'all'],
      ['4', layers, 4],
      ['q_proj, v_proj', { schema: { type: 'array' } }, ['q_proj', 'v_proj']],
      ['no', { schema: { type: 'boolean' } }, false],
    ]
    for (const [text, info, value] of given) expect(parseSetting(text, info)).toEqual({ value })
    const wrong: [string, { schema: Record<string, unknown> }][] = [
      ['0', batch],
      ['1.5', batch],
      ['4097', batch],
      ['0', rate],
      ['many', layers],
      ['', batch],
    ]
    for (const [text, info] of wrong) expect(parseSetting(text, info)).toHaveProperty('problem')
  })

  test('is found in what was resolved, and written to be read', () => {
    expect(settingAt({ preference: { beta: 0.1 } }, 'preference.beta')).toBe(0.1)
    expect(settingAt({ preference: null }, 'preference.beta')).toBeUndefined()
    expect([null, true, ['a', 'b'], { patience: 3 }].map(settingText)).toEqual([
      'off',
      'yes',
      'a, b',
      'patience 3',
    ])
  })
})
