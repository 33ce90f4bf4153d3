import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeExamples } from '../../engine/train/encode-examples.ts'
import { longestTokens, trainedTokens } from '../../engine/train/encoded-example.ts'
import { importModel } from '../../engine/weights/import-model.ts'
import { tinyGguf } from '../../engine/weights/testing/hugging-face-folder.ts'
import { readExamples } from '../../data/records/read-examples.ts'
import { loadModelText } from '../../text/load-chat-text.ts'
import { dataMask } from './data-mask.ts'
import { dataTokens, type DataTokensSettings } from './data-tokens.ts'

const system = 'Hi.'
const row = (index: number): object =>
  index % 5 === 0
    ? {
        system,
        messages: [
          { role: 'user', content: `f ${index}` },
          { role: 'assistant', content: 'ok', weight: 0 },
          { role: 'user', content: 'so' },
          { role: 'assistant', content: `a${'long '.repeat(index % 7)}` },
        ],
      }
    : {
        system,
        messages: [
          { role: 'user', content: `room ${index}` },
          { role: 'assistant', content: 'PR' },
        ],
      }
const rows = Array.from({ length: 120 }, (_, index) => row(index))
const pairs = [{ prompt: 'Which?', chosen: 'This one.', rejected: 'That one, of course.' }]

let settings: DataTokensSettings
let work: string
let folder: string

const fileOf = async (name: string, records: readonly (object | string)[]): Promise<string> => {
  const file = join(work, name)
  const lines = records.map((record) => (typeof record === 'string' ? record : JSON.stringify(record)))
  await writeFile(file, `${lines.join('\n')}\n`)
  return file
}

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'hone-tokens-'))
  const home = join(work, 'home')
  folder = (await importModel(tinyGguf, { home, id: 'tiny' })).folder
  settings = {
    home,
    worker: new URL('../../../dist/workers/count-tokens.js', import.meta.url),
    countingThreads: 0,
  }
})

afterAll(() => rm(work, { recursive: true }))

