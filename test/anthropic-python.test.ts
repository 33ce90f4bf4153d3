import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { startServer } from './testing/start-server.ts'
import { tinyHome } from './testing/tiny-home.ts'
import { missingPackage, python } from './testing/vendor-python.ts'

const run = promisify(execFile)
const reason = missingPackage('anthropic')
if (reason !== undefined) process.stderr.write(`Anthropic's client for Python is not run: ${reason}\n`)

describe.skipIf(reason !== undefined)("Anthropic's client for Python", () => {
  test('asks, streams, counts, lists, sends a batch, and knows what it is refused for', async () => {
    const home = await tinyHome()
    await using server = await startServer(home)
    const { stdout } = await run(python, ['test/testing/anthropic_client.py'], {
      env: { ...process.env, ANTHROPIC_BASE_URL: server.endpoint, ANTHROPIC_API_KEY: server.bearer },
    })
    expect(JSON.parse(stdout)).toEqual({
      message: ['message', 'assistant', 'claude-3-haiku-20240307', 'text'],
      stream: [true, 'max_tokens', 2],
      counted: true,
      models: ['claude-3-haiku-20240307', home.base],
      batch: [['one', 'succeeded']],
      refusals: [
        ['NotFoundError', true],
        ['BadRequestError', true],
      ],
    })
    expect(server.failures).toEqual([])
  }, 60_000)
})
