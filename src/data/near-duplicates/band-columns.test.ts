import { expect, test } from 'vitest'
import { BandColumns } from './band-columns.ts'

test.each([1, 16_383, 16_384, 16_385, 40_000])(
  'columns of %i texts are the same in memory and in a file',
  (texts) => {
    using memory = new BandColumns(3, texts, true)
    using file = new BandColumns(3, texts, false)
    for (let text = 0; text < texts; text++) {
      const keys = Uint32Array.of(text, text * 7, 0xffffffff - text)
      memory.push(keys)
      file.push(keys)
    }
    for (const band of [2, 0, 1, 0]) {
      expect(Buffer.compare(Buffer.from(file.column(band)), Buffer.from(memory.column(band)))).toBe(0)
      expect(file.column(band).at(-1)).toBe([texts - 1, (texts - 1) * 7, 0xffffffff - texts + 1][band])
    }
  },
)
