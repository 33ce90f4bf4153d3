import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import OpenAI, { APIConnectionError, toFile } from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HoneClient, HoneRefusal } from '../examples/native-client/hone-client.ts'
import { serverKeys } from '../src/compose-server.ts'
import { createRandom } from '../src/lib/random.ts'
import { importText } from './testing/native-client.ts'
import { ServerProcess } from './testing/server-process.ts'
import { colourLines, tinyHome } from './testing/tiny-home.ts'

const isLong = process.env['HONE_TEST_LONG'] === '1'
const kills = isLong ? 30 : 2

let server: ServerProcess
let openai: OpenAI
let native: HoneClient

beforeAll(async () => {
  const { home, base } = await tinyHome()
  writeFileSync(join(home, 'hone.server.yaml'), `schema: 1\nmodels: { default: ${base} }\n`)
  const key = await serverKeys(home).add({ user: 'developer', allow: ['*'], bearer: true })
  server = await ServerProcess.start(home)
  const { key: bearer = '' } = key
  openai = new OpenAI({ apiKey: bearer, baseURL: `${server.endpoint}/v1`, maxRetries: 0 })
  native = new HoneClient({ address: server.endpoint, key: bearer })
}, 120_000)
afterAll(() => server[Symbol.asyncDispose]())

/** Kills the server now and then while something goes on, and starts it again. */
async function amongKills<Result>(work: Promise<Result>, between: () => number): Promise<Result> {
  const over = new AbortController()
  const ended = work.finally(() => over.abort())
  let killed = 0
  const killer = (async () => {
    while (killed < kills && !over.signal.aborted) {
      await pause(between())
      await server.kill()
      await server.start()
      killed++
    }
  })()
  const [result] = await Promise.all([ended, killer])
  // Kills that met nothing would prove nothing.
  expect(killed).toBeGreaterThan(0)
  return result
}

const isGone = (error: unknown): boolean => error instanceof APIConnectionError || error instanceof TypeError

/** Asks again while nobody answers, or what was going on stands still from before. */
async function insist<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask()
    } catch (error) {
      if (!isGone(error) || attempt === 600) throw error
      await pause(50)
    }
  }
}

test('an upload of OpenAI’s in parts goes on after each kill, and is the whole file', async () => {
  const random = createRandom('uploads')
  const parts = Array.from({ length: isLong ? 60 : 10 }, () => randomBytes(2 ** 20))
  const whole = Buffer.concat(parts)
  const work = async (): Promise<string> => {
    const upload = await insist(() =>
      openai.uploads.create({
        filename: 'a.bin',
        bytes: whole.length,
        mime_type: 'application/octet-stream',
        purpose: 'user_data',
      }),
    )
    const ids: string[] = []
    for (const part of parts) {
      const { id } = await insist(async () =>
        openai.uploads.parts.create(upload.id, { data: await toFile(part, 'part') }),
      )
      ids.push(id)
    }
    const done = await insist(() => openai.uploads.complete(upload.id, { part_ids: ids }))
    // Whoever lost the answer gets it again.
    expect(await insist(() => openai.uploads.complete(upload.id, { part_ids: ids }))).toEqual(done)
    return done.file?.id ?? ''
  }
  const id = await amongKills(work(), () => 30 + random.next() * (isLong ? 800 : 200))
  const content = await insist(async () => Buffer.from(await (await openai.files.content(id)).arrayBuffer()))
  expect(content.equals(whole)).toBe(true)
  const listed: string[] = []
  for await (const file of openai.files.list({ purpose: 'user_data' })) listed.push(file.id)
  expect(listed).toEqual([id])
})

test('an upload of Hone’s own goes on from the byte that it stands at', async () => {
  const random = createRandom('native uploads')
  const text = colourLines(isLong ? 200_000 : 60_000, 1)
  const bytes = Buffer.from(text)
  const work = async (): Promise<string> => {
    const { id } = await insist(() =>
      native.call('createUpload', { body: { name: 'a.jsonl', bytes: bytes.length } }),
    )
    let acknowledged = 0
    for (;;) {
      const { offset } = await insist(() => native.call('getUpload', { path: { id } }))
      expect(offset).toBeGreaterThanOrEqual(acknowledged)
      if (offset === bytes.length) return id
      const body = bytes.subarray(offset, offset + 500_000)
      try {
        const upload = await native.call('addToUpload', { path: { id }, query: { offset }, body })
        acknowledged = upload.offset
      } catch (error) {
        if (!isGone(error) && !(error instanceof HoneRefusal && error.status === 409)) throw error
        await pause(50)
      }
    }
  }
  const id = await amongKills(work(), () => 10 + random.next() * 100)
  const { dataset } = await insist(() =>
    native.call('importUpload', { path: { id }, body: { name: 'killed' } }),
  )
  const page = await native.call('listExamples', { path: { id: dataset }, query: { limit: 1 } })
  expect(page.records).toBe(text.split('\n').length - 1)
})

test('whoever follows a job goes on after the last event that came, and misses none', async () => {
  const random = createRandom('events')
  const dataset = await importText(native, 'followed', 'a.jsonl', colourLines(120, 1))
  const { id } = await native.call('startTraining', {
    body: { dataset, settings: { maxSteps: isLong ? 600 : 60, epochs: isLong ? 25 : 4, batchSize: 4 } },
  })
  const steps: number[] = []
  const work = async (): Promise<string> => {
    let last: string | undefined
    for (let attempt = 1; attempt < (isLong ? 6000 : 600); attempt++) {
      try {
        const headers = last === undefined ? {} : { headers: { 'last-event-id': last } }
        for await (const event of native.follow('followJob', { path: { id }, ...headers })) {
          last = event.id ?? last
          if (event.event === 'end') return (event.data as { readonly state: string }).state
          if (event.event === 'training') {
            const told = event.data as { readonly type: string; readonly step?: number }
            if (told.type === 'step') steps.push(told.step ?? Number.NaN)
          }
        }
      } catch (error) {
        if (!isGone(error)) throw error
      }
      await pause(50)
    }
    throw new Error('the job did not end')
  }
  expect(await amongKills(work(), () => 500 + random.next() * 1500)).toBe('succeeded')
  // Each step is told; one that was computed again after a kill is told again, with the same number.
  const known = new Set(steps)
  expect([...known].toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: Math.max(...steps) }, (_, at) => at + 1),
  )
  expect(known.size).toBe(isLong ? 600 : 60)
})
