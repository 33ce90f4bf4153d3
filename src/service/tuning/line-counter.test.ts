import { array, assert, asyncProperty, constantFrom, nat } from 'fast-check'
import { expect, test } from 'vitest'
import { LineCounter } from './line-counter.ts'

async function passed(chunks: readonly Uint8Array[]): Promise<{ count: number; text: string }> {
  const lines = new LineCounter()
  const out: Uint8Array[] = []
  async function* source(): AsyncGenerator<Uint8Array> {
    yield* chunks
  }
  for await (const chunk of lines.pass(source())) out.push(chunk)
  return { count: lines.count, text: Buffer.concat(out).toString('utf8') }
}

test.each([
  ['', 0, ''],
  ['{}', 1, '{}\n'],
  ['{}\n', 1, '{}\n'],
  ['{}\r\n \n{}', 2, '{}\r\n \n{}\n'],
  ['\n\n', 0, '\n\n'],
])('the records of %j are counted', async (text, count, written) => {
  expect(await passed([Buffer.from(text)])).toEqual({ count, text: written })
})

test('where a file is cut into chunks changes nothing', async () => {
  const piece = constantFrom('a', '{"b":1}', '\n', ' ', '\r\n', 'é')
  await assert(
    asyncProperty(array(piece), array(nat(20)), async (pieces, cuts) => {
      const bytes = Buffer.from(pieces.join(''))
      const chunks: Uint8Array[] = []
      let at = 0
      for (const cut of cuts) chunks.push(bytes.subarray(at, (at += cut)))
      chunks.push(bytes.subarray(at))
      const records = pieces
        .join('')
        .split('\n')
        .filter((line) => line.trim() !== '')
      const { count, text } = await passed(chunks)
      expect(count).toBe(records.length)
      expect(text === '' || text.endsWith('\n')).toBe(true)
      expect(text.startsWith(bytes.toString('utf8'))).toBe(true)
    }),
  )
})
