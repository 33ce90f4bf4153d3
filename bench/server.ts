// What the server adds to an answer, how many streams it holds, and what it takes to start: an echo stands in for a model.
//   npx tsx bench/server.ts [--python PYTHON-WITH-LITELLM] [--seconds 10]
// LiteLLM's proxy answers the same question with its own mock in the same run. Needs a build (`npm run build`).
import { spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { openSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request as ask, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { expectedSignature } from '../src/wire/signature-v4.ts'
import { bundled } from './lib/bundled.ts'
import { loadHttp, type LoadResult } from './lib/http-load.ts'
import { median } from './lib/peer.ts'
import { writeResult } from './lib/write-result.ts'

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    seconds: { type: 'string', default: '10' },
    // Given to every benchmark; this one makes homes of its own.
    home: { type: 'string' },
  },
})
const seconds = Number(values.seconds)
const folder = mkdtempSync(join(tmpdir(), 'hone-bench-server-'))
const children: ChildProcess[] = []
using echo = await bundled('bench/peers/echo-server.ts')

const words = 'The quick brown fox jumps over the lazy dog and goes on to the next one.'
const model = 'anthropic.claude-3-haiku-20240307-v1:0'
const question = JSON.stringify({
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 100,
  messages: [{ role: 'user', content: words }],
})

interface Target {
  readonly name: string
  readonly port: number
  readonly request: () => Buffer
}

const difference = (one: number, other: number): number => Math.round((one - other) * 1000) / 1000

try {
  const start = await measureStart()
  console.table([start])
  const bare = await startBare()
  const hone = await startHone('hone')
  const targets = [bare, hone]
  if (values.python === undefined)
    console.error('LiteLLM is left out: name a Python that has it with --python')
  else targets.push(await startLiteLlm(values.python))
  const rows: (LoadResult & { readonly server: string; readonly asked: string })[] = []
  for (const { port, request } of targets) {
    // Each is warm before it is measured.
    await loadHttp({ port, request, connections: 16, seconds: 3, rate: 50 })
  }
  for (const rate of [100, 2000]) {
    for (const { name: server, port, request } of targets) {
      if (server === 'LiteLLM' && rate > 100) continue
      await loadHttp({ port, request, connections: 64, seconds: 2, rate })
      rows.push({
        server,
        asked: `${rate}/s`,
        ...(await loadHttp({ port, request, connections: 64, seconds, rate })),
      })
    }
  }
  for (const { name: server, port, request } of targets) {
    rows.push({
      server,
      asked: 'all it can',
      ...(await loadHttp({ port, request, connections: 32, seconds })),
    })
  }
  console.table(rows)
  const find = (server: string, asked: string): LoadResult | undefined =>
    rows.find((row) => row.server === server && row.asked === asked)
  const added = ['100/s', '2000/s'].flatMap((asked) =>
    targets.slice(1).flatMap(({ name: server }) => {
      const [its, without] = [find(server, asked), find('bare', asked)]
      if (its === undefined || without === undefined) return []
      return [{ server, asked, p50: difference(its.p50, without.p50), p99: difference(its.p99, without.p99) }]
    }),
  )
  console.table(added)
  const streams = await measureStreams()
  console.table([streams])
  const published = {
    server: 'TensorZero gateway 2025.5.7, published by its makers, not measured here',
    asked: '10000/s on c7i.xlarge (4 vCPUs), a mock provider behind it',
    p50: 0.35,
    p99: 0.94,
    source: 'https://www.tensorzero.com/docs/gateway/benchmarks (run of 2025-07-30)',
  }
  console.table([published])
  console.log(`written ${writeResult('server', { seconds, start, rows, added, streams, published })}`)
} finally {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
}

