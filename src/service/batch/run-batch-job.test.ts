import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { beforeEach, expect, test } from 'vitest'
import type { JsonObject } from '../../core/example.ts'
import { FileObjectStore } from '../../store/objects/file-object-store.ts'
import { freshBatchProgress, type BatchJob, type BatchProgress, type RowAnswer } from './batch-job.ts'
import { batchRowsAtOnce } from './batch-rows-at-once.ts'
import { finishBatchJob } from './batch-worker.ts'
import { removeBatchFiles, runBatchJob, type RunBatchJob } from './run-batch-job.ts'

let home: string
let objects: FileObjectStore

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'hone-batch-'))
  objects = new FileObjectStore(join(home, 's3'))
  await objects.createBucket('data')
  await objects.createBucket('out')
})

async function put(key: string, content: string): Promise<void> {
  await objects.put('data', key, [Buffer.from(content)] as unknown as AsyncIterable<Uint8Array>)
}

async function get(key: string): Promise<string> {
  return text((await objects.get('out', key)).body)
}

const rows = (count: number, from = 0): string =>
  Array.from(
    { length: count },
    (_, at) => `${JSON.stringify({ recordId: `r${from + at}`, modelInput: { n: from + at } })}\n`,
  ).join('')

const job = (change: Partial<BatchJob['spec']> = {}): BatchJob => ({
  id: 'abcdefghijkl',
  kind: 'batch',
  name: 'batch',
  owner: 'me',
  state: 'running',
  spec: {
    modelId: 'model',
    input: 's3://data/in/',
    output: 's3://out/answers',
    timeoutHours: 24,
    dialect: {},
    ...change,
  },
  progress: freshBatchProgress,
  failure: null,
  stopRequested: false,
  pauseRequested: false,
  attempts: 1,
  createdAt: 0,
  updatedAt: 0,
  endedAt: null,
})

/** Answers with what was asked; the numbers asked for are noted. */
function echo(asked: unknown[] = []): (body: JsonObject, signal: AbortSignal) => Promise<RowAnswer> {
  return (body) => {
    asked.push(body['n'])
    return Promise.resolve({ output: { echo: body['n'] }, inputTokens: 2, outputTokens: 3 })
  }
}

/** The earlier ones take longer; the fourth is refused. */
async function slowlyBackwards(body: JsonObject): Promise<RowAnswer> {
  await new Promise((resolve) => setTimeout(resolve, 12 - Number(body['n'])))
  return body['n'] === 3
    ? { error: { code: 400, message: 'no' } }
    : { output: { echo: body['n'] }, inputTokens: 2, outputTokens: 3 }
}

const rethrow = (error: unknown): never => {
  throw error
}

const run = (
  change: Partial<RunBatchJob> & { readonly job?: BatchJob; readonly signal?: AbortSignal } = {},
): Promise<BatchProgress> =>
  runBatchJob(
    change.job ?? job(),
    { home, objects, now: () => 0, rowsAtOnce: () => 4, openModel: () => Promise.resolve(echo()), ...change },
    { signal: change.signal ?? new AbortController().signal, onProgress: () => undefined },
  )

const parsed = (lines: string): { recordId: string; modelOutput?: unknown; error?: unknown }[] =>
  lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { recordId: string })

