import { array, assert, constantFrom, property, string, uint8Array } from 'fast-check'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { HoneError } from '../core/errors.ts'
import { openGguf } from '../engine/weights/gguf.ts'
import { createCharacterMap } from './character-map.ts'

async function trainedMap(): Promise<Uint8Array> {
  const gguf = await openGguf(fileURLToPath(new URL('fixtures/unigram.gguf', import.meta.url)))
  await gguf.close()
  const map = gguf.metadata.get('tokenizer.ggml.precompiled_charsmap')
  return Uint8Array.from(ArrayBuffer.isView(map) ? (map as Uint8Array) : [])
}

const bytes = await trainedMap()

describe('a map that SentencePiece compiled', () => {
  const map = createCharacterMap(bytes)

  test('replaces characters and sequences, and passes the others on', () => {
    expect(map('ﬁne e\u0301t½ … Ａz ™\u200b!')).toBe('fine ét1/2 ... Az TM!')
    expect(map('e')).toBe('e')
    expect(map('a\0b😀')).toBe('a\0b😀')
    expect(map('')).toBe('')
  })

  test('changes only what it names, wherever that stands', () => {
    const plain = string({ unit: constantFrom('a', 'Z', 'ß', '語', '😀', ' ') })
    assert(property(plain, plain, (before, after) => map(`${before}ﬁ${after}`) === `${before}fi${after}`))
  })
})

test('a damaged map is refused and never hangs or reads outside itself', () => {
  const damage = array(
    uint8Array({ minLength: 2, maxLength: 2 }).map(([place = 0, byte = 0]) => ({ place, byte })),
    { minLength: 1, maxLength: 20 },
  )
  assert(
    property(damage, string({ unit: 'binary' }), (changes, text) => {
      const copy = Uint8Array.from(bytes)
      for (const { place, byte } of changes) copy[(place * 37) % copy.length] = byte
      try {
        createCharacterMap(copy)(`ﬁ½…™${text}`)
      } catch (error) {
        return HoneError.isInstance(error) && error.code === 'E_MODEL_FILE'
      }
      return true
    }),
    { numRuns: 500 },
  )
  for (const length of [0, 3, 4, 5]) {
    expect(() => createCharacterMap(bytes.subarray(0, length))).toThrowError(
      expect.objectContaining({ code: 'E_MODEL_FILE' }),
    )
  }
  expect(() => createCharacterMap(new Uint8Array(64))('a')).toThrowError(
    expect.objectContaining({ code: 'E_MODEL_FILE' }),
  )
})
