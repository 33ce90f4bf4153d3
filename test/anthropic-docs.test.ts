import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runShellBlocks, shellBlocksOf } from './testing/run-shell-blocks.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { colourLines, tinyHome, type TinyHome } from './testing/tiny-home.ts'

// The commands are those of a shell.
const reason = process.platform === 'win32' ? 'there is no bash' : undefined

describe.skipIf(reason !== undefined)('the commands of docs/anthropic.md', () => {
  let home: TinyHome
  let server: TestServer

  beforeAll(async () => {
    home = await tinyHome()
    server = await startServer(home)
    writeFileSync(join(home.work, 'train.jsonl'), colourLines(40, 1))
  }, 60_000)
  afterAll(() => server[Symbol.asyncDispose]())

  test('do what they say, one after the other', async () => {
    const blocks = shellBlocksOf('docs/anthropic.md')
    expect(blocks.length).toBeGreaterThan(4)
    expect(blocks.join('\n').match(/\bask (GET|POST|DELETE) /g)?.length).toBeGreaterThan(15)
    const { out, errors, status } = await runShellBlocks(blocks, {
      folder: home.work,
      env: { ANTHROPIC_BASE_URL: server.endpoint, ANTHROPIC_API_KEY: server.bearer },
    })
    expect({ status, errors }).toEqual({ status: 0, errors: '' })
    for (const said of [
      'event: message_stop',
      '"input_tokens"',
      '"message_batch_deleted"',
      '"deployment_deleted"',
    ]) {
      expect(out).toContain(said)
    }
    expect(server.failures).toEqual([])
  }, 120_000)
})
