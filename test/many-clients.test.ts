import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { Agent, request as ask, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { EventStreamCodec } from '@smithy/core/event-streams'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serverKeys } from '../src/compose-server.ts'
import { createRandom, type Random } from '../src/lib/random.ts'
import { ServerProcess } from './testing/server-process.ts'
import { tinyHome } from './testing/tiny-home.ts'

const isLong = process.env['HONE_TEST_LONG'] === '1'
const seconds = isLong ? 600 : 60
const clients = 64
/** Milliseconds at most that a client thinks between its questions: other tests run beside the short form. */
const thinking = isLong ? 0 : 2000
const model = encodeURIComponent('anthropic.claude-3-haiku-20240307-v1:0')

interface Question {
  readonly content: string
  readonly maxTokens: number
}

/** Some begin alike, some have answers of many tokens and some of one. */
const questions: readonly Question[] = Array.from({ length: 24 }, (_, at) => ({
  content: `${'The same words stand before many of them. '.repeat(at % 3)}${at} ${'ab red '.repeat(1 + (at % 4))}`,
  maxTokens: [1, 8, 24, 60][at % 4] ?? 1,
}))

let server: ServerProcess
let keys: string[]
const agent = new Agent({ keepAlive: true, maxSockets: 2 * clients })

beforeAll(async () => {
  const { home, base } = await tinyHome()
  // Longer prompts and answers than the tiny model's 64 tokens.
  const config = join(home, 'models', base, 'config.json')
  writeFileSync(
    config,
    readFileSync(config, 'utf8').replace('"max_position_embeddings": 64', '"max_position_embeddings": 1024'),
  )
  writeFileSync(join(home, 'hone.server.yaml'), `schema: 1\nmodels: { default: ${base} }\n`)
  const made = [0, 1, 2, 3].map((user) =>
    serverKeys(home).add({ user: `user-${user}`, allow: ['*'], bearer: true }),
  )
  keys = (await Promise.all(made)).map(({ key = '' }) => key)
  server = await ServerProcess.start(home)
}, 60_000)
afterAll(async () => {
  agent.destroy()
  await server[Symbol.asyncDispose]()
})

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
)

interface Event {
  readonly type: string
  readonly delta?: { readonly text?: string }
}

/** What has come of an answer. */
class Received {
  #bytes = Buffer.alloc(0)
  readonly events: Event[] = []

  get text(): string {
    return this.events.map(({ delta }) => delta?.text ?? '').join('')
  }

  /** How often it was said to be over. */
  get ends(): number {
    return this.events.filter(({ type }) => type === 'message_stop').length
  }

  push(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk])
    while (this.#bytes.length >= 4 && this.#bytes.length >= this.#bytes.readUInt32BE(0)) {
      const length = this.#bytes.readUInt32BE(0)
      const { headers, body } = codec.decode(this.#bytes.subarray(0, length))
      const json = Buffer.from(body).toString('utf8')
      if (headers[':message-type']?.value !== 'event') throw new Error(`not an answer: ${json}`)
      const { bytes } = JSON.parse(json) as { readonly bytes: string }
      this.events.push(JSON.parse(Buffer.from(bytes, 'base64').toString('utf8')) as Event)
      this.#bytes = this.#bytes.subarray(length)
    }
  }

  get isWhole(): boolean {
    return this.#bytes.length === 0
  }
}

/** @param hangUpAfter events; 0 is before any, undefined never */
async function answer(
  { content, maxTokens }: Question,
  key: string | undefined,
  hangUpAfter?: number,
): Promise<Received | undefined> {
  const outgoing = ask({
    port: server.port,
    agent,
    method: 'POST',
    path: `/model/${model}/invoke-with-response-stream`,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  })
  outgoing.on('error', () => undefined)
  outgoing.end(
    JSON.stringify({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: maxTokens,
      temperature: 0,
      messages: [{ role: 'user', content }],
    }),
  )
  const received = new Received()
  if (hangUpAfter === 0) {
    await pause(5)
    outgoing.destroy()
    return undefined
  }
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
  if (incoming.statusCode !== 200) {
    const said = (await incoming.toArray()).join('')
    throw new Error(`answered with ${incoming.statusCode}: ${said}`)
  }
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    received.push(chunk)
    if (hangUpAfter !== undefined && received.events.length >= hangUpAfter) {
      outgoing.destroy()
      return undefined
    }
  }
  return received
}