describe('tokens', () => {
  test('are those that training sees, in this thread and in others', async () => {
    const file = await fileOf('rows.jsonl', rows)
    const { examples } = await readExamples(file)
    const { chatText } = await loadModelText(folder)
    const encoded = encodeExamples(examples, chatText)
    const lengths = encoded.map(longestTokens)
    const limit = lengths.toSorted((one, other) => one - other)[60] ?? 0
    const long = encoded.filter((example) => longestTokens(example) > limit)
    expect(long.length).toBeGreaterThan(0)

    const request = { file, base: 'tiny', maxTokens: limit, epochs: 2, fresh: true }
    const counted = await dataTokens(settings, request)
    const inThreads = await dataTokens({ ...settings, countingThreads: 2 }, request)
    expect(inThreads).toEqual({ ...counted, run: { ...counted.run, seconds: expect.any(Number) as number } })
    const { statistics } = counted
    expect(counted).toMatchObject({
      records: 120,
      refused: 0,
      failed: 0,
      pairs: 0,
      counter: { kind: 'exact', model: 'tiny', base: 'tiny' },
      run: { records: 120 - long.length, epochs: 2 },
    })
    expect(statistics.total).toBe(lengths.reduce((sum, length) => sum + length, 0))
    expect(statistics.trained).toBe(encoded.reduce((sum, example) => sum + trainedTokens(example), 0))
    expect(statistics.tokens.record.largest).toBe(Math.max(...lengths))
    expect(statistics.beyondLimit.rows).toEqual(
      long.map((example) => ({
        line: encoded.indexOf(example) + 1,
        tokens: longestTokens(example),
        trainedBeyond:
          trainedTokens(example) - trainedTokens({ ...example, trained: example.trained.slice(0, limit) }),
      })),
    )
    const { record, system: prompt, prompt: rest, answer } = statistics.tokens
    expect(prompt.total + rest.total + answer.total).toBe(record.total)
    expect(counted.sharedPrefix).toBeGreaterThan(prompt.p50)
  })

  test('of records too large for a thread are counted all the same', async () => {
    // More tokens than a call can have arguments, and more memory than a thread is given.
    const large = { input: 'route claim 7 '.repeat(300_000), output: 'urgent' }
    const file = await fileOf('large.jsonl', [...rows.slice(0, 3), large])
    const request = { file, base: 'tiny', fresh: true }
    const counted = await dataTokens({ ...settings, countingThreads: 1 }, request)
    expect(counted).toMatchObject({ records: 4, refused: 0, failed: 0 })
    expect(counted.statistics.tokens.record.largest).toBeGreaterThan(1_000_000)
  })

  test('of a file that was counted before are not counted again, whatever its name', async () => {
    const file = await fileOf('once.jsonl', rows.slice(0, 30))
    const request = { file, base: 'tiny' }
    const first = await dataTokens(settings, request)
    const other = await fileOf('copy.jsonl', rows.slice(0, 30))
    const second = await dataTokens(settings, { ...request, file: other })
    expect([first.reused, second.reused]).toEqual([false, true])
    expect(second.statistics).toEqual(first.statistics)
    expect((await dataTokens(settings, { ...request, system: 'Other.' })).reused).toBe(false)
    expect((await dataTokens(settings, { ...request, maxTokens: 9 })).reused).toBe(false)
    expect((await dataTokens(settings, { ...request, fresh: true })).reused).toBe(false)
    await fileOf('once.jsonl', rows.slice(0, 31))
    expect((await dataTokens(settings, request)).reused).toBe(false)
  })

  test('of pairs are those of both answers; records that cannot be trained are counted apart', async () => {
    const file = await fileOf('mixed.jsonl', [...pairs, '{"broken', rows[1]!])
    const counted = await dataTokens(settings, { file, base: 'tiny' })
    expect(counted).toMatchObject({ records: 3, refused: 1, pairs: 1 })
    const { total, tokens } = counted.statistics
    expect(total).toBeGreaterThan(tokens.record.total)
  })

  test('for a service are estimated, with the price where it is known', async () => {
    const file = await fileOf('paid.jsonl', [
      { input: 'a'.repeat(400), output: 'b'.repeat(40) },
      { input: 'c'.repeat(4_000), output: 'd' },
    ])
    const openai = await dataTokens(settings, { file, for: 'openai:gpt-4o-mini', maxTokens: 500, epochs: 3 })
    const total = 100 + 10 + 9 + 1000 + 1 + 9
    expect(openai.statistics.total).toBe(total)
    expect(openai.run).toMatchObject({ records: 1, tokens: 3 * total, usd: (3 * total * 3) / 1e6 })
    expect(openai.statistics.beyondLimit).toMatchObject({ records: 1, rows: [{ line: 2, tokens: 1010 }] })
    const bedrock = await dataTokens(settings, { file, for: 'bedrock:nova-lite' })
    expect(bedrock.run).toMatchObject({ epochs: 2, usd: null })
    await expect(dataTokens(settings, { file, for: 'openai:gpt-4o-mni' })).rejects.toMatchObject({
      code: 'E_USAGE',
      hint: expect.stringMatching(/^did you mean openai:gpt-4o-mini/) as string,
    })
    await expect(dataTokens(settings, { file })).rejects.toMatchObject({ code: 'E_USAGE' })
  })

  test('wait for a signal, and leave nothing', async () => {
    const file = await fileOf('stopped.jsonl', rows.slice(7))
    const controller = new AbortController()
    const onEvent = (): void => controller.abort(new Error('stopped'))
    for (const countingThreads of [0, 1]) {
      await expect(
        dataTokens(
          { ...settings, countingThreads },
          { file, base: 'tiny' },
          { signal: controller.signal, onEvent },
        ),
      ).rejects.toThrow('stopped')
    }
    await expect(dataTokens(settings, { file: join(work, 'none'), base: 'tiny' })).rejects.toMatchObject({
      code: 'E_DATA',
    })
  })

  test('a worker that dies is an error', async () => {
    const worker = new URL('../../../dist/workers/no-such-file.js', import.meta.url)
    const file = await fileOf('dead.jsonl', rows)
    await expect(
      dataTokens({ ...settings, worker, countingThreads: 2 }, { file, base: 'tiny', fresh: true }),
    ).rejects.toMatchObject({ code: 'E_WORKER' })
  })
})

