import { expect, test } from 'vitest'
import { parseJson, TooDeep } from './parse-json.ts'

const nested = (levels: number, open: string, close: string): string =>
  `${open.repeat(levels)}0${close.repeat(levels)}`

test.each([
  ['arrays', '[', ']'],
  ['objects', '{"a":', '}'],
  ['both', '[{"a":0,"b":', '}]'],
])('%s are read down to 256 levels', (_name, open, close) => {
  const levels = open.startsWith('[{') ? 128 : 256
  expect(parseJson(nested(levels, open, close))).toEqual(JSON.parse(nested(levels, open, close)))
  for (const more of [levels + 1, 100_000]) {
    expect(() => parseJson(nested(more, open, close))).toThrow(TooDeep)
  }
})

test('what is not JSON is a syntax error', () => {
  expect(() => parseJson('{"a":')).toThrow(SyntaxError)
})