/** The command as it is installed, from its start to its first answer; memory when it has been quiet for a while. */
async function measureStart(): Promise<object> {
  const times: number[] = []
  let megabytes = 0
  for (let round = 0; round < 5; round++) {
    const started = performance.now()
    const args = ['dist/main.js', 'serve', '--port', '0', '--log', 'none', '--json']
    const child = launch(process.execPath, args, { HONE_HOME: join(folder, 'start') })
    const { address } = (await jsonOf(child)) as { readonly address: string }
    await fetch(`${address}/healthz`)
    times.push(performance.now() - started)
    if (round === 4) {
      await pause(5000)
      megabytes = residentMegabytes(child.pid ?? 0)
    }
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return { startMilliseconds: Math.round(median(times)), idleMegabytes: megabytes }
}

/** A thousand answers at once that are written word by word, each over a connection of its own. */
async function measureStreams(): Promise<object> {
  const count = 1000
  const said = Array.from({ length: 60 }, (_, at) => `word${at} `).join('')
  const hone = await startHone('streams', 100)
  const body = JSON.stringify({
    ...JSON.parse(question),
    max_tokens: 1000,
    messages: [{ role: 'user', content: said }],
  })
  const path = `/model/${encodeURIComponent(model)}/invoke-with-response-stream`
  const headers = signed(hone, path, body)
  let ended = 0
  let most = 0
  const one = async (): Promise<void> => {
    const outgoing = ask({ port: hone.port, method: 'POST', path, headers, agent: false })
    outgoing.end(body)
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
    let text = ''
    for await (const chunk of incoming) text += (chunk as Buffer).toString('latin1')
    // Events lie in their frames as base64.
    const stop = Buffer.from('{"type":"message_stop').toString('base64')
    if (incoming.statusCode === 200 && text.includes(stop)) ended++
  }
  await Promise.all(Array.from({ length: 20 }, one))
  ended = 0
  const before = residentMegabytes(hone.child.pid ?? 0)
  const watch = setInterval(() => (most = Math.max(most, residentMegabytes(hone.child.pid ?? 0))), 250)
  const started = performance.now()
  await Promise.all(Array.from({ length: count }, one))
  clearInterval(watch)
  return {
    streams: count,
    endedRight: ended,
    seconds: Math.round((performance.now() - started) / 100) / 10,
    secondsOfOne: (60 * 100) / 1000,
    kilobytesEach: Math.round(((most - before) * 1000) / count),
  }
}

async function startBare(): Promise<Target> {
  const { port } = (await jsonOf(startScript(['bare']))) as { readonly port: number }
  const head = `POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${Buffer.byteLength(question)}\r\n\r\n`
  return { name: 'bare', port, request: () => Buffer.from(head + question) }
}

interface HoneTarget extends Target {
  readonly child: ChildProcess
  readonly id: string
  readonly secret: string
}

async function startHone(home: string, pauseMilliseconds = 0): Promise<HoneTarget> {
  const child = startScript(['hone', join(folder, home), String(pauseMilliseconds)])
  const made = (await jsonOf(child)) as {
    readonly port: number
    readonly id: string
    readonly secret: string
  }
  const path = `/model/${encodeURIComponent(model)}/invoke`
  const request = (): Buffer => {
    const headers = { ...signed(made, path, question), 'content-length': Buffer.byteLength(question) }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${question}`)
  }
  return { name: 'hone', child, request, ...made }
}

/** The headers that a client of AWS sends. */
function signed(
  { port, id, secret }: { readonly port: number; readonly id: string; readonly secret: string },
  path: string,
  body: string,
): Record<string, string> {
  const date = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const headers = { host: `127.0.0.1:${port}`, 'content-type': 'application/json', 'x-amz-date': date }
  const scope = { accessKeyId: id, day: date.slice(0, 8), region: 'us-east-1', service: 'bedrock' }
  const claim = { ...scope, date, signedHeaders: Object.keys(headers).toSorted(), signature: '' }
  const signature = expectedSignature({ method: 'POST', path, query: '', headers }, claim, {
    secretAccessKey: secret,
    payloadHash: createHash('sha256').update(body).digest('hex'),
  })
  const credential = `${id}/${scope.day}/us-east-1/bedrock/aws4_request`
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${claim.signedHeaders.join(';')}, Signature=${signature}`,
  }
}

/** LiteLLM's proxy with its own mock in place of a model, one worker, as its users start it. */
async function startLiteLlm(python: string): Promise<Target> {
  const config = join(folder, 'litellm.yaml')
  writeFileSync(
    config,
    `model_list:\n  - model_name: echo\n    litellm_params: { model: openai/echo, api_key: none, mock_response: "${words}" }\ngeneral_settings: { master_key: sk-bench }\n`,
  )
  const port = 20_000 + Math.floor(Math.random() * 20_000)
  const args = ['--config', config, '--port', String(port), '--host', '127.0.0.1', '--num_workers', '1']
  const env = { LITELLM_LOCAL_MODEL_COST_MAP: 'True', LITELLM_LOG: 'ERROR', DISABLE_ADMIN_UI: 'True' }
  const child = launch(join(dirname(python), 'litellm'), args, env)
  child.stdout?.resume()
  const body = JSON.stringify({
    model: 'echo',
    max_tokens: 100,
    messages: [{ role: 'user', content: words }],
  })
  const head = [
    'POST /v1/chat/completions HTTP/1.1',
    `host: 127.0.0.1:${port}`,
    'content-type: application/json',
    'authorization: Bearer sk-bench',
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  for (let attempt = 0; ; attempt++) {
    const response = await fetch(`http://127.0.0.1:${port}/health/liveliness`).catch(() => undefined)
    if (response?.ok === true) break
    if (attempt === 600 || child.exitCode !== null)
      throw new Error(`LiteLLM does not start: ${lastOf('err')}`)
    await pause(200)
  }
  return { name: 'LiteLLM', port, request: () => Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`) }
}

function startScript(args: readonly string[]): ChildProcess {
  return launch(process.execPath, [echo.file, ...args], {})
}

function launch(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcess {
  const errors = openSync(join(folder, 'err'), 'a')
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', errors], env: { ...process.env, ...env } })
  children.push(child)
  return child
}

function lastOf(file: string): string {
  return readFileSync(join(folder, file), 'utf8').slice(-2000)
}

/** The first JSON that a program writes. */
async function jsonOf(child: ChildProcess): Promise<unknown> {
  if (child.stdout === null) throw new Error('no output to read')
  let text = ''
  for await (const line of createInterface({ input: child.stdout })) {
    text += line
    try {
      return JSON.parse(text) as unknown
    } catch {
      // There is more of it.
    }
  }
  throw new Error(`the program ended: ${lastOf('err')}`)
}

/** Of the process alone; NaN where the system does not say. */
function residentMegabytes(pid: number): number {
  try {
    return Math.round(Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1000)
  } catch {
    return Number.NaN
  }
}
