// Pages of the examples of a large dataset over /api, beside reading the whole file once.
//   npx tsx bench/example-pages.ts [--rows 1000000] [--folder DIR]
// `hone serve` as built, a dataset of made-up records, and one client. The first page makes the index, which is held; the
// second time shows what is paid afterwards. A million rows take 1 GB of disk, twice.
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { HoneClient } from '../examples/native-client/hone-client.ts'
import { serverKeys } from '../src/compose-server.ts'
import { ServerProcess } from '../test/testing/server-process.ts'
import { writeMadeExamples } from './lib/made-examples.ts'
import { writeResult } from './lib/write-result.ts'

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, folder: { type: 'string' } },
})
const rows = Number(values.rows)
if (!Number.isSafeInteger(rows) || rows < 100) throw new Error(`--rows ${values.rows}: a number from 100`)
if (!existsSync('dist/main.js')) throw new Error('dist/main.js is not there: npm run build')

/** Peak resident memory, where the system tells of it. */
function peakOf(processId: number): number | null {
  const status = existsSync(`/proc/${processId}/status`)
    ? readFileSync(`/proc/${processId}/status`, 'utf8')
    : ''
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1000)
}

const work = mkdtempSync(join(values.folder ?? tmpdir(), 'hone-bench-pages-'))
const home = join(work, 'home')
const file = join(work, 'made.jsonl')
try {
  writeMadeExamples(file, { rows, length: 'long' })
  const megabytes = Math.round(statSync(file).size / 1e6)
  const { key = '' } = await serverKeys(home).add({ user: 'bench', allow: ['*'], bearer: true })
  await using server = await ServerProcess.start(home)
  const client = new HoneClient({ address: server.endpoint, key })

  const measured: { readonly work: string; readonly seconds: number; readonly found: number | null }[] = []
  const measure = async (name: string, act: () => Promise<number | null>): Promise<void> => {
    const started = performance.now()
    const found = await act()
    const seconds = Number(((performance.now() - started) / 1000).toFixed(3))
    measured.push({ work: name, seconds, found })
    console.error(`${name}: ${seconds} s`)
  }

  await measure('read the file, JSON.parse of each line', async () => {
    let count = 0
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      if (JSON.parse(line) !== null) count++
    }
    return count
  })
  await measure('upload and import', async () => {
    const bytes = statSync(file).size
    const { id } = await client.call('createUpload', { body: { name: 'made.jsonl', bytes } })
    const handle = await open(file)
    const part = Buffer.alloc(16 * 2 ** 20)
    for (let offset = 0; offset < bytes;) {
      const { bytesRead } = await handle.read(part, 0, part.length, offset)
      const body = part.subarray(0, bytesRead)
      ;({ offset } = await client.call('addToUpload', { path: { id }, query: { offset }, body }))
    }
    await handle.close()
    await client.call('importUpload', { path: { id }, body: { name: 'made' } })
    return null
  })
  const page = async (query: Readonly<Record<string, string | number>>): Promise<number> => {
    const found = await client.call('listExamples', { path: { id: 'made' }, query: { limit: 50, ...query } })
    if (found.rows.length !== 50) throw new Error(`a page of ${found.rows.length} records`)
    return found.found
  }
  const middle = Math.floor(rows / 2)
  await measure('first page, which makes the index', () => page({}))
  await measure('first page again', () => page({}))
  await measure('page in the middle', () => page({ offset: middle }))
  await measure('last page', () => page({ offset: rows - 50 }))
  await measure('page of a label', () => page({ label: 'fraud', offset: Math.floor(rows / 40) }))
  await measure('page of long records', () => page({ shortest: 900 }))
  await measure('search that finds in one row of twenty', () => page({ search: 'example.org' }))
  await measure('the same search, its next page', () => page({ search: 'example.org', offset: 50 }))
  const peakMegabytes = peakOf(server.processId)
  console.table(measured)
  console.log(`${rows} rows, ${megabytes} MB, server's peak ${peakMegabytes ?? '?'} MB`)
  console.log(`written ${writeResult('example-pages', { rows, megabytes, peakMegabytes, measured })}`)
} finally {
  rmSync(work, { recursive: true, force: true })
}
