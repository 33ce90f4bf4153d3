import { describe, expect, test } from 'vitest'
import type { DataMask } from '../../service/data/data-mask.ts'
import type { DataStats } from '../../service/data/data-stats.ts'
import type { DataTokens } from '../../service/data/data-tokens.ts'
import { runFake } from '../testing/fake-host.ts'
import { dataMaskLines } from './data-mask-lines.ts'
import { dataStatsLines } from './data-stats-lines.ts'
import { dataTokensLines } from './data-tokens-lines.ts'
import { histogramLines } from './histogram-lines.ts'
import { createPaint } from './paint.ts'

const plain = createPaint(false, {})
const lengths = { count: 3, total: 90, mean: 30, p50: 20, p95: 50, largest: 50 }
const none = { count: 0, total: 0, mean: 0, p50: 0, p95: 0, largest: 0 }
const histogram = [
  { from: 0, to: 19, count: 1 },
  { from: 20, to: 39, count: 1 },
  { from: 40, to: 59, count: 1 },
]

const tokens: DataTokens = {
  schema: 1,
  file: 'train.jsonl',
  counter: { kind: 'exact', model: 'router-1', base: 'small', context: 64 },
  bytes: 1000,
  records: 5,
  refused: 1,
  pairs: 0,
  bytesPerCharacter: 1,
  failed: 1,
  failures: [{ line: 4, code: 'E_TEMPLATE', message: 'line 4: the chat template refuses \u001b[2J' }],
  sharedPrefix: 9,
  statistics: {
    counted: 3,
    total: 90,
    trained: 12,
    tokens: { record: lengths, system: none, prompt: lengths, answer: lengths },
    histogram,
    beyondLimit: {
      limit: 32,
      records: 1,
      tokens: 18,
      answersCut: 1,
      withoutTrained: 1,
      rows: [{ line: 3, tokens: 50, trainedBeyond: 4 }],
    },
    nothingTrained: 0,
  },
  run: { records: 2, epochs: 3, tokens: 120, usd: null, priceSource: 'here', seconds: 61, batchSize: 2 },
  reused: true,
}

test('exact tokens', () => {
  expect(dataTokensLines(tokens)).toMatchInlineSnapshot(`
    [
      "train.jsonl · 5 records · exact, as router-1 is trained · counted in an earlier run",
      "refused   1 record with errors, not counted: hone data check train.jsonl",
      "refused   1 record that the chat template does not take, not counted",
      "          line 4: the chat template refuses ‹U+001B›[2J",
      "",
      "tokens          mean  p50  p95  longest  sum",
      "record          30    20   50   50       90",
      "user and marks  30    20   50   50       90",
      "answer          30    20   50   50       90",
      "",
      " 0–19  ████████████████████████████████████████ 1",
      "20–39  ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ 1",
      "-----  ---- cut at 32 ----",
      "40–59  ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ 1",
      "",
      "cut       1 record of more than 32 tokens, 18 tokens beyond it: 1 would lose a part of an answer, 1 all of it",
      "          line 3 (50)",
      "          hone train never cuts a record: it refuses these, or leaves them out with --drop-long",
      "trained   12 of 90 tokens carry loss (13.3 %), the rest is masked",
      "          all records begin with the same 9 tokens: computed once a batch of 2, not for each record",
      "run       2 records × 3 epochs · 120 tokens · about 1 min 01 s on this machine",
      "next      hone data mask train.jsonl --base router-1",
    ]
  `)
})

test('estimates name their rule, and a price or why there is none', () => {
  const estimate: DataTokens = {
    ...tokens,
    counter: {
      kind: 'estimate',
      profile: 'openai:x',
      title: 'X',
      method: '4 characters a token (somewhere)',
      note: 'x is a family',
    },
    sharedPrefix: null,
    bytesPerCharacter: 2.4,
    run: { ...tokens.run, usd: 1.5, seconds: null, batchSize: null, priceSource: 'list of 2026-11' },
  }
  const text = dataTokensLines(estimate).join('\n')
  expect(text).toContain('4 characters a token (somewhere)')
  expect(text).toContain('x is a family')
  expect(text).toContain('not in Latin letters')
  expect(text).toContain('about USD 1.50 (list of 2026-11)')
  const unpriced = { ...estimate, run: { ...estimate.run, usd: null, priceSource: 'none is published' } }
  expect(dataTokensLines(unpriced).join('\n')).toContain('price not known: none is published')
})

