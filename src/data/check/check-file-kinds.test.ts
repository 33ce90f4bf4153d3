import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
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
