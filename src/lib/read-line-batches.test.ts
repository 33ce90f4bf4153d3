import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readLineBatches, type ReadLineBatchesOptions } from './read-line-batches.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hone-batches-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Read {
  readonly lines: (string | number)[]
  readonly endsWithBreak: boolean | undefined
}

/** The lines; a number for one that is too long. */
async function read(content: string, options: ReadLineBatchesOptions = {}): Promise<Read> {
  const file = join(folder, 'lines.txt')
  await writeFile(file, content)
  const lines: (string | number)[] = []
  let endsWithBreak: boolean | undefined
  for await (const batch of readLineBatches(file, options)) {
    expect(batch.firstLine).toBe(lines.length + 1)
    for (let at = 0; at < batch.count; at++) {
      lines.push(batch.tooLong ?? batch.bytes.toString('utf8', batch.starts[at], batch.ends[at]))
    }
    endsWithBreak = batch.endsWithBreak
  }
  return { lines, endsWithBreak }
}

test('keeps every byte of a line but its line feed', async () => {
  expect(await read('\ufeffone\r\n\r\ntwo')).toEqual({
    lines: ['\ufeffone\r', '\r', 'two'],
    endsWithBreak: false,
  })
  expect(await read('')).toEqual({ lines: [], endsWithBreak: undefined })
})

test('equals a plain split, wherever the chunks end, long lines by their size', async () => {
  const text = fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\n', ' '), maxLength: 30 }), {
    maxLength: 12,
  })
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 4, max: 9 }), async (parts, chunkBytes) => {
      const content = parts.join('')
      const expected = content.split('\n')
      if (expected.at(-1) === '') expected.pop()
      const maximumBytes = 40
      const { lines, endsWithBreak } = await read(content, { chunkBytes, maximumBytes })
      const wanted = expected.map((line, at) => {
        const bytes = Buffer.byteLength(line)
        return typeof lines[at] === 'number' && bytes > maximumBytes - chunkBytes ? bytes : line
      })
      expect(lines).toEqual(wanted)
      expect(
        lines.filter(
          (line) => typeof line === 'string' && Buffer.byteLength(line) > maximumBytes + chunkBytes,
        ),
      ).toEqual([])
      expect(endsWithBreak).toBe(content === '' ? undefined : content.endsWith('\n'))
    }),
    { numRuns: 150 },
  )
})

test('stops with the reason of the signal', async () => {
  const reason = new Error('enough')
  await expect(read('a\nb', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})
