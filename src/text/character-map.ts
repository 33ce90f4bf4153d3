import { HoneError } from '../core/errors.ts'

const utf8 = new TextEncoder()

/**
 * The normaliser that SentencePiece compiles into a model (`precompiled_charsmap`): a double array of byte sequences,
 * then their replacements, each ended by a zero. The longest sequence that matches is replaced; what none matches stays.
 * Layout: `darts.h` of google/sentencepiece, which XORs base and label (Kanda 2018); read as llama.cpp reads it.
 *
 * @throws HoneError `E_MODEL_FILE` for a map that points outside itself, here or while it is used
 */
export function createCharacterMap(bytes: Uint8Array): (text: string) => string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const arrayBytes = bytes.length >= 4 ? view.getUint32(0, true) : Infinity
  if (4 + arrayBytes >= bytes.length) throw broken(`${bytes.length} bytes cannot hold its table`)
  const unitCount = arrayBytes >> 2
  const replacements = bytes.subarray(4 + arrayBytes)
  const unit = (index: number): number => {
    if (index >= unitCount) throw broken(`place ${index} of ${unitCount}`)
    return view.getUint32(4 + 4 * index, true)
  }
  const longestMatch = (text: Uint8Array, start: number): { length: number; offset: number } => {
    let node = baseOf(unit(0))
    let found = { length: 0, offset: 0 }
    for (let place = start; place < text.length; place++) {
      const byte = text[place]!
      if (byte === 0) break
      node ^= byte
      const packed = unit(node)
      // The label of a unit, with the bit that marks values, which are no children.
      if ((packed & 0x8000_00ff) !== byte) break
      node ^= baseOf(packed)
      if ((packed >>> 8) & 1) found = { length: place - start + 1, offset: unit(node) & 0x7fff_ffff }
    }
    return found
  }
  const replacementAt = (offset: number): Uint8Array => {
    const end = replacements.indexOf(0, offset)
    if (offset >= replacements.length || end < 0) {
      throw broken(`replacement at ${offset} of ${replacements.length} bytes`)
    }
    return replacements.subarray(offset, end)
  }
  return (text) => {
    const source = utf8.encode(text)
    const parts: Uint8Array[] = []
    for (let place = 0; place < source.length;) {
      const { length, offset } = longestMatch(source, place)
      const step = length > 0 ? length : characterBytes(source[place]!)
      parts.push(length > 0 ? replacementAt(offset) : source.subarray(place, place + step))
      place += step
    }
    return Buffer.concat(parts).toString('utf8')
  }
}

/** Where the children of a unit are, relative to the unit. */
function baseOf(packed: number): number {
  return ((packed >>> 10) << ((packed & 0x200) >>> 6)) >>> 0
}

function characterBytes(first: number): number {
  if (first < 0x80) return 1
  if (first < 0xe0) return 2
  return first < 0xf0 ? 3 : 4
}

function broken(reason: string): HoneError {
  return new HoneError('E_MODEL_FILE', `the tokenizer's map of characters is damaged: ${reason}`, {
    at: { file: 'tokenizer.json', pointer: '/model/sentencepiece/characterMap' },
    hint: 'fetch the model again',
  })
}
