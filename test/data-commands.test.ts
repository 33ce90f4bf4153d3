import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { awsClients } from './testing/aws-clients.ts'
import { runHone, type Finished } from './testing/run-hone.ts'
import { startServer } from './testing/start-server.ts'
import { colourRecords, tinyHome, writeRecords } from './testing/tiny-home.ts'
import { describe, expect, test } from 'vitest'
import { runFake, type CliResult } from '../src/cli/testing/fake-host.ts'
import { createServices } from '../src/compose.ts'
import { dataFolder, question, record, type DataFolder } from '../src/service/testing/data-folder.ts'

test('stats, tokens and mask of a file, as built; a second count is the first one again', async () => {
  const { home, base, work } = await tinyHome()
  const file = writeRecords(work, 'colours.jsonl', colourRecords(40))
  const stats = await runHone(['data', 'stats', file, '--json'], { home })
  expect(JSON.parse(stats.stdout)).toMatchObject({ schema: 1, records: 40, labels: { distinct: 3 } })
  const count = ['data', 'tokens', file, '--base', base, '--json']
  const first: unknown = JSON.parse((await runHone(count, { home })).stdout)
  expect(first).toMatchObject({ schema: 1, records: 40, failed: 0, reused: false })
  const second: unknown = JSON.parse((await runHone(count, { home })).stdout)
  expect(second).toMatchObject({ schema: 1, records: 40, failed: 0, reused: true })
  const mask = await runHone(['data', 'mask', file, '--base', base, '--rows', '2', '--json'], { home })
  expect(JSON.parse(mask.stdout)).toMatchObject({ schema: 1, records: [{ line: 2, error: null }] })
})

test('what cannot be read is an error with a code, never a crash', async () => {
  const { home, base, work } = await tinyHome()
  const hostile = join(work, 'hostile.jsonl')
  writeFileSync(hostile, Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x00, 0xff, 0x0a, 0x5b, 0x5d, 0x0a, 0x22]))
  for (const command of ['stats', 'tokens', 'mask']) {
    const named = command === 'stats' ? [] : ['--base', base]
    for (const file of [join(work, 'none.jsonl'), work]) {
      const { status, stderr } = await runHone(['data', command, file, ...named], { home })
      expect(status).toBe(2)
      expect(stderr).toContain('error E_DATA')
    }
    const { status, stderr } = await runHone(['data', command, hostile, ...named], { home })
    expect({ command, status, stderr }).toMatchObject({ status: 0 })
  }
})

test('a file in a bucket is read from there, without a word of what reads it', async () => {
  const tiny = await tinyHome()
  await using server = await startServer(tiny)
  const { s3 } = awsClients(server)
  await s3.send(new CreateBucketCommand({ Bucket: 'data' }))
  const lines = colourRecords(40).map((each) => JSON.stringify(each))
  await s3.send(
    new PutObjectCommand({ Bucket: 'data', Key: 'a b/c.jsonl.gz', Body: gzipSync(lines.join('\n')) }),
  )
  const { accessKeyId, secretAccessKey } = server.credentials
  const env = {
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  }
  const run = (...words: string[]): Promise<Finished> =>
    runHone(['data', ...words, '--quiet'], { ...tiny, env })
  const to = join(tiny.work, 'fetched.jsonl')
  const imported = await run('import', 's3://data/a b/c.jsonl.gz', '--to', to, '--json')
  expect(imported).toMatchObject({ status: 0, stderr: '' })
  expect(JSON.parse(imported.stdout)).toMatchObject({ records: 40, sources: [{ kind: 'jsonl in gzip' }] })
  const absent = await run('stats', 's3://data/none.jsonl')
  expect(absent).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^error E_DATA .*there is no such object/) as string,
  })
}, 60_000)

const hone = (folder: DataFolder, ...argv: readonly string[]): Promise<CliResult> =>
  runFake(['data', ...argv], { services: createServices({ home: folder.home, env: {} }) })

