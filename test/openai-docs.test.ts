import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runShellBlocks, shellBlocksOf } from './testing/run-shell-blocks.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { colourLines, tinyHome, type TinyHome } from './testing/tiny-home.ts'

// The commands are those of a shell.
const reason = process.platform === 'win32' ? 'there is no bash' : undefined

describe.skipIf(reason !== undefined)('the commands of docs/openai.md', () => {
  let home: TinyHome
  let server: TestServer

  beforeAll(async () => {
    home = await tinyHome(2048)
    server = await startServer(home)
    writeFileSync(join(home.work, 'train.jsonl'), colourLines(20, 1))
  }, 60_000)
  afterAll(() => server[Symbol.asyncDispose]())

  test('do what they say, one after the other', async () => {
    const blocks = shellBlocksOf('docs/openai.md')
    expect(blocks.join('\n').match(/^ask (GET|POST|DELETE) /gm)?.length).toBeGreaterThan(20)
    const { out, errors, status } = await runShellBlocks(blocks, {
      folder: home.work,
      env: { OPENAI_BASE_URL: `${server.endpoint}/v1`, OPENAI_API_KEY: server.bearer },
    })
    expect({ status, errors, failures: server.failures }).toEqual({ status: 0, errors: '', failures: [] })
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
      /"object":"response","deleted":true/,
      /"object":"upload",.*"status":"completed"/,
      /"object":"fine_tuning.job.event"/,
      /"model":"ft:gpt-4o-mini-2024-07-18:hone:claims:/,
    ]
    expect(wanted.filter((pattern) => !pattern.test(out))).toEqual([])
    expect(readFileSync(join(home.work, 'copy.jsonl'), 'utf8')).toBe(colourLines(20, 1))
    expect(server.failures).toEqual([])
  }, 120_000)
})
