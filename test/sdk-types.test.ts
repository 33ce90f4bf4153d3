import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from './testing/start-server.ts'
import { tinyHome } from './testing/tiny-home.ts'
import { missingPackage, python } from './testing/vendor-python.ts'

const run = promisify(execFile)
const clients = [
  ['openai', 'strict_openai.py'],
  ['@anthropic-ai/sdk', 'strict_anthropic.py'],
] as const

/** Requests that docs/sdk-methods.md says are served to a client, with `x` for each label. */
function served(client: string): string[] {
  const [, section = ''] = readFileSync('docs/sdk-methods.md', 'utf8').split(`## ${client} `)
  const [own = ''] = section.split('\n## ')
  const requests = [...own.matchAll(/`((?:GET|POST|DELETE) [^`]*)`/g)].map(([, request = '']) => request)
  return [...new Set(requests.map((request) => request.replaceAll(/\{\w+\}/g, 'x')))]
}

let server: TestServer

beforeAll(async () => {
  server = await startServer(await tinyHome(2048))
}, 60_000)
afterAll(() => server[Symbol.asyncDispose]())

describe.each(clients)('%s', (client, script) => {
  const reason = missingPackage(script.slice('strict_'.length, -'.py'.length))
  if (reason !== undefined) process.stderr.write(`the types of ${client} are not checked: ${reason}\n`)

  test.skipIf(reason !== undefined)(
    'the client finds the types that it declares in every answer, asked briefly and at length',
    async () => {
      const { stdout } = await run(python, [`test/testing/${script}`], {
        env: {
          ...process.env,
          OPENAI_BASE_URL: `${server.endpoint}/v1`,
          OPENAI_API_KEY: server.bearer,
          ANTHROPIC_BASE_URL: server.endpoint,
          ANTHROPIC_API_KEY: server.bearer,
        },
      })
      const made = JSON.parse(stdout) as Readonly<Record<string, number>>
      const requests = served(client)
      expect(requests.length).toBeGreaterThan(10)
      expect(requests.filter((request) => (made[request] ?? 0) === 0)).toEqual([])
      expect(server.failures).toEqual([])
    },
    120_000,
  )
})