test('every file below the prefix is answered into one of its own, in order, with the counts beside', async () => {
  await put('in/a.jsonl', rows(7))
  await put('in/more/b.jsonl', `${rows(2, 7)}\r\n${rows(1, 9).trim()}`)
  await put('in/readme.txt', 'hello')
  const done = await run({ openModel: () => Promise.resolve(slowlyBackwards) })
  expect(done).toMatchObject({
    outcome: 'completed',
    total: 10,
    succeeded: 9,
    failed: 1,
    inputTokens: 18,
    outputTokens: 27,
  })
  expect(done.note).toContain('1 object was not read')
  const first = parsed(await get('answers/abcdefghijkl/a.jsonl.out'))
  expect(first.map(({ recordId }) => recordId)).toEqual(['r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6'])
  expect(first[0]).toEqual({ recordId: 'r0', modelInput: { n: 0 }, modelOutput: { echo: 0 } })
  expect(first[3]).toEqual({
    recordId: 'r3',
    modelInput: { n: 3 },
    error: { errorCode: 400, errorMessage: 'no' },
  })
  expect(parsed(await get('answers/abcdefghijkl/more/b.jsonl.out'))).toHaveLength(3)
  expect(JSON.parse(await get('answers/abcdefghijkl/manifest.json.out'))).toEqual({
    totalRecordCount: 10,
    processedRecordCount: 10,
    successRecordCount: 9,
    errorRecordCount: 1,
    inputTokenCount: 18,
    outputTokenCount: 27,
  })
})

test('a record without an id gets one that stays the same', async () => {
  await put('one.jsonl', '{"modelInput":{"n":1}}\n')
  const ids: string[] = []
  for (const output of ['s3://out/1', 's3://out/2']) {
    await run({ job: job({ input: 's3://data/one.jsonl', output }) })
    await removeBatchFiles(home, job())
    ids.push(parsed(await get(`${output.slice(-1)}/abcdefghijkl/one.jsonl.out`))[0]?.recordId ?? '')
  }
  expect(ids[0]).toMatch(/^[0-9A-F]{11}$/)
  expect(ids[1]).toBe(ids[0])
})

test.each([
  ['in/a.jsonl', '{"recordId":"x","modelInput":{}}\n{"modelInput":"text"}\n', /in\/a\.jsonl.*"modelInput"/],
  ['in/a.jsonl', 'nonsense\n', /not JSON/],
  ['in/a.jsonl', '{"recordId":7,"modelInput":{}}\n', /"recordId"/],
  ['in/a.jsonl', '\n', /has no record/],
  ['in/a.json', '{}', /no \.jsonl object/],
])('input that is wrong fails the job before anything is answered: %s %j', async (key, content, message) => {
  await put(key, content)
  const asked: unknown[] = []
  await expect(run({ openModel: () => Promise.resolve(echo(asked)) })).rejects.toThrow(message)
  expect(asked).toEqual([])
})

test('an output that cannot be written fails the job before anything is answered', async () => {
  await put('in/a.jsonl', rows(1))
  await expect(run({ job: job({ output: 's3://none/x' }) })).rejects.toThrow(/PutObject/)
})

test('an attempt that goes on answers only what no other has answered', async () => {
  await put('in/a.jsonl', rows(20))
  const abort = new AbortController()
  const before: unknown[] = []
  const stopping = run({
    signal: abort.signal,
    openModel: () =>
      Promise.resolve(async (body: JsonObject, signal: AbortSignal) => {
        if (before.length >= 8) {
          abort.abort(new Error('the server is closing'))
          signal.throwIfAborted()
        }
        return echo(before)(body, signal)
      }),
  })
  await expect(stopping).rejects.toThrow('closing')
  expect(before.length).toBeGreaterThan(0)
  // As kill -9 leaves it: a line that is not whole.
  const folder = join(home, 'jobs', 'abcdefghijkl')
  const journal = readdirSync(folder).find((name) => name.endsWith('.journal')) ?? ''
  appendFileSync(join(folder, journal), '[0,20,1,2,3]\t{"recordId":"r19","mod')
  const listed = await objects.list('out', { limit: 10 })
  expect(listed.objects).toEqual([])
  const after: unknown[] = []
  const done = await run({ openModel: () => Promise.resolve(echo(after)) })
  expect(done).toMatchObject({ outcome: 'completed', succeeded: 20, inputTokens: 40 })
  expect([...before, ...after].toSorted((a, b) => Number(a) - Number(b))).toEqual(
    Array.from({ length: 20 }, (_, at) => at),
  )
  const answers = parsed(await get('answers/abcdefghijkl/a.jsonl.out'))
  expect(answers.map(({ modelOutput }) => modelOutput)).toEqual(
    Array.from({ length: 20 }, (_, at) => ({ echo: at })),
  )
})

