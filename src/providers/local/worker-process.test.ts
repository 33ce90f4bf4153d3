import { pathToFileURL } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { HoneError } from '../../core/errors.ts'
import { scriptedWorker } from './testing/scripted-worker.ts'
import { toSerialized, WorkerProcess } from './worker-process.ts'

interface Message {
  readonly type: string
  readonly [field: string]: unknown
}

interface Watched {
  readonly worker: WorkerProcess<Message, Message>
  readonly messages: Message[]
  /** Settles at the worker's death. */
  readonly death: Promise<HoneError>
  readonly deaths: HoneError[]
}

function start(file: URL): Watched {
  const messages: Message[] = []
  const deaths: HoneError[] = []
  let died = nothing
  const death = new Promise<HoneError>((resolve) => {
    died = resolve
  })
  const worker = new WorkerProcess<Message, Message>(file, {
    onMessage: (message) => messages.push(message),
    onDeath: (error) => {
      deaths.push(error)
      died(error)
    },
  })
  onTestFinished(() => worker[Symbol.asyncDispose]())
  return { worker, messages, death, deaths }
}

const nothing = (_error: HoneError): void => undefined

const isAlive = (processId: number): boolean => {
  try {
    return process.kill(processId, 0)
  } catch {
    return false
  }
}

describe('messages', () => {
  test('go both ways, typed arrays included', async () => {
    const { worker, messages, death } = start(scriptedWorker('send(message); process.exit(0)'))
    const message = { type: 'echo', numbers: Float32Array.of(1, 2.5), text: '🙂' }
    worker.send(message)
    await death
    expect(messages).toEqual([message])
  })
})

describe('a death is told once, with what ended the worker', () => {
  test.each([
    ['a signal', 'die()', 'E_WORKER', /was ended by SIGKILL$/, /memory runs out/],
    ['a status', 'process.exit(7)', 'E_WORKER', /ended with status 7$/, /doctor/],
    [
      'an uncaught error',
      "throw new TypeError('the reason')",
      'E_WORKER',
      /ended with status 1: TypeError: the reason$/,
      /doctor/,
    ],
    [
      'its last words',
      "console.error('first'); console.error('last words'); process.exit(3)",
      'E_WORKER',
      /: last words$/,
      /doctor/,
    ],
    [
      'an allocation of the runtime that failed',
      "console.error('terminate called after throwing std::bad_alloc'); process.abort()",
      'E_MEMORY',
      /memory/,
      /--batch/,
    ],
    [
      'a full heap',
      "console.error('FATAL ERROR: JavaScript heap out of memory'); process.abort()",
      'E_MEMORY',
      /memory/,
      /--batch/,
    ],
  ])('%s', async (_, code, errorCode, message, hint) => {
    const { worker, death, deaths } = start(scriptedWorker(code))
    worker.send({ type: 'go' })
    const error = await death
    expect(error).toMatchObject({
      code: errorCode,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    })
    expect(() => worker.send({ type: 'late' })).toThrow(error)
    await worker[Symbol.asyncDispose]()
    expect(deaths).toEqual([error])
  })

  test('a file that is not there', async () => {
    const { death } = start(pathToFileURL('/nowhere/worker.mjs'))
    expect(await death).toMatchObject({
      code: 'E_WORKER',
      message: expect.stringContaining('Cannot find module'),
    })
  })
})

describe('closing', () => {
  test('ends the process, and is no death', async () => {
    const { worker, messages, deaths } = start(scriptedWorker('', "send({ type: 'up' })"))
    const { processId } = worker
    expect(processId).toBeDefined()
    await expect.poll(() => messages.length).toBe(1)
    expect(isAlive(processId!)).toBe(true)
    await worker[Symbol.asyncDispose]()
    await worker[Symbol.asyncDispose]()
    expect(isAlive(processId!)).toBe(false)
    // The streams of the process close after it.
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(deaths).toEqual([])
  })
})

describe('errors that cross', () => {
  test('keep their code, place and hint', () => {
    const error = new HoneError('E_DATA', 'wrong', { at: { file: 'x', line: 3 }, hint: 'mend it' })
    expect(HoneError.fromJSON(toSerialized(error))).toEqual(error)
  })

  test.each([
    [new Error('one line\n  at somewhere'), 'E_WORKER', 'one line'],
    ['a string', 'E_WORKER', 'a string'],
    [new RangeError('Array buffer allocation failed'), 'E_MEMORY', expect.stringContaining('memory')],
    [new Error('std::bad_alloc'), 'E_MEMORY', expect.stringContaining('memory')],
  ])('%s becomes %s', (error, code, message) => {
    expect(toSerialized(error)).toMatchObject({ code, message })
  })
})
