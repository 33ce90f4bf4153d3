import { expect, test } from 'vitest'
import type { Example } from '../../core/example.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { streamExamples } from '../records/stream-examples.ts'
import { DatasetTally, type DatasetStatistics } from './dataset-tally.ts'

async function statisticsOf(
  records: readonly (object | string)[],
  label?: string,
): Promise<DatasetStatistics> {
  await using folder = await temporaryFolder()
  const lines = records.map((record) => (typeof record === 'string' ? record : JSON.stringify(record)))
  const file = await folder.write('data.jsonl', `${lines.join('\n')}\n`)
  const tally = new DatasetTally(label)
  for await (const batch of streamExamples(file)) for (const record of batch) tally.add(record)
  return tally.statistics()
}

function statisticsOfExample(example: Omit<Example, 'id'>): DatasetStatistics {
  const tally = new DatasetTally()
  tally.add({ line: 1, text: undefined, record: undefined, example: { id: 'x:1', ...example }, findings: [] })
  return tally.statistics()
}

test('counts what a file holds', async () => {
  const statistics = await statisticsOf([
    { input: 'a claim', output: 'A' },
    '',
    { input: 'a claim', output: 'A' },
    { input: 'a claim', output: 'B', patient: 7 },
    {
      messages: [
        { role: 'system', content: 'Route.' },
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: 'yes' },
      ],
    },
    { prompt: 'q', chosen: 'good', rejected: 'bad' },
    '{"input": "cut',
    { input: 'x', output: ' ' },
    {
      messages: [
        { role: 'user', content: '' },
        { role: 'assistant', content: 'y' },
      ],
    },
  ])
  expect(statistics).toMatchObject({
    records: 8,
    refused: 3,
    refusedBy: [
      { value: 'content/empty', count: 2 },
      { value: 'json/syntax', count: 1 },
    ],
    messages: { system: 1, user: 5, assistant: 5, tool: 0 },
    duplicates: 1,
    sameInput: 2,
    emptyMessages: 2,
    emptyAnswers: 1,
    preferencePairs: 1,
    systemPrompts: { records: 1, distinct: 1, more: false },
    metadataKeys: [{ value: 'patient', count: 1 }],
  })
  expect(statistics.turns).toMatchObject({ count: 5, p50: 2, largest: 2 })
  expect(statistics.characters.answer).toMatchObject({ count: 5, total: 10, largest: 4 })
  expect(statistics.sample).toHaveLength(5)
})

const rows = (make: (label: string) => object): object[] =>
  Array.from({ length: 20 }, (_, index) => make(index % 4 === 0 ? 'rare' : 'common'))

test('labels are those of a field, of the record or of a JSON answer; else of short answers that repeat', async () => {
  const counts = [
    { value: 'common', count: 15 },
    { value: 'rare', count: 5 },
  ]
  const answers = await statisticsOf(rows((label) => ({ input: `x ${Math.random()}`, output: label })))
  expect(answers.labels).toMatchObject({ counts, without: 0, from: expect.stringContaining('answers') })
  const field = await statisticsOf(
    rows((label) => ({ input: 'x', output: 'y', intent: label })),
    'intent',
  )
  expect(field.labels).toMatchObject({ counts, without: 0, from: 'the field "intent"' })
  const json = await statisticsOf(
    rows((label) => ({ input: 'x', output: `{"intent":"${label}"}` })),
    'intent',
  )
  expect(json.labels).toMatchObject({ counts, without: 0 })
  const none = await statisticsOf(
    rows(() => ({ input: 'x', output: 'y' })),
    'intent',
  )
  expect(none.labels).toMatchObject({ counts: [], without: 20 })
  const free = await statisticsOf(
    Array.from({ length: 20 }, (_, index) => ({ input: 'x', output: `text ${index}` })),
  )
  expect(free.labels).toBeNull()
})

test('tools, media and metadata are counted', () => {
  const image = { type: 'media', mediaType: 'image/png', uri: 's3://b/k.png' } as const
  const call = { id: '1', name: 'find', arguments: { q: 'x' } }
  const statistics = statisticsOfExample({
    messages: [
      { role: 'user', content: 'look', parts: [{ type: 'text', text: 'look' }, image] },
      { role: 'assistant', content: '', toolCalls: [call, call] },
      { role: 'tool', content: 'found', toolCallId: '1' },
      { role: 'assistant', content: 'there' },
    ],
    tools: [{ name: 'find' }],
    label: 'a',
    metadata: { patient: 'p1' },
  })
  expect(statistics).toMatchObject({
    tools: { records: 1, calls: 2, results: 1, names: [{ value: 'find', count: 1 }] },
    media: { records: 1, kinds: [{ value: 'image/png', count: 1 }] },
    metadataKeys: [{ value: 'patient', count: 1 }],
    labels: { counts: [{ value: 'a', count: 1 }] },
    emptyMessages: 0,
  })
})
