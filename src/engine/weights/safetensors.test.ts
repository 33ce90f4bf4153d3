import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HoneError } from '../../core/errors.ts'
import { openSafetensors } from './safetensors-header.ts'
import { readShardNames, safetensorsWeights } from './safetensors-weights.ts'
import { readSafetensors, writeSafetensors, type Tensor } from './safetensors.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))
const goldens: Record<string, { shape: number[]; data: number[] }> = JSON.parse(
  readFileSync(fixture('mixed.json'), 'utf8'),
)

function fileWith(header: unknown, dataBytes: number, claimed?: bigint): string {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const prefix = Buffer.alloc(8)
  prefix.writeBigUInt64LE(claimed ?? BigInt(text.length))
  const file = join(temporaryFolder(), 'lie.safetensors')
  writeFileSync(file, Buffer.concat([prefix, text, Buffer.alloc(dataBytes)]))
  return file
}
const tensor = (shape: unknown, offsets: unknown, dtype: unknown = 'F32'): unknown => ({
  dtype,
  shape,
  data_offsets: offsets,
})

const indexWith = (content: unknown): string => {
  const file = join(temporaryFolder(), 'model.safetensors.index.json')
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

describe('reading', () => {
  test('every float type gives the numbers of PyTorch', async () => {
    const source = await safetensorsWeights([fixture('mixed.safetensors')])
    const names = Object.keys(goldens)
    expect(names).toEqual(['whole', 'half', 'brain', 'scalar', 'empty'])
    const read: typeof goldens = {}
    for (const name of names) {
      read[name] = { shape: [...source.shape(name)], data: [...(await source.read(name))] }
    }
    await source.close()
    expect(read).toEqual(goldens)
  })

  test('a type that is no float is refused by name when it is read', async () => {
    await expect(readSafetensors(fixture('mixed.safetensors'))).rejects.toMatchObject({
      code: 'E_MODEL_UNSUPPORTED',
      message: 'tensor "steps" is stored as I64',
    })
  })

  test('the same tensor in two shards is refused', async () => {
    const file = fixture('single.safetensors')
    await expect(safetensorsWeights([file, file])).rejects.toMatchObject({ code: 'E_MODEL_FILE' })
  })
})

describe('writing', () => {
  const single = new Map<string, Tensor>([
    ['b.weight', { shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) }],
    ['a.weight', { shape: [1], data: Float32Array.of(0.5) }],
  ])

  test('the bytes are those of the safetensors package', async () => {
    const file = join(temporaryFolder(), 'x.safetensors')
    await writeSafetensors(file, single, { format: 'pt' })
    expect(readFileSync(file)).toEqual(readFileSync(fixture('single.safetensors')))
  })

  test('what was written is read back, and order does not matter', async () => {
    const folder = temporaryFolder()
    const names = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(
        names,
        fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }),
        async (keys, metadata) => {
          const tensors = new Map<string, Tensor>(
            keys
              .filter((key) => key !== '__metadata__')
              .map((key, index) => [
                key,
                { shape: [index, 2], data: new Float32Array(index * 2).fill(index) },
              ]),
          )
          await writeSafetensors(join(folder, 'a'), tensors, metadata)
          await writeSafetensors(join(folder, 'b'), new Map([...tensors].toReversed()), metadata)
          expect(readFileSync(join(folder, 'a'))).toEqual(readFileSync(join(folder, 'b')))
          const content = await readSafetensors(join(folder, 'a'))
          expect(new Map(content.tensors)).toEqual(tensors)
          expect(content.metadata).toEqual(metadata)
        },
      ),
      { numRuns: 50 },
    )
    expect(readdirSync(folder).toSorted()).toEqual(['a', 'b'])
  })

  test('data that does not have the size of its shape is refused', async () => {
    const file = join(temporaryFolder(), 'x.safetensors')
    const tensors = new Map([['a', { shape: [3], data: new Float32Array(2) }]])
    await expect(writeSafetensors(file, tensors)).rejects.toMatchObject({ code: 'E_INTERNAL' })
  })
})

