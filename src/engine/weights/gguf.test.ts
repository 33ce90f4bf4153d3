import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HoneError } from '../../core/errors.ts'
import { openGguf } from './gguf.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const tiny = fileURLToPath(new URL('fixtures/tiny-llama.gguf', import.meta.url))
const tinyBytes = readFileSync(tiny)

describe('a file of the gguf package', () => {
  test('its metadata has the values and types that were written', async () => {
    const gguf = await openGguf(tiny)
    await gguf.close()
    expect(gguf.version).toBe(3)
    expect(gguf.metadata.get('general.architecture')).toBe('llama')
    expect(gguf.metadata.get('llama.block_count')).toBe(2)
    expect(gguf.metadata.get('llama.attention.layer_norm_rms_epsilon')).toBe(Math.fround(1e-5))
    expect(gguf.metadata.get('tokenizer.ggml.merges')).toEqual(['h e', 'l l', 'Ġ he', 'll o', 'he llo'])
    const types = gguf.metadata.get('tokenizer.ggml.token_type')
    expect(types).toBeInstanceOf(Int32Array)
    expect(types).toHaveLength(264)
  })

  test('its tensors have the shape of PyTorch and their storage type', async () => {
    const gguf = await openGguf(tiny)
    await gguf.close()
    expect(gguf.tensors.size).toBe(20)
    expect(gguf.tensors.get('blk.0.ffn_up.weight')).toMatchObject({ shape: [64, 32], size: 2048 })
    expect(gguf.tensors.get('blk.0.ffn_up.weight')?.quantization.name).toBe('Q4_1')
    expect(gguf.tensors.get('token_embd.weight')?.quantization.name).toBe('Q8_0')
  })
})

/** A header by hand: fields of a file with one F32 tensor of 2 × 8 numbers, any of them replaced. */
interface Lies {
  readonly magic?: string
  readonly version?: number
  readonly tensorCount?: bigint
  readonly pairCount?: bigint
  readonly keyLength?: bigint
  readonly valueType?: number
  readonly arrayLength?: bigint
  readonly dimensions?: readonly bigint[]
  readonly type?: number
  readonly offset?: bigint
  readonly cut?: number
  readonly twice?: boolean
}

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
const u64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return bytes
}

function ggufWith(lies: Lies): Buffer {
  const text = (value: string, length = BigInt(value.length)): Buffer =>
    Buffer.concat([u64(length), Buffer.from(value)])
  const dimensions = lies.dimensions ?? [8n, 2n]
  const info = [
    text('a.weight'),
    u32(dimensions.length),
    ...dimensions.map(u64),
    u32(lies.type ?? 0),
    u64(lies.offset ?? 0n),
  ]
  const header = Buffer.concat([
    Buffer.from(lies.magic ?? 'GGUF'),
    u32(lies.version ?? 3),
    u64(lies.tensorCount ?? (lies.twice ? 2n : 1n)),
    u64(lies.pairCount ?? 1n),
    text('key', lies.keyLength),
    u32(lies.valueType ?? 9),
    u32(8),
    u64(lies.arrayLength ?? 2n),
    text('one'),
    text('two'),
    ...info,
    ...(lies.twice ? info : []),
  ])
  const padding = Buffer.alloc((32 - (header.length % 32)) % 32)
  const data = Buffer.from(Float32Array.from({ length: 16 }, (_, index) => index).buffer)
  const file = Buffer.concat([header, padding, data])
  return lies.cut === undefined ? file : file.subarray(0, lies.cut)
}

async function openBytes(bytes: Uint8Array): Promise<Float32Array> {
  const file = join(temporaryFolder(), 'x.gguf')
  writeFileSync(file, bytes)
  const gguf = await openGguf(file)
  try {
    return await gguf.read('a.weight')
  } finally {
    await gguf.close()
  }
}

