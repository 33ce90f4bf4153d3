// Speed, memory and growth of `hone data` on made-up files, beside other programs.
//   npx tsx bench/data.ts [--sizes 10000,100000,1000000] [--length long] [--only check,dedupe] [--python PYTHON]
//     [--home DIR] [--base smollm2-135m-instruct] [--folder DIR] [--budget 300] [--result data-long]
// Each work is measured as a whole process: `node dist/main.js data …`. A work that is expected to take longer than the
// budget (seconds) is left out, and a command that is not there; both are said. What takes seconds is measured three times in
// turns: medians, and the largest memory. 5,000,000 long rows take 5 GB of disk.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { exponentOf } from './lib/growth.ts'
import { writeMadeExamples } from './lib/made-examples.ts'
import { measureNode, type MeasuredProcess } from './lib/measured-process.ts'
import { median } from './lib/peer.ts'
import { writeResult } from './lib/write-result.ts'

/** Works that are over within this many seconds are measured so many times. */
const quick = 30
const rounds = 3

interface Measurement {
  readonly work: string
  readonly rows: number
  readonly megabytes: number
  readonly seconds: number
  readonly cpuSeconds: number | null
  readonly megabytesPerSecond: number
  readonly rowsPerSecond: number
  readonly peakMegabytes: number | null
}

type Measured = Pick<MeasuredProcess, 'seconds' | 'cpuSeconds' | 'peakMegabytes'>

interface Work {
  readonly name: string
  /** Undefined when the work cannot be done, which is said. */
  readonly measure: (file: string) => Measured | undefined
}

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10000,100000,1000000' },
    length: { type: 'string', default: 'long' },
    only: { type: 'string' },
    python: { type: 'string' },
    home: { type: 'string' },
    base: { type: 'string', default: 'smollm2-135m-instruct' },
    folder: { type: 'string' },
    budget: { type: 'string', default: '300' },
    result: { type: 'string' },
  },
})
const sizes = values.sizes.split(',').map(Number)
if (sizes.length === 0 || sizes.some((size) => !Number.isSafeInteger(size) || size < 1)) {
  throw new Error(`--sizes ${values.sizes}: numbers of rows with commas between`)
}
if (values.length !== 'short' && values.length !== 'long') throw new Error('--length is short or long')
const { length, python } = values
const program = 'dist/main.js'
if (!existsSync(program)) throw new Error(`${program} is not there: npm run build`)
const scratch = mkdtempSync(join(values.folder ?? tmpdir(), 'hone-bench-data-'))
const out = join(scratch, 'out')

/** `hone data NAME …`; what it writes is removed after each run. */
const honeData = (name: string, ...args: readonly string[]): Work => ({
  name: `hone data ${name}`,
  measure: (file) => {
    const words = args.map((word) => word.replace('FILE', file).replace('OUT', out))
    // A home of its own, where nothing was done before, but for what needs a base.
    const home = args.includes('--base') ? values.home : join(scratch, 'home')
    const where = home === undefined ? [] : ['--home', home]
    const result = measureNode([program, 'data', name, ...words, '--json', '--quiet', ...where])
    for (const path of [out, `${out}.jsonl`, join(scratch, 'home')])
      rmSync(path, { recursive: true, force: true })
    if (result.stdout.includes('"reused":true')) throw new Error(`hone data ${name} did nothing anew`)
    // A command that found something ends with another status than 0, with its result all the same.
    if (result.stdout.startsWith('{') && !result.stdout.startsWith('{"error"')) return result
    const said = (result.stdout || result.stderr).slice(0, 300)
    console.error(`left out: hone data ${name} ended with ${result.status}: ${said}`)
    return undefined
  },
})

const peer = (name: string, ...args: readonly string[]): Work => ({
  name,
  measure: (file) => {
    if (python === undefined) return undefined
    const result = spawnSync(python, ['bench/peers/data_peers.py', ...args, file], {
      encoding: 'utf8',
    })
    if (result.status === 0) {
      return JSON.parse(result.stdout) as Measured
    }
    console.error(`left out: ${name}: ${result.stderr.trim().split('\n').at(-1)}`)
    return undefined
  },
})

