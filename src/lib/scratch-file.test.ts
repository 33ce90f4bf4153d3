import { expect, test } from 'vitest'
import { ScratchFile } from './scratch-file.ts'

test('what was written is read again, at any place', () => {
  using file = new ScratchFile()
  file.write(Uint32Array.of(1, 2, 0xffffffff), 8)
  file.write(Uint32Array.of(7, 8), 0)
  const values = new Uint32Array(4)
  file.read(values, 4)
  expect([...values]).toEqual([8, 1, 2, 0xffffffff])
  expect(() => file.read(values, 12)).toThrow('shorter')
})