describe('a mask', () => {
  const mask: DataMask = {
    schema: 1,
    file: 'train.jsonl',
    model: 'small',
    limit: 4,
    context: 64,
    records: [
      {
        line: 1,
        sequences: [
          {
            answer: 'only',
            counts: { trained: 2, masked: 2, cut: 1 },
            tokens: [
              { id: 1, text: '<s>', state: 'masked' },
              { id: 2, text: 'Q?\n', state: 'masked' },
              { id: 3, text: 'A\n', state: 'trained' },
              { id: 4, text: 'B\u202e', state: 'trained' },
              { id: 5, text: '</s>', state: 'cut', trained: true },
            ],
          },
        ],
        warnings: [{ id: 'answer-cut', message: '1 of 3 tokens lies beyond the limit of 4' }],
        error: null,
      },
      { line: 2, sequences: [], warnings: [], error: { code: 'E_DATA', message: 'not JSON' } },
    ],
  }

  test('marks trained and cut tokens without colour', () => {
    expect(dataMaskLines(mask, plain)).toMatchInlineSnapshot(`
      [
        "train.jsonl · 2 records · as small is trained",
        "key       ⟦trained⟧ · masked · ⟪beyond the limit of 4 tokens⟫ · ⏎ a line break",
        "",
        "line 1 · 5 tokens · 2 trained · 2 masked · 1 beyond the limit",
        "  <s>Q?⏎",
        "  ⟦A⏎",
        "  B‹U+202E›⟧⟪</s>⟫",
        "  warning  1 of 3 tokens lies beyond the limit of 4  answer-cut",
        "",
        "line 2 · not trained: not JSON",
        "",
        "next      hone data tokens train.jsonl --base small",
      ]
    `)
  })

  test('says the same in colour', () => {
    const coloured = dataMaskLines(mask, createPaint(true, { TERM: 'xterm' }))
    expect(coloured.join('\n')).toContain('\u001b[32m')
    // oxlint-disable-next-line no-control-regex
    expect(coloured.map((line) => line.replaceAll(/\u001b\[\d+m/g, ''))).toEqual(dataMaskLines(mask, plain))
  })
})

test('the line of a cut stands between the bars that it parts, and nowhere without one', () => {
  expect(histogramLines(histogram)).not.toContain('cut')
  expect(histogramLines(histogram, 39).map((line) => line.includes('cut'))).toEqual([
    false,
    false,
    true,
    false,
  ])
  expect(histogramLines(histogram, 59).some((line) => line.includes('cut'))).toBe(false)
  expect(histogramLines([])).toEqual([])
})

test('statistics', () => {
  const stats: DataStats = {
    schema: 1,
    file: 'a.jsonl',
    bytes: 1234,
    records: 4,
    refused: 1,
    refusedBy: [{ value: 'json/syntax', count: 1 }],
    formats: [{ value: 'input-output', count: 3 }],
    messages: { system: 0, user: 3, assistant: 3, tool: 0 },
    turns: lengths,
    characters: { record: lengths, system: none, user: lengths, answer: lengths, histogram },
    systemPrompts: { records: 3, distinct: 2, more: false },
    labels: {
      from: 'the field "x"',
      distinct: 1,
      more: false,
      without: 1,
      counts: [{ value: 'A\n', count: 2 }],
    },
    duplicates: 1,
    sameInput: 2,
    emptyMessages: 0,
    emptyAnswers: 0,
    preferencePairs: 1,
    weighted: 1,
    tools: { records: 1, calls: 2, results: 1, names: [{ value: 'find', count: 2 }] },
    media: { records: 1, kinds: [{ value: 'image/png', count: 1 }] },
    metadataKeys: [{ value: 'patient', count: 3 }],
    languages: { sampled: 3, counts: [{ value: 'en', count: 3 }] },
  }
  expect(dataStatsLines({ ...stats, reused: false })).toMatchInlineSnapshot(`
    [
      "a.jsonl · 4 records · 1.2 kB",
      "",
      "formats   3 × input-output",
      "refused   1 record, not counted below: 1 × json/syntax",
      "turns     p50 20 · p95 50 · most 50 · 3 user and 3 assistant messages · 1 preference pair · 1 record with weights",
      "system    3 of 3 records have one · 2 different",
      "labels    1 label, from the field "x" · 1 record without one",
      "          A‹U+000A›  2  100.0 %  ████████████████████",
      "twice     1 record equal to one before · 2 with the input of one before",
      "empty     0 records with an empty answer · 0 with any empty message",
      "tools     1 record · 2 calls · 1 result · 2 × find",
      "media     1 record · 1 × image/png",
      "keys      beside the conversation: 3 × patient",
      "language  3 × en (of a sample of 3 records; ? is too short or unclear)",
      "",
      "characters  mean  p50  p95  longest",
      "record      30    20   50   50",
      "user        30    20   50   50",
      "answer      30    20   50   50",
      "",
      " 0–19  ████████████████████████████████████████ 1",
      "20–39  ████████████████████████████████████████ 1",
      "40–59  ████████████████████████████████████████ 1",
      "",
      "next      hone data tokens a.jsonl --base smollm2-135m-instruct",
    ]
  `)
})

test.each([['0'], ['3-1'], ['a'], ['1,'], ['1-2-3'], ['99999999999999999999']])(
  '--rows %s is refused',
  async (rows) => {
    const { status, stderr } = await runFake(['data', 'mask', 'x.jsonl', '--rows', rows])
    expect(status).toBe(2)
    expect(stderr).toContain(`--rows ${rows}: must be lines such as 5, 1-5 or 1-3,17`)
  },
)
