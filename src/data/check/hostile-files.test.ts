import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { HoneError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/example.ts'
import { excerpt } from '../excerpt.ts'
import { readParsedRecord } from '../records/read-record.ts'
import { recordFormats } from '../records/record-formats.ts'
import { anyExample } from '../testing/any-example.ts'
import { collectRows } from '../testing/collect-rows.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { writeRecords } from '../records/write-records.ts'

const isLong = process.env['HONE_TEST_LONG'] === '1'
const mutatedRecords = isLong ? 100_000 : 9_000
const mutatedFiles = isLong ? 100_000 : 1_000

/** What a value is replaced by. */
const junk = [
  null,
  true,
  0,
  -1,
  '',
  ' ',
  '\u0000',
  '\ud800',
  'system',
  'human',
  [],
  {},
  [[]],
  [{}],
  { type: 'text' },
  { role: 'tool' },
]

/** Puts something else in one place of a JSON value, chosen by a number. */
function mutated(value: unknown, seed: number): unknown {
  if (typeof value !== 'object' || value === null || seed % 5 === 0) return junk[seed % junk.length]
  if (Array.isArray(value)) {
    if (value.length === 0 || seed % 7 === 0) return [...value, junk[seed % junk.length]]
    const at = seed % value.length
    return seed % 11 === 0
      ? value.toSpliced(at, 1)
      : value.with(at, mutated(value[at], Math.floor(seed / value.length)))
  }
  const entries = Object.entries(value)
  if (entries.length === 0) return { [`k${seed}`]: junk[seed % junk.length] }
  const at = seed % entries.length
  const [key, inner] = entries[at] ?? ['', null]
  if (seed % 13 === 0) return Object.fromEntries(entries.toSpliced(at, 1))
  if (seed % 17 === 0) return { ...value, [`${key}x`]: inner }
  return { ...value, [key]: mutated(inner, Math.floor(seed / entries.length)) }
}

/** Records of every format with one to three places changed. */
const records = fc.oneof(
  ...recordFormats.map((format) =>
    fc.tuple(
      fc.constant(format),
      anyExample(format.holds),
      fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
    ),
  ),
)

test('no mutated record makes a reader fail, and each is an example or refused', () => {
  let refused = 0
  let read = 0
  fc.assert(
    fc.property(records, ([format, example, seeds]) => {
      const record = format.write(example, () => undefined) ?? {}
      const changed = seeds.reduce((value: unknown, seed) => mutated(value, seed), record)
      const value: unknown = JSON.parse(JSON.stringify(changed))
      for (const textOnly of [true, false]) {
        let reported = 0
        const { messages } = readParsedRecord(
          value,
          (id, pointer, message) => {
            reported++
            expect(message).not.toMatch(/\p{Cc}|\p{Surrogate}/u)
            expect(pointer === '' || pointer.startsWith('/'), `${id} ${excerpt(pointer)}`).toBe(true)
          },
          { textOnly, ...(seeds.length === 2 ? { format } : {}) },
        )
        expect(messages !== undefined || reported > 0).toBe(true)
        if (messages === undefined) refused++
        else read++
      }
    }),
    { numRuns: mutatedRecords },
  )
  expect(refused).toBeGreaterThan(mutatedRecords / 20)
  expect(read).toBeGreaterThan(mutatedRecords / 20)
})

test('no mutated file makes a reader fail: rows, findings or one error about the file', async () => {
  await using folder = await temporaryFolder()
  const some = fc.sample(anyExample(['system', 'turns', 'label', 'tools', 'calls', 'metadata']), {
    numRuns: 6,
    seed: 3,
  })
  const hone = recordFormats.find(({ id }) => id === 'hone')
  const rows = some.map((example) => hone?.write(example, () => undefined) ?? {})
  const flat = rows.map((_, at) => ({ prompt: `q, "${at}"\n`, completion: `a${at}`, label: 'é' }))
  const contents: Buffer[] = [Buffer.from('Q: a\nA: b\n\nQ: c\nA: d\n'), Buffer.from('a\tb\nc\td\n')]
  const { readFile } = await import('node:fs/promises')
  // Parquet is left out: its reader can be made to count for hours by a few bytes.
  for (const ending of ['jsonl', 'json', 'csv', 'tsv', 'xlsx']) {
    for (const [name, list] of Object.entries<readonly JsonObject[]>({ rows, flat })) {
      const file = `${folder.path}/${name}.${ending}`
      await writeRecords(file, async function* () {
        yield list
      })
      contents.push(await readFile(file))
    }
  }
  contents.push(gzipSync(contents[2] ?? ''), Buffer.from(contents[4]?.toString('utf8') ?? '', 'utf16le'))
  contents.push(Buffer.from(JSON.stringify({ meta: 1, data: rows }, null, 1)))
  let failed = 0
  let rowsRead = 0
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...contents),
      fc.constantFrom('', '.csv', '.jsonl', '.txt', '.json'),
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 }), fc.nat({ max: 4 })), { minLength: 1, maxLength: 4 }),
      async (content, ending, changes) => {
        let bytes = Buffer.from(content)
        for (const [at, byte, kind] of changes) {
          const place = at % (bytes.length || 1)
          if (kind === 0) bytes = bytes.subarray(0, place)
          else if (kind === 1)
            bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + 1 + (byte % 9))])
          else if (kind === 2)
            bytes = Buffer.concat([
              bytes.subarray(0, place),
              Buffer.from('"{[,\n\t]}'),
              bytes.subarray(place),
            ])
          else if (bytes.length > 0) bytes[place] = byte
        }
        const file = await folder.write(`mutated${ending}`, bytes)
        try {
          const { rows: found, summary } = await collectRows(file)
          expect(summary.records).toBe(found.length)
          expect(
            found.filter(({ example, findings }) => example === undefined && findings.length === 0),
          ).toEqual([])
          rowsRead += found.length
        } catch (error) {
          if (!HoneError.isInstance(error) || error.code !== 'E_DATA' || error.hint === undefined) throw error
          failed++
        }
      },
    ),
    { numRuns: mutatedFiles },
  )
  expect(failed).toBeGreaterThan(mutatedFiles / 50)
  expect(rowsRead).toBeGreaterThan(mutatedFiles)
})
