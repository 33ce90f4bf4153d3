import { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { askParquetThread } from './ask-parquet-thread.ts'

/** A thread that runs the text, as a reader of a damaged file would. */
async function asked(text: string, options: { wait?: number; signal?: AbortSignal } = {}): Promise<unknown> {
  const thread = new Worker(text, { eval: true, execArgv: [] })
  try {
    return await askParquetThread(thread, { location: 'x.parquet', wait: 60_000, ...options })
  } finally {
    await thread.terminate()
  }
}

const listening = "const { parentPort } = require('node:worker_threads'); parentPort.on('message', () => "

describe('asking the thread that reads Parquet', () => {
  test('what it answers is given', async () => {
    const message = { type: 'rows', rows: [] }
    expect(await asked(`${listening}parentPort.postMessage(${JSON.stringify(message)}))`)).toEqual(message)
  })

  test.each([
    ['counts for ever', `${listening}{ for (;;); })`, 'no row was found in 0 s', 50],
    ['throws', `${listening}{ throw new Error('offset 7') })`, 'offset 7', 60_000],
    ['ends', `${listening}process.exit(9))`, 'its reader ended with status 9', 60_000],
  ])('a reader that %s is given up', async (_what, text, reason, wait) => {
    await expect(asked(text, { wait })).rejects.toMatchObject({
      code: 'E_DATA',
      message: expect.stringContaining(reason) as string,
      at: { file: 'x.parquet' },
    })
  })

  test('a wait that is stopped ends', async () => {
    const reason = new Error('stop')
    const signal = AbortSignal.timeout(20)
    await expect(asked(`${listening}{ for (;;); })`, { signal })).rejects.toBeDefined()
    await expect(asked(listening + '{})', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})
