import { array, assert, constantFrom, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AnswerText } from './answer-text.ts'

/** What is shown of the pieces, as one text. */
function shown(pieces: readonly string[], stops: readonly string[]): string {
  const text = new AnswerText(stops)
  return pieces.map((piece) => text.push(piece)).join('') + text.end()
}

describe('stop texts', () => {
  test.each([
    ['nothing to stop at', ['He', 'llo'], [], 'Hello'],
    ['within a piece', ['Hello\nUser:'], ['\nUser:'], 'Hello'],
    ['over several pieces', ['Hello', '\nUs', 'er', ': more'], ['\nUser:'], 'Hello'],
    ['only begun', ['Hello', '\nUs'], ['\nUser:'], 'Hello\nUs'],
    ['begun twice', ['a', 'a', 'b'], ['ab'], 'a'],
    ['at the very start', ['###', 'x'], ['###'], ''],
    ['an empty stop text is none', ['Hello'], [''], 'Hello'],
    ['the one that is complete first', ['abcd'], ['abcd', 'bc'], 'a'],
    ['the longest that is complete first', ['abcd'], ['cd', 'abcd'], ''],
    ['the longest that is complete first, named first', ['abcd'], ['abcd', 'cd'], ''],
    ['of several places, the first', ['one. two. '], ['. '], 'one'],
  ])('%s', (_, pieces, stops, expected) => {
    expect(shown(pieces, stops)).toBe(expected)
  })

  test('after one nothing is shown any more', () => {
    const text = new AnswerText(['.'])
    expect([text.push('a.b'), text.stopped, text.push('c.d'), text.end()]).toEqual(['a', true, '', ''])
  })

  test('what cannot become one is shown at once', () => {
    const text = new AnswerText(['\n\n'])
    expect([text.push('one'), text.push('\n'), text.push('two'), text.push('\n')]).toEqual([
      'one',
      '',
      '\ntwo',
      '',
    ])
    expect([text.stopped, text.end(), text.end()]).toEqual([false, '\n', ''])
  })
})

/** The text before the stop text whose last character comes first. */
function beforeStop(text: string, stops: readonly string[]): string {
  for (let end = 1; end <= text.length; end++) {
    const ending = stops.filter((stop) => stop !== '' && text.slice(0, end).endsWith(stop))
    if (ending.length > 0) return text.slice(0, end - Math.max(...ending.map((stop) => stop.length)))
  }
  return text
}

describe('whatever the pieces and the stop texts', () => {
  const letters = constantFrom('a', 'b', 'ab', '🙂', '\n')
  const texts = array(letters, { maxLength: 6 }).map((parts) => parts.join(''))

  test('the text before the first stop text is shown, and never a stop text', () => {
    let stopped = 0
    assert(
      property(array(texts, { maxLength: 8 }), array(texts, { maxLength: 3 }), (pieces, stops) => {
        const all = pieces.join('')
        const expected = beforeStop(all, stops)
        stopped += Number(expected !== all)
        expect(shown(pieces, stops)).toBe(expected)
        expect(stops.filter((stop) => stop !== '' && expected.includes(stop))).toEqual([])
      }),
      { numRuns: 500 },
    )
    expect(stopped).toBeGreaterThan(50)
  })

  test('nothing is held back that no stop text begins with', () => {
    assert(
      property(array(string()), (pieces) => {
        const text = new AnswerText(['\u0000\u0001'])
        const clean = pieces.map((piece) => piece.replaceAll('\u0000', ''))
        expect(clean.map((piece) => text.push(piece))).toEqual(clean)
      }),
    )
  })
})

test('the stop text at which it ended is known', () => {
  const text = new AnswerText(['c', 'bc', 'x'])
  expect(text.stop).toBeUndefined()
  expect(text.push('a')).toBe('a')
  expect(text.push('bcx')).toBe('')
  expect(text.stop).toBe('bc')
})
