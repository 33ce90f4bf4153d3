import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readLines, type Line, type ReadLinesOptions } from './read-lines.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hone-lines-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function linesOf(content: string | Buffer, options: ReadLinesOptions = {}): Promise<Line[]> {
  const file = join(folder, 'lines.txt')
  await writeFile(file, content)
  const lines: Line[] = []
  for await (const line of readLines(file, options)) lines.push(line)
  return lines
}

describe('readLines', () => {
  test('drops the byte order mark and carriage returns, keeps empty lines', async () => {
    expect(await linesOf('\uFEFFone\r\n\r\ntwo\n')).toEqual([
      { number: 1, text: 'one' },
      { number: 2, text: '' },
      { number: 3, text: 'two' },
    ])
  })

  test('an empty file has no line', async () => {
    expect(await linesOf('')).toEqual([])
  })

  test('equals a plain split, wherever the chunks end', async () => {
    const text = fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\n', ' ') }), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (parts, chunkBytes) => {
        const content = parts.join('')
        const expected = content.split('\n')
        if (expected.at(-1) === '') expected.pop()
        const lines = await linesOf(content, { chunkBytes })
        expect(lines).toEqual(expected.map((line, at) => ({ number: at + 1, text: line })))
      }),
      { numRuns: 60 },
    )
  })

  test('a line over the limit is a fault with its size, and the next one is read', async () => {
    const lines = await linesOf(`ok\n${'x'.repeat(50)}\nok\n${'y'.repeat(11)}`, {
      maximumBytes: 10,
      chunkBytes: 7,
    })
    expect(lines).toEqual([
      { number: 1, text: 'ok' },
      { number: 2, fault: 'too-long', bytes: 50 },
      { number: 3, text: 'ok' },
      { number: 4, fault: 'too-long', bytes: 11 },
    ])
  })

  test('bytes that are not UTF-8 are a fault of their line only', async () => {
    const lines = await linesOf(
      Buffer.concat([Buffer.from('a\n'), Buffer.from([0xff, 0x0a]), Buffer.from('b')]),
    )
    expect(lines).toEqual([
      { number: 1, text: 'a' },
      { number: 2, fault: 'not-utf8', bytes: 1 },
      { number: 3, text: 'b' },
    ])
  })

  test('stops with the reason of the signal', async () => {
    const reason = new Error('enough')
    await expect(linesOf('a\nb', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})
