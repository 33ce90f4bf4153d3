import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { findProfile } from '../../profiles/profiles.ts'
import { checkFile } from './check-file.ts'
import { chat } from '../testing/make-records.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'

test.each([
  ['gone.jsonl', undefined, 'there is no such file'],
  ['empty.jsonl', '', 'the file has no record'],
  ['blank.jsonl', ' \n\n', 'the file has no record'],
  ['list.jsonl', '[\n{}\n]', 'this is no JSONL file but JSON: a list of objects'],
  ['table.csv', 'question,answer\na,b\n', 'this is no JSONL file but CSV'],
  ['packed.jsonl', gzipSync(JSON.stringify(chat('q', 'a'))), 'this is no JSONL file but JSONL, in gzip'],
  [
    'wide.jsonl',
    Buffer.from(`\ufeff${JSON.stringify(chat('q', 'a'))}`, 'utf16le'),
    'this is no JSONL file but JSONL, in UTF-16',
  ],
])('%s cannot be checked', async (name, content, message) => {
  await using folder = await temporaryFolder()
  const file = content === undefined ? join(folder.path, name) : await folder.write(name, content)
  await expect(checkFile(file)).rejects.toThrow(message)
})

test('what is no JSONL is told how to become it', async () => {
  await expect(checkFile('s3://b/train.csv')).rejects.toMatchObject({
    code: 'E_DATA',
    hint: 'convert it: hone data import s3://b/train.csv --to examples.jsonl',
  })
})

const table = 'question,answer\nhow much?,12\n"a question\nof two lines",\nwho?,AKIAIOSFODNN7EXAMPLQ\n'
const one = (answer: string): object => ({ prompt: 'q', completion: answer })

test.each([
  ['csv', 'line', 'x.csv', table, 'line 3 /answer content/not-text'],
  ['csv in gzip', 'line', 'x.csv.gz', gzipSync(table), 'line 3 /answer content/not-text'],
  [
    'json',
    'record',
    'x.json',
    JSON.stringify([one('a'), one(''), one('b')]),
    'record 2 /completion content/empty',
  ],
  [
    'jsonl in UTF-16LE',
    'line',
    'x.jsonl',
    Buffer.from(`\ufeff${JSON.stringify(one('a'))}\n\n${JSON.stringify(one(''))}`, 'utf16le'),
    'line 3 /completion content/empty',
  ],
])('%s is checked where any kind may be, by %s', async (kind, unit, name, content, expected) => {
  await using folder = await temporaryFolder()
  const checked = await checkFile(await folder.write(name, content), { anyKind: true })
  expect(checked).toMatchObject({ kind, unit, mendable: { error: 0, warning: 0, note: 0 } })
  const found = checked.problems.findings
    .filter(({ severity, id }) => severity === 'error' && id.startsWith('content/'))
    .map(({ at, id }) => `${unit} ${at.line} ${at.pointer} ${id}`)
  expect(found).toEqual([expected])
})

test('what is said of a JSONL file is said of its records in another kind of file', async () => {
  await using folder = await temporaryFolder()
  const records = [
    one('yes'),
    one('no'),
    one('As an AI language model, I cannot.'),
    { prompt: 'r' },
    one('yes'),
  ]
  const lines = records.map((record) => JSON.stringify(record))
  const said = async (name: string, content: string): Promise<readonly string[]> => {
    const { problems } = await checkFile(await folder.write(name, content), { anyKind: true })
    return problems.findings.map(
      ({ id, at, message }) => `${at.line} ${id} ${message.replaceAll(/\b(?:record|line)/g, 'place')}`,
    )
  }
  const ofLines = await said('x.jsonl', lines.join('\n'))
  expect(ofLines.length).toBeGreaterThan(3)
  expect(await said('x.json', `[${lines.join(',')}]`)).toEqual(ofLines)
})

test('the file that goes with it may be of another kind too', async () => {
  await using folder = await temporaryFolder()
  const lines = Array.from({ length: 60 }, (_, at) =>
    JSON.stringify({ prompt: `question ${at}`, completion: at % 2 === 0 ? 'a' : 'b' }),
  )
  const file = await folder.write('train.jsonl', lines.join('\n'))
  const rows = Array.from({ length: 30 }, (_, at) => `asked ${at},${at % 3 === 0 ? 'c' : 'a'}\n`)
  const against = await folder.write('validation.csv', `text,label\n${rows.join('')}`)
  const checked = await checkFile(file, { anyKind: true, against })
  expect(checked.problems.findings.map(({ id }) => id)).toContain('label/drift')
})

test('for a service, what is no JSONL is told how to become what it takes', async () => {
  await using folder = await temporaryFolder()
  const { profile } = findProfile('bedrock:nova-lite')
  await expect(checkFile(await folder.write('x.csv', table), { profile })).rejects.toMatchObject({
    code: 'E_DATA',
    hint: expect.stringContaining('--as bedrock-converse --to examples.jsonl') as string,
  })
})

const show = (at: number, text: string): object => ({
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this?' },
        { type: 'image_url', image_url: { url: `https://a.b/${at}.png` } },
      ],
    },
    { role: 'assistant', content: text },
  ],
})
const call = (at: number): object => ({
  messages: [
    { role: 'user', content: 'do it' },
    {
      role: 'assistant',
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: `{"at":${at}}` } }],
    },
  ],
})
const duplicates = async (...records: readonly object[]): Promise<readonly string[]> => {
  await using folder = await temporaryFolder()
  const lines = records.map((record) => JSON.stringify(record)).join('\n')
  const { problems } = await checkFile(await folder.write('x.jsonl', lines))
  return problems.findings.map(({ id }) => id).filter((id) => id.startsWith('duplicate/'))
}

test('records with the same words are others where their pictures or calls are', async () => {
  expect(
    await duplicates(show(1, 'cat'), show(2, 'dog'), show(3, 'cat'), call(1), { a: 1 }, { a: 2 }),
  ).toEqual([])
  expect(await duplicates(show(1, 'cat'), show(1, 'dog'))).toEqual(['duplicate/contradictory'])
  expect(await duplicates(show(1, 'cat'), show(1, 'cat'))).toEqual(['duplicate/exact'])
  expect(await duplicates(call(1), call(2))).toEqual(['duplicate/contradictory'])
  expect(await duplicates(call(1), call(1))).toEqual(['duplicate/exact'])
})