describe('mask', () => {
  test('is that of training, and its texts are the rendered conversation', async () => {
    const file = await fileOf('masked.jsonl', [...rows.slice(0, 12), ...pairs])
    const { examples } = await readExamples(file)
    const { chatText, tokenizer } = await loadModelText(folder)
    const mask = await dataMask(settings, { file, base: 'tiny', rows: [{ from: 1, to: 99 }], maxTokens: 30 })
    expect(mask.records).toHaveLength(13)
    for (const [index, record] of mask.records.entries()) {
      const example = examples[index]!
      const [encoded] = encodeExamples([example], chatText, {
        method: example.rejected === undefined ? 'sft' : 'dpo',
      })
      const sequences = [encoded!, ...(encoded?.rejected === undefined ? [] : [encoded.rejected])]
      expect(record.error).toBeNull()
      expect(record.sequences).toHaveLength(sequences.length)
      for (const [at, { tokens, counts }] of record.sequences.entries()) {
        const sequence = sequences[at]!
        expect(tokens.map(({ id }) => id)).toEqual(sequence.tokens)
        expect(tokens.map(({ text }) => text).join('')).toBe(
          tokenizer.decode(sequence.tokens, { special: true }),
        )
        const states = sequence.trained.map((flag, place) =>
          place >= 30 ? 'cut' : flag ? 'trained' : 'masked',
        )
        expect(tokens.map(({ state }) => state)).toEqual(states)
        expect(counts.trained + counts.masked + counts.cut).toBe(tokens.length)
      }
    }
  })

  test('warns of what is odd', async () => {
    const { tokenizer } = await loadModelText(folder)
    const [special = ''] = tokenizer.specialTokens.keys()
    expect(special).not.toBe('')
    const file = await fileOf('odd.jsonl', [
      { input: `look ${special} here`, output: 'yes' },
      { input: 'a b c d e f g h i j k l m n o p q r s t u v', output: 'late' },
      '{"broken',
    ])
    const { records } = await dataMask(settings, { file, base: 'tiny', maxTokens: 25 })
    expect(records.map(({ line }) => line)).toEqual([1, 2, 3])
    expect(records[0]?.warnings.map(({ id }) => id)).toContain('special-text')
    expect(records[1]?.warnings.map(({ id }) => id)).toContain('nothing-trained-within')
    expect(records[2]).toMatchObject({ sequences: [], error: { code: 'E_DATA' } })
    expect(await readFile(file, 'utf8')).toContain('broken')
  })

  test('shows the first three records, and says where lines hold none', async () => {
    const file = await fileOf('many.jsonl', rows)
    const { records } = await dataMask(settings, { file, base: 'tiny' })
    expect(records.map(({ line }) => line)).toEqual([1, 2, 3])
    const chosen = await dataMask(settings, {
      file,
      base: 'tiny',
      rows: [
        { from: 7, to: 8 },
        { from: 119, to: 500 },
      ],
    })
    expect(chosen.records.map(({ line }) => line)).toEqual([7, 8, 119, 120])
    await expect(
      dataMask(settings, { file, base: 'tiny', rows: [{ from: 121, to: 130 }] }),
    ).rejects.toMatchObject({
      code: 'E_USAGE',
      message: expect.stringContaining('line 120'),
    })
  })
})