describe('a file that lies', () => {
  test('the honest file is read', async () => {
    const { tensors } = await readSafetensors(fileWith({ a: tensor([2], [0, 8]) }, 8))
    expect(tensors.get('a')).toEqual({ shape: [2], data: new Float32Array(2) })
  })

  test.each<[string, () => string, string]>([
    ['too short', () => fileWith('', -0, 2n ** 62n), 'claims'],
    ['a header longer than the file', () => fileWith({}, 0, 1000n), 'claims 1000 bytes'],
    ['no JSON', () => fileWith('{"a"', 0), 'not JSON'],
    ['an array', () => fileWith([], 0), 'not a JSON object'],
    ['a type missing', () => fileWith({ a: {} }, 0), 'lacks'],
    ['an unknown type', () => fileWith({ a: tensor([2], [0, 8], 'F33') }, 8), 'unknown type F33'],
    ['a type of the prototype', () => fileWith({ a: tensor([2], [0, 8], 'toString') }, 8), 'unknown type'],
    ['a negative length', () => fileWith({ a: tensor([-2], [0, 8]) }, 8), 'lacks'],
    ['a length that is no integer', () => fileWith({ a: tensor([0.5], [0, 2]) }, 2), 'lacks'],
    ['a shape larger than its bytes', () => fileWith({ a: tensor([2 ** 40], [0, 8]) }, 8), 'needs'],
    ['a product that overflows', () => fileWith({ a: tensor([2 ** 52, 2 ** 52], [0, 8]) }, 8), 'needs'],
    [
      'offsets backwards',
      () => fileWith({ a: tensor([2], [8, 0]) }, 8),
      'needs 8 bytes, its offsets give -8',
    ],
    ['offsets beyond the file', () => fileWith({ a: tensor([2 ** 40], [0, 2 ** 42]) }, 8), 'the file at'],
    ['a gap', () => fileWith({ a: tensor([1], [4, 8]) }, 8), 'starts at byte'],
    ['an overlap', () => fileWith({ a: tensor([2], [0, 8]), b: tensor([1], [4, 8]) }, 8), 'starts at byte'],
    ['bytes of nobody', () => fileWith({ a: tensor([1], [0, 4]) }, 8), 'its tensors end'],
    ['metadata that is no map', () => fileWith({ __metadata__: { a: 1 } }, 0), '__metadata__'],
  ])('%s', async (_name, make, words) => {
    const file = make()
    await expect(readSafetensors(file)).rejects.toMatchObject({
      code: 'E_MODEL_FILE',
      message: expect.stringContaining(words),
      at: { file },
    })
  })

  test('an empty file', async () => {
    const file = join(temporaryFolder(), 'empty')
    writeFileSync(file, '')
    await expect(readSafetensors(file)).rejects.toMatchObject({ code: 'E_MODEL_FILE' })
  })

  test('a changed or cut file is read or refused, whatever was changed', async () => {
    const good = readFileSync(fixture('mixed.safetensors'))
    const dataStart = 8 + Number(good.readBigUInt64LE())
    const file = join(temporaryFolder(), 'fuzz.safetensors')
    const edit = fc.record({
      at: fc.oneof(
        fc.integer({ min: 0, max: dataStart }),
        fc.integer({ min: dataStart, max: good.length - 4 }),
      ),
      bytes: fc.oneof(
        fc.uint8Array({ minLength: 1, maxLength: 4 }),
        fc.stringMatching(/^[0-9[\]{}",:]{1,3}$/).map((text) => Buffer.from(text)),
      ),
    })
    const outcomes = { read: 0, refused: 0 }
    await fc.assert(
      fc.asyncProperty(
        fc.array(edit, { minLength: 1, maxLength: 3 }),
        fc.oneof(
          { weight: 4, arbitrary: fc.constant(null) },
          { weight: 1, arbitrary: fc.integer({ min: 0, max: good.length }) },
        ),
        async (edits, cut) => {
          const bytes = Buffer.from(good)
          for (const { at, bytes: change } of edits) bytes.set(change, at)
          writeFileSync(file, cut === null ? bytes : bytes.subarray(0, cut))
          try {
            const { handle, header } = await openSafetensors(file)
            await handle.close()
            expect([...header.tensors.values()].every((entry) => entry.bytes <= good.length)).toBe(true)
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
})

describe('the index of a sharded model', () => {
  test('each shard is named once', async () => {
    const weight_map = { a: 'm-1.safetensors', b: 'm-2.safetensors', c: 'm-1.safetensors' }
    expect(await readShardNames(indexWith({ weight_map }))).toEqual(['m-1.safetensors', 'm-2.safetensors'])
  })

  test.each([
    ['{'],
    [{}],
    [{ weight_map: {} }],
    [{ weight_map: { a: '../other/model.safetensors' } }],
    [{ weight_map: { a: '/etc/x.safetensors' } }],
    [{ weight_map: { a: 7 } }],
  ])('%j is refused', async (content) => {
    await expect(readShardNames(indexWith(content))).rejects.toMatchObject({ code: 'E_MODEL_FILE' })
  })
})