describe('a file that lies', () => {
  test('the honest file is read', async () => {
    expect([...(await openBytes(ggufWith({})))]).toEqual(Array.from({ length: 16 }, (_, index) => index))
    expect(await openBytes(ggufWith({ version: 2 }))).toHaveLength(16)
  })

  const huge = 2n ** 60n
  test.each<[string, Lies, string]>([
    ['no GGUF', { magic: 'GGML' }, 'begin with "GGUF"'],
    ['version 1', { version: 1 }, 'version is 1'],
    ['big-endian', { version: 0x0300_0000 }, 'big-endian'],
    ['more tensors than fit', { tensorCount: huge }, 'number of tensors'],
    ['more metadata than fits', { pairCount: huge }, 'number of metadata'],
    ['a key longer than the file', { keyLength: huge }, 'length of metadata key 0'],
    ['an unknown value type', { valueType: 77 }, 'unknown value type 77'],
    ['an array longer than the file', { arrayLength: huge }, 'length of the array "key"'],
    ['no dimension', { dimensions: [] }, '0 dimensions'],
    ['five dimensions', { dimensions: [2n, 2n, 2n, 2n, 1n] }, '5 dimensions'],
    ['an empty dimension', { dimensions: [8n, 0n] }, 'dimension of 0'],
    ['dimensions whose product overflows', { dimensions: [2n ** 40n, 2n ** 40n] }, 'dimension of'],
    ['a tensor larger than the file', { dimensions: [8n, 2n ** 40n] }, 'the file at'],
    ['rows that are no whole blocks', { type: 8 }, 'multiple of the 32 of Q8_0'],
    ['an offset beyond the file', { offset: 2n ** 40n }, 'the file at'],
    ['an offset between alignments', { offset: 4n }, 'not a multiple of 32'],
    ['an offset of 64 bits', { offset: 2n ** 63n }, 'starts at'],
    ['an unknown tensor type', { type: 999 }, 'unknown type 999'],
    ['a name twice', { twice: true }, 'occurs twice'],
    ['a cut header', { cut: 100 }, 'is cut at 100 bytes'],
    ['cut data', { cut: ggufWith({}).length - 1 }, 'the file at'],
    ['nothing', { cut: 0 }, 'begin with "GGUF"'],
  ])('%s', async (_name, lies, words) => {
    await expect(openBytes(ggufWith(lies))).rejects.toMatchObject({
      code: 'E_MODEL_FILE',
      message: expect.stringContaining(words),
      at: { file: expect.stringContaining('x.gguf') },
    })
  })

  test('tensors that share bytes', async () => {
    const bytes = Buffer.from(tinyBytes)
    // The offsets of the first two tensors: the last eight bytes of their entries.
    const first = bytes.indexOf('blk.0.attn_norm.weight') + 'blk.0.attn_norm.weight'.length + 4 + 8 + 4
    bytes.writeBigUInt64LE(0n, first)
    await expect(openBytes(bytes)).rejects.toMatchObject({
      code: 'E_MODEL_FILE',
      message: expect.stringContaining('share bytes'),
    })
  })
})

test('a changed or cut file is read or refused, whatever was changed', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'fuzz.gguf')
  const headerBytes = 8_000
  const edit = fc.record({
    at: fc.integer({ min: 0, max: headerBytes }),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 9 }),
  })
  const outcomes = { read: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.array(edit, { minLength: 1, maxLength: 4 }),
      fc.oneof(
        { weight: 4, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: fc.integer({ min: 0, max: tinyBytes.length }) },
      ),
      async (edits, cut) => {
        const bytes = Buffer.from(tinyBytes)
        for (const { at, bytes: change } of edits) bytes.set(change, at)
        writeFileSync(file, cut === null ? bytes : bytes.subarray(0, cut))
        try {
          const gguf = await openGguf(file)
          for (const [name, tensor] of gguf.tensors) {
            expect(await gguf.read(name)).toHaveLength(tensor.size)
          }
          await gguf.close()
          outcomes.read++
        } catch (error) {
          if (!HoneError.isInstance(error)) throw error
          outcomes.refused++
        }
      },
    ),
    { numRuns: 400 },
  )
  expect(outcomes.read).toBeGreaterThan(10)
  expect(outcomes.refused).toBeGreaterThan(10)
})
