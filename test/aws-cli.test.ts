import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { awsCommand, type AwsCommand } from './testing/aws-command.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { tinyHome, type TinyHome } from './testing/tiny-home.ts'
import { missingPackage } from './testing/vendor-python.ts'

const reason = missingPackage('awscli')
if (reason !== undefined) process.stderr.write(`commands of the aws CLI are not run: ${reason}\n`)

describe.skipIf(reason !== undefined)('the aws CLI', () => {
  let home: TinyHome
  let server: TestServer
  let aws: AwsCommand['run']
  let json: AwsCommand['json']

  beforeAll(async () => {
    home = await tinyHome()
    server = await startServer(home)
    ;({ run: aws, json } = awsCommand(server, home.work))
  }, 60_000)
  afterAll(() => server[Symbol.asyncDispose]())

  test('says who it is', async () => {
    expect(await json('sts', 'get-caller-identity')).toMatchObject({
      Account: '000000000000',
      Arn: 'arn:aws:iam::000000000000:user/developer',
    })
  })

  test('copies, lists, synchronises and presigns', async () => {
    await aws('s3', 'mb', 's3://cli')
    const folder = join(home.work, 'tree')
    mkdirSync(join(folder, 'deep er'), { recursive: true })
    writeFileSync(join(folder, 'a.txt'), 'first')
    writeFileSync(join(folder, 'deep er', 'b+c.txt'), 'second')
    // In parts, as the CLI does from 8 MB on.
    const large = Buffer.alloc(9 * 2 ** 20, 'abcdefg')
    writeFileSync(join(folder, 'large.bin'), large)
    await aws('s3', 'sync', folder, 's3://cli/tree')
    expect(await aws('s3', 'sync', folder, 's3://cli/tree')).toBe('')
    const listed = await aws('s3', 'ls', 's3://cli/tree/', '--recursive')
    expect(
      listed
        .trim()
        .split('\n')
        .map((line) => line.slice(31).trim()),
    ).toEqual(['tree/a.txt', 'tree/deep er/b+c.txt', 'tree/large.bin'])
    expect(await aws('s3', 'ls', 's3://cli/tree/')).toContain('PRE deep er/')
    await aws('s3', 'cp', 's3://cli/tree/large.bin', join(home.work, 'back.bin'))
    expect(readFileSync(join(home.work, 'back.bin')).equals(large)).toBe(true)
    await aws('s3', 'cp', 's3://cli/tree/a.txt', 's3://cli/copied.txt')
    const url = (await aws('s3', 'presign', 's3://cli/copied.txt', '--expires-in', '60')).trim()
    const answer = await fetch(url)
    expect([answer.status, await answer.text()]).toEqual([200, 'first'])
    await aws('s3', 'rm', 's3://cli/tree', '--recursive')
    expect((await aws('s3', 'ls', 's3://cli', '--recursive')).trim()).toMatch(/copied\.txt$/)
    await expect(aws('s3', 'rb', 's3://cli')).rejects.toThrow('BucketNotEmpty')
    await aws('s3', 'rb', 's3://cli', '--force')
  }, 120_000)
})