const all: readonly Work[] = [
  {
    name: 'JSON.parse alone',
    measure: (file) => {
      const result = measureNode(['bench/peers/json-parse.mjs', file])
      return result.status === 0 ? result : undefined
    },
  },
  honeData('check', 'FILE', '--for', 'bedrock:claude-3-haiku'),
  honeData('stats', 'FILE'),
  honeData('tokens', 'FILE', '--fresh', '--base', values.base),
  honeData('import', 'FILE', '--force', '--to', 'OUT.jsonl'),
  honeData('dedupe', 'FILE', '--near', '0.85', '--force', '--to', 'OUT.jsonl'),
  honeData('split', 'FILE', '--seed', '7', '--force', '--to', 'OUT'),
  honeData('redact', 'FILE', '--force', '--to', 'OUT.jsonl'),
  peer('DuckDB read_json', 'duckdb'),
  peer('Hugging Face datasets map', 'datasets'),
  peer('datasketch near-duplicates', 'datasketch'),
]
const only = values.only?.split(',')
const wanted = all.filter(
  ({ name }) => only === undefined || only.some((word) => name === word || name.endsWith(` ${word}`)),
)
const works = wanted.filter(({ name }) => isThere(name))
if (works.length === 0) throw new Error('no work is left to measure')
if (python === undefined) console.error('left out: DuckDB, datasets and datasketch need --python')

const measurements: Measurement[] = []
try {
  for (const rows of sizes) {
    const file = join(scratch, `rows-${rows}.jsonl`)
    const bytes = writeMadeExamples(file, { rows, length })
    const taken = new Map<Work, Measured[]>()
    for (const work of works.filter(({ name }) => isWithinBudget(name, rows))) {
      const measured = work.measure(file)
      if (measured !== undefined) taken.set(work, [measured])
      console.error(rows, work.name, JSON.stringify(measured, ['seconds', 'peakMegabytes']))
    }
    for (let round = 1; round < rounds; round++) {
      for (const [work, before] of taken) {
        const again = before[0]!.seconds > quick ? undefined : work.measure(file)
        if (again !== undefined) before.push(again)
      }
    }
    for (const [{ name: work }, measured] of taken)
      measurements.push(measurementOf(work, rows, bytes, measured))
    rmSync(file)
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
console.table(measurements)
const growth = works.flatMap(({ name }) => growthOf(name))
if (growth.length > 0) console.table(growth)
console.log(`written ${writeResult(values.result ?? `data-${length}`, { length, measurements, growth })}`)

function isWithinBudget(name: string, rows: number): boolean {
  const before = measurements.findLast((one) => one.work === name)
  const expected = before === undefined ? 0 : (before.seconds * rows) / before.rows
  if (expected <= Number(values.budget)) return true
  console.error(`left out: ${name} on ${rows} rows would take about ${Math.round(expected)} s (--budget)`)
  return false
}

function measurementOf(
  work: string,
  rows: number,
  bytes: number,
  measured: readonly Measured[],
): Measurement {
  const seconds = median(measured.map((each) => each.seconds))
  const processor = measured.flatMap(({ cpuSeconds }) => cpuSeconds ?? [])
  const peaks = measured.flatMap(({ peakMegabytes }) => peakMegabytes ?? [])
  return {
    work,
    rows,
    megabytes: Number((bytes / 1e6).toFixed(1)),
    seconds: Number(seconds.toFixed(2)),
    cpuSeconds: processor.length === 0 ? null : Number(median(processor).toFixed(2)),
    megabytesPerSecond: Number((bytes / 1e6 / seconds).toFixed(1)),
    rowsPerSecond: Math.round(rows / seconds),
    peakMegabytes: peaks.length === 0 ? null : Math.round(Math.max(...peaks)),
  }
}

/** Whether the built command knows the work; the other programs are always tried. */
function isThere(name: string): boolean {
  const [hone, data, command = ''] = name.split(' ')
  if (hone !== 'hone' || data !== 'data') return python !== undefined || name === 'JSON.parse alone'
  const { stdout } = spawnSync(process.execPath, [program, 'data', command, '--help'], { encoding: 'utf8' })
  // The help of an unknown command is that of the one above.
  const isKnown = stdout.includes(`Usage: ${name}`)
  if (!isKnown) console.error(`left out: there is no ${name} yet`)
  return isKnown
}

/** How the time grows with the rows, and the rate beside that of JSON.parse on the largest file of both. */
function growthOf(name: string): object[] {
  const own = measurements.filter((one) => one.work === name)
  const last = own.at(-1)
  if (last === undefined) return []
  const limit = measurements.find((one) => one.work === 'JSON.parse alone' && one.rows === last.rows)
  const points = own.map(({ rows, seconds }) => ({ size: rows, milliseconds: seconds * 1000 }))
  return [
    {
      work: name,
      rows: last.rows,
      exponent: own.length < 2 ? null : Number(exponentOf(points).toFixed(2)),
      ofJsonParse: limit === undefined ? null : Number((limit.seconds / last.seconds).toFixed(2)),
    },
  ]
}
