import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { markdownBlocks } from './testing/markdown-blocks.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { tinyHome } from './testing/tiny-home.ts'

const blocks = markdownBlocks(readFileSync('docs/openai.md', 'utf8')).filter(
  ({ language }) => language === 'sh',
)
// The commands are those of a shell.
const reason = process.platform === 'win32' ? 'there is no bash' : undefined

describe.skipIf(reason !== undefined)('the commands of docs/openai.md', () => {
  let server: TestServer

  beforeAll(async () => {
    server = await startServer(await tinyHome(2048))
  }, 60_000)
  afterAll(() => server[Symbol.asyncDispose]())

  test('do what they say, one after the other', async () => {
    const script = blocks.flatMap(({ lines }) => lines).join('\n')
    expect(script.match(/^ask (GET|POST) /gm)?.length).toBeGreaterThan(8)
    const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], {
      env: { ...process.env, OPENAI_BASE_URL: `${server.endpoint}/v1`, OPENAI_API_KEY: server.bearer },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [out, errors, status] = await Promise.all([
      text(shell.stdout),
      text(shell.stderr),
      new Promise((resolve) => shell.on('close', resolve)),
    ])
    expect({ status, errors }).toEqual({ status: 0, errors: '' })
    expect(out.match(/"error":\{.*/g)).toBe(null)
    const wanted = [
      /"object":"list"/,
      /data: \[DONE\]/,
      /"top_logprobs":\[\{/,
      /"content":"[\s\\{nrt]*\\"colour\\"/,
      /"name":"paint"/,
      /"text_completion"/,
      /"object":"response"/,
      /"type":"response.output_text.done"/,
    ]
    expect(wanted.filter((pattern) => !pattern.test(out))).toEqual([])
    expect(server.failures).toEqual([])
  }, 120_000)
})
