import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runShellBlocks, shellBlocksOf } from './testing/run-shell-blocks.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { colourLines, tinyHome, type TinyHome } from './testing/tiny-home.ts'

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
    const blocks = shellBlocksOf('docs/api.md')
    expect(blocks.length).toBeGreaterThan(6)
    const { out, errors, status } = await runShellBlocks(blocks, {
      folder: home.work,
      env: { HONE: server.endpoint, KEY: server.bearer },
    })
    const text = `${out}${errors}`
    expect({ status, end: status === 0 ? '' : text.slice(-600) }).toEqual({ status: 0, end: '' })
    expect(text).not.toContain('"code":"E_')
    expect(text).toContain('event: end')
    expect(text).toContain('event: finish')
    expect(readFileSync(join(home.work, 'report.html'), 'utf8')).toContain('<html')
  }, 120_000)
})
