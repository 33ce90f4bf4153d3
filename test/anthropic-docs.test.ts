import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { markdownBlocks } from './testing/markdown-blocks.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { colourLines, tinyHome, type TinyHome } from './testing/tiny-home.ts'

const blocks = markdownBlocks(readFileSync('docs/anthropic.md', 'utf8')).filter(
  ({ language }) => language === 'sh',
)
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
    expect(blocks.length).toBeGreaterThan(4)
    const script = blocks.flatMap(({ lines }) => lines).join('\n')
    expect(script.match(/\bask (GET|POST|DELETE) /g)?.length).toBeGreaterThan(15)
    const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: home.work,
      env: { ...process.env, ANTHROPIC_BASE_URL: server.endpoint, ANTHROPIC_API_KEY: server.bearer },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [out, errors, status] = await Promise.all([
      text(shell.stdout),
      text(shell.stderr),
      new Promise((resolve) => shell.on('close', resolve)),
    ])
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