describe('hone data', () => {
  test('from a file with duplicates to a sealed split, and what changed on the way', async () => {
    await using folder = await dataFolder()
    const records = Array.from({ length: 40 }, (_, at) => record(question(at), at % 2 === 0 ? 'even' : 'odd'))
    const file = await folder.records('a.jsonl', [...records, record(`${question(3)}!`, 'odd')])
    const to = join(folder.path, 'b.jsonl')

    const deduped = await hone(folder, 'dedupe', file, '--to', to, '--name', 'numbers')
    expect(deduped).toMatchObject({ status: 0 })
    expect(deduped.stdout).toContain('a.jsonl · 41 records')
    expect(deduped.stdout).toMatch(/found +1 {2}equal to another/)
    expect(deduped.stdout).toMatch(/line 41 +equal +line 4 /)
    expect(deduped.stdout).toContain('kept      40 of 41 records')
    const again = await hone(folder, 'dedupe', file)
    expect(again.stdout).toContain('content and settings are those of an earlier run')

    const split = await hone(folder, 'split', 'numbers', '--by', 'label', '--test', '8', '--name', 'numbers')
    expect(split.stdout).toMatch(/test +8 +20\.0 % +[0-9a-f]{12} +sealed/)
    const listed = JSON.parse((await hone(folder, 'list', '--json')).stdout) as { datasets: { id: string }[] }
    expect(listed.datasets).toHaveLength(2)
    const shown = await hone(folder, 'show', listed.datasets[0]?.id ?? '')
    expect(shown.stdout).toContain('made by   split')

    const leaky = await hone(folder, 'dedupe', to, '--against', 'numbers/test', '--near', '1')
    expect(leaky.stderr).toContain('numbers/test is a sealed test split: 1st look, written down')
    expect(leaky.stdout).toMatch(/8 {2}equal or similar to a record of the other files/)

    const diff = await hone(folder, 'diff', file, to)
    expect(diff.stdout).toContain('40 unchanged · 0 changed · 0 added · 1 removed')
    expect(diff.stdout).toContain('- line 41  "alpha3 beta3')
  })

  test('a version is named wherever a file is, and a look at its sealed test split is written down', async () => {
    await using folder = await dataFolder()
    const records = Array.from({ length: 40 }, (_, at) => record(question(at), at % 2 === 0 ? 'even' : 'odd'))
    const file = await folder.records('a.jsonl', records)
    await hone(folder, 'split', file, '--test', '8', '--name', 'numbers')
    expect((await hone(folder, 'stats', 'numbers')).stderr).not.toContain('sealed')
    const to = (name: string): string => join(folder.path, name)
    const commands = [
      ['stats', 'numbers/test'],
      ['tokens', 'numbers/test', '--for', 'openai:gpt-4o-mini'],
      ['redact', 'numbers/test', '--to', to('r.jsonl')],
      ['export', 'numbers/test', '--as', 'openai-chat', '--to', to('e.jsonl')],
      ['import', 'numbers/test', '--name', 'again'],
      ['save', 'numbers/test', '--name', 'saved'],
      ['diff', 'numbers/test', file],
    ]
    for (const [at, argv] of commands.entries()) {
      const { status, stderr } = await hone(folder, ...argv)
      expect({ argv, status, stderr }).toMatchObject({ status: 0 })
      const told = new RegExp(
        `numbers/test is a sealed test split: ${at + 1}(st|nd|rd|th) look, written down`,
      )
      expect(stderr).toMatch(told)
    }
    expect((await folder.lines('e.jsonl')).length).toBe(8)
    const { stdout } = await hone(folder, 'stats', 'numbers/test', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ file: 'numbers/test', looks: commands.length + 1 })
  })

  test('words that changed are marked, and nothing of a record can drive the terminal', async () => {
    await using folder = await dataFolder()
    const before = await folder.records('a.jsonl', [record(question(1), 'pay the bill')])
    const after = await folder.records('b.jsonl', [record(question(1), 'pay this \u001b[2J bill')])
    const { stdout } = await hone(folder, 'diff', before, after)
    expect(stdout).toContain('~ line 1 → line 1 · same input')
    expect(stdout).toContain('pay [-the-]{+this ‹U+001B›[2J+} bill')
    expect(stdout).not.toContain('\u001b')
  })

  test.each([
    [['dedupe', 'x.jsonl', '--shingles', 'letters:3'], 'words:N or characters:N'],
    [['dedupe', 'x.jsonl', '--near', '2'], 'from 0.05 to 1'],
    [['dedupe', 'missing.jsonl'], 'there is no such file'],
    [['save', 'missing.jsonl'], '--name'],
    [['show', 'nothing'], 'no dataset nothing'],
  ])('%j is refused with what is wrong', async (argv, said) => {
    await using folder = await dataFolder()
    const { status, stderr } = await hone(folder, ...argv)
    expect(status).toBe(2)
    expect(stderr).toContain(said)
  })
})