test('objects that change while a job waits change nothing of it', async () => {
  await put('in/a.jsonl', rows(3))
  const abort = new AbortController()
  await expect(
    run({
      signal: abort.signal,
      openModel: () => {
        abort.abort(new Error('the server is closing'))
        return Promise.reject(new Error('no model now'))
      },
    }),
  ).rejects.toThrow('no model now')
  await put('in/a.jsonl', rows(50))
  expect(await run()).toMatchObject({ total: 3, succeeded: 3 })
})

test('a job whose output was written before its end was noted does nothing again', async () => {
  await put('in/a.jsonl', rows(3))
  const first = await run()
  await removeBatchFiles(home, job())
  const asked: unknown[] = []
  const second = await run({ openModel: () => Promise.resolve(echo(asked)) })
  expect(second).toEqual(first)
  expect(asked).toEqual([])
})

test('what is not answered in time is left out and counted; a job that never began is expired', async () => {
  await put('in/a.jsonl', rows(9))
  let now = 0
  const done = await run({
    now: () => now,
    rowsAtOnce: () => 1,
    openModel: () =>
      Promise.resolve((body: JsonObject, signal: AbortSignal) => {
        if (body['n'] === 3) now = 24 * 3_600_000
        return echo()(body, signal)
      }),
  })
  expect(done).toMatchObject({ outcome: 'partially-completed', total: 9, succeeded: 4 })
  expect(parsed(await get('answers/abcdefghijkl/a.jsonl.out'))).toHaveLength(4)
  const late = await run({ job: { ...job(), id: 'late12345678' }, now: () => now })
  expect(late).toMatchObject({ outcome: 'expired', total: null })
})

test('a job that is stopped keeps what was answered', async () => {
  await put('in/a.jsonl', rows(9))
  const abort = new AbortController()
  const stopping = run({
    signal: abort.signal,
    rowsAtOnce: () => 1,
    openModel: () =>
      Promise.resolve((body: JsonObject, signal: AbortSignal) => {
        if (body['n'] === 4) abort.abort(new Error('stop'))
        signal.throwIfAborted()
        return echo()(body, signal)
      }),
  })
  await expect(stopping).rejects.toThrow('stop')
  const ended = { state: 'stopped', progress: freshBatchProgress } as const
  const kept = await finishBatchJob(job(), { home, objects, onFailure: rethrow }, ended)
  expect(kept).toMatchObject({ succeeded: 4, total: 9 })
  expect(parsed(await get('answers/abcdefghijkl/a.jsonl.out'))).toHaveLength(4)
  expect(existsSync(join(home, 'jobs', 'abcdefghijkl'))).toBe(false)
})

test('no more records are under way than is allowed, and a disk that fails ends the job', async () => {
  await put('in/a.jsonl', rows(30))
  let running = 0
  let most = 0
  const answer = async (body: JsonObject, signal: AbortSignal): Promise<RowAnswer> => {
    most = Math.max(most, ++running)
    await new Promise((resolve) => setTimeout(resolve, 1))
    running--
    return echo()(body, signal)
  }
  await run({ openModel: () => Promise.resolve(answer), rowsAtOnce: () => 3 })
  expect(most).toBe(3)
  expect([batchRowsAtOnce(0), batchRowsAtOnce(-2), batchRowsAtOnce(1)]).toEqual([16, 16, 1])
  await removeBatchFiles(home, job())
  writeFileSync(join(home, 'jobs', 'blocked00000'), 'a file where the folder of the job should be')
  await expect(run({ job: { ...job(), id: 'blocked00000' } })).rejects.toThrow('cannot be opened')
  expect(readFileSync(join(home, 'jobs', 'blocked00000'), 'utf8')).toContain('a file')
})