/** Mebibytes that a process holds; undefined where that cannot be asked. */
function memoryOf(processId: number): number | undefined {
  const { status, stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(processId)], { encoding: 'utf8' })
  return status === 0 ? Number(stdout) / 1024 : undefined
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${server.endpoint}/metrics`)).text()
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1])
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN

test(
  `${clients} clients that come and hang up as they like, for ${seconds} seconds`,
  async () => {
    const alone: string[] = []
    for (const question of questions) alone.push((await answer(question, keys[0]))?.text ?? '')
    // Different answers, or mixing them up would not be noticed.
    expect(new Set(alone).size).toBeGreaterThan(questions.length / 2)
    expect(Math.max(...alone.map(({ length }) => length))).toBeGreaterThan(40)

    const counts = { answered: 0, hungUp: 0 }
    const wrong: object[] = []
    const started = performance.now()
    const elapsed = (): number => (performance.now() - started) / 1000
    const client = async (random: Random, at: number): Promise<void> => {
      while (elapsed() < seconds) {
        if (thinking > 0) await pause(random.integer(thinking))
        const which = random.integer(questions.length)
        const hangUpAfter = random.integer(3) === 0 ? random.integer(12) : undefined
        const received = await answer(questions[which]!, keys[at % keys.length], hangUpAfter)
        if (received === undefined) counts.hungUp += 1
        else {
          counts.answered += 1
          const { ends, isWhole, events, text } = received
          const isRight =
            ends === 1 && isWhole && events.at(-1)?.type === 'message_stop' && text === alone[which]
          if (!isRight) wrong.push({ which, ends, isWhole, text, alone: alone[which] })
        }
      }
    }
    const [worker] = server.workers('generate')
    const memory = { server: [] as number[], worker: [] as number[] }
    const watch = async (): Promise<void> => {
      while (elapsed() < seconds) {
        await pause((1000 * seconds) / 60)
        const [ofServer, ofWorker] = [memoryOf(server.processId), memoryOf(worker ?? 0)]
        if (ofServer !== undefined) memory.server.push(ofServer)
        if (ofWorker !== undefined) memory.worker.push(ofWorker)
      }
    }
    const random = createRandom(64)
    await Promise.all([
      watch(),
      ...Array.from({ length: clients }, (_, at) => client(random.fork(`client ${at}`), at)),
    ])
    process.stderr.write(`${JSON.stringify(counts)} of ${clients} clients in ${seconds} s\n`)
    expect(wrong).toEqual([])
    expect(counts.answered).toBeGreaterThan(seconds)
    expect(counts.hungUp).toBeGreaterThan(seconds / 5)

    // Nobody holds a place any more, and all of them are there for others.
    await expect.poll(() => metric('hone_requests_in_flight'), { timeout: 10_000 }).toBeLessThanOrEqual(1)
    const last = await Promise.all(
      Array.from({ length: clients }, (_, at) => answer(questions[at % questions.length]!, keys[at % 4])),
    )
    expect(last.map((received) => received?.text)).toEqual(last.map((_, at) => alone[at % questions.length]))
    expect(server.workers('generate')).toEqual(worker === undefined ? [] : [worker])

    for (const [name, all] of Object.entries(memory)) {
      if (all.length === 0) {
        process.stderr.write(`memory of the ${name} is not tested: processes cannot be listed\n`)
        continue
      }
      // Buffers and compiled code come in the first part.
      const third = Math.floor(all.length / 3)
      const [early, late] = [median(all.slice(third, 2 * third)), median(all.slice(2 * third))]
      process.stderr.write(`memory of the ${name}: ${early.toFixed(0)} MiB, then ${late.toFixed(0)} MiB\n`)
      // A short run ends before what is collected now and then has been collected.
      expect(late - early).toBeLessThan(isLong ? 48 : 160)
    }
  },
  (seconds + 120) * 1000,
)

test('a key with 50 requests does not make the one of another key wait for their end', async () => {
  // So long that none has ended by the time that the other asks, on a fast machine too.
  const long = { content: 'ab red ab red', maxTokens: 300 }
  let ended = 0
  const greedy = Array.from({ length: 50 }, async (_, at) => {
    const received = await answer({ ...long, content: `${long.content} ${at}` }, keys[0])
    ended += 1
    return received
  })
  await expect.poll(() => metric('hone_requests_in_flight'), { timeout: 10_000 }).toBeGreaterThan(50)
  const modest = await answer({ ...long, maxTokens: 4 }, keys[1])
  expect(modest?.ends).toBe(1)
  expect(ended).toBeLessThan(25)
  expect((await Promise.all(greedy)).map((received) => received?.ends)).toEqual(Array(50).fill(1))
})
