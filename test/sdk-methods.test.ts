import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sdkMethods, type SdkMethod } from './testing/sdk-methods.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { tinyHome } from './testing/tiny-home.ts'

// `npx vitest run test/sdk-methods -u` writes the file anew.
const file = fileURLToPath(new URL('../docs/sdk-methods.md', import.meta.url))

let server: TestServer

beforeAll(async () => {
  server = await startServer(await tinyHome())
}, 60_000)
afterAll(() => server[Symbol.asyncDispose]())

interface Asked extends SdkMethod {
  readonly status: number
  readonly error: { readonly code?: string | null; readonly type?: string; readonly message?: string }
}

/** What the server says to each method, with nothing in its body. */
async function ask(methods: readonly SdkMethod[], headers: Record<string, string>): Promise<Asked[]> {
  const said = new Map<string, Promise<Pick<Asked, 'status' | 'error'>>>()
  const sent = async ({ method, path }: SdkMethod): Promise<Pick<Asked, 'status' | 'error'>> => {
    const response = await fetch(`${server.endpoint}${path.replaceAll(/\{\w+\}/g, 'x')}`, {
      method,
      headers,
      ...(method === 'POST' ? { body: '{}' } : {}),
    })
    const body = (await response.json().catch(() => ({}))) as { readonly error?: Asked['error'] }
    return { status: response.status, error: body.error ?? {} }
  }
  const answers: Asked[] = []
  for (const each of methods) {
    const request = `${each.method} ${each.path}`
    const answer = said.get(request) ?? sent(each)
    said.set(request, answer)
    answers.push({ ...each, ...(await answer) })
  }
  return answers
}

const isUnserved = ({ status, error }: Asked): boolean =>
  status === 404 && error.message?.includes(' is not served here') === true

const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as { version: string }).version

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): [string, Item[]][] {
  const groups = new Map<string, Item[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return [...groups]
}

/** Why methods are not served, and which, those of one resource together. */
function unservedRows(methods: readonly Asked[]): string[] {
  const reasonOf = ({ error: { message = '' } }: Asked): string =>
    /is not served here(?:\. | \()(.*)[.)]$/s.exec(message)?.[1] ?? message
  return grouped(methods, reasonOf).map(([reason, all]) => {
    const names = grouped(all, ({ name }) => name.split('.').slice(0, -1).join('.')).map(
      ([resource, own]) =>
        `\`${resource}\`: ${own.map(({ name }) => name.slice(resource.length + 1)).join(', ')}`,
    )
    return `- ${reason}: ${names.join('; ')}`
  })
}

function section(name: string, asked: readonly Asked[]): string {
  const served = asked.filter((each) => !isUnserved(each))
  return [
    `## ${name} ${versionOf(name)}`,
    '',
    '| method | request |',
    '| --- | --- |',
    ...served.map((each) => `| \`${each.name}\` | \`${each.method} ${each.path}\` |`),
    '',
    'Not served:',
    '',
    ...unservedRows(asked.filter(isUnserved)),
    '',
  ].join('\n')
}

test('every method of the clients is served, or refused with what to use in its place', async () => {
  const apiKey = server.bearer
  const openai = await ask(sdkMethods(new OpenAI({ apiKey, adminAPIKey: apiKey }), '/v1'), {
    authorization: `Bearer ${apiKey}`,
    'content-type': 'application/json',
  })
  const anthropic = await ask(sdkMethods(new Anthropic({ apiKey }), ''), {
    'x-api-key': apiKey,
    'anthropic-version': '2023-06-01',
    'content-type': 'application/json',
  })
  expect([openai.length, anthropic.length].every((count) => count > 200)).toBe(true)
  for (const each of openai.filter(isUnserved)) {
    expect(each.error).toMatchObject({ code: 'not_served', type: 'invalid_request_error', param: null })
  }
  for (const each of anthropic.filter(isUnserved)) expect(each.error.type).toBe('not_found_error')
  const nobodys = [...openai, ...anthropic].filter(
    (each) => !isUnserved(each) && (each.status === 405 || /no operation/.test(each.error.message ?? '')),
  )
  expect(nobodys.map(({ name, method, path }) => `${name}: ${method} ${path}`)).toEqual([])
  expect(server.failures).toEqual([])
  const text = [
    "# The methods of OpenAI's and Anthropic's clients",
    '',
    'What each method of the official clients is answered by `hone serve`. Helpers (`stream`, `parse`, `runTools`, `createAndPoll`, `results` …)',
    "ask by these methods. What is not served is refused with 404 and the words below; OpenAI's clients find the code `not_served`.",
    '',
    section('openai', openai),
    section('@anthropic-ai/sdk', anthropic),
  ].join('\n')
  await expect(text).toMatchFileSnapshot(file)
}, 60_000)

test('a base URL that is not quite right is told', async () => {
  const messages = [{ role: 'user' as const, content: 'Hi' }]
  const without = new OpenAI({ apiKey: server.bearer, baseURL: server.endpoint, maxRetries: 0 })
  await expect(without.chat.completions.create({ model: 'gpt-4o-mini', messages })).rejects.toThrow(
    /ends with \/v1/,
  )
  const twice = new Anthropic({ apiKey: server.bearer, baseURL: `${server.endpoint}/v1`, maxRetries: 0 })
  await expect(twice.messages.create({ model: 'm', max_tokens: 1, messages })).rejects.toThrow(/\/v1 twice/)
})
