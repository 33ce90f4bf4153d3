import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from './testing/start-server.ts'
import { colourLines, tinyHome, type TinyHome } from './testing/tiny-home.ts'

const document = readFileSync('docs/api.md', 'utf8').replaceAll('\r\n', '\n')
const blocks = [...document.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block = '']) => block)
// They are written for a shell of POSIX.
const canRun = process.platform !== 'win32' && spawnSync('curl', ['--version']).status === 0

describe.skipIf(!canRun)('the examples of docs/api.md (skipped where there is no curl, or no shell)', () => {
  let home: TinyHome
  let server: TestServer

  beforeAll(async () => {
    home = await tinyHome()
    server = await startServer(home)
    writeFileSync(join(home.work, 'claims.jsonl'), colourLines(120, 1))
  }, 60_000)
  afterAll(() => server[Symbol.asyncDispose]())

  test('run one after another, and all are answered', async () => {
    expect(blocks.length).toBeGreaterThan(6)
    // One session, as a reader has it: variables of a block are used in the next.
    const script = ['set -eu', ...blocks].join('\n')
    const shell = spawn('sh', ['-c', script], {
      cwd: home.work,
      env: { ...process.env, HONE: server.endpoint, KEY: server.bearer },
    })
    const said: Buffer[] = []
    for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk))
    const status = await new Promise((resolve) => shell.once('close', resolve))
    const text = Buffer.concat(said).toString()
    expect({ status, end: status === 0 ? '' : text.slice(-600) }).toEqual({ status: 0, end: '' })
    expect(text).not.toContain('"code":"E_')
    expect(text).toContain('event: end')
    expect(text).toContain('event: finish')
    expect(readFileSync(join(home.work, 'report.html'), 'utf8')).toContain('<html')
  }, 120_000)
})
