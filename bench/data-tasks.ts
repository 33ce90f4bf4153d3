// The five public sets through the commands: imports, checks, deduplicates, looks for leakage between the given training
// and test files, splits, and counts tokens; prints what was found.
//   npx tsx bench/data-tasks.ts --data DIR [--home DIR] [--base smollm2-135m-instruct]
// DIR holds one folder a set with train.jsonl and test files of records {"input", "output"}. Nothing is written to it.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureNode } from './lib/measured-process.ts'
import { writeResult } from './lib/write-result.ts'

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    home: { type: 'string' },
    base: { type: 'string', default: 'smollm2-135m-instruct' },
  },
})
if (values.data === undefined) throw new Error('--data DIR is needed')
const data = values.data
const program = 'dist/main.js'
if (!existsSync(program)) throw new Error(`${program} is not there: npm run build`)
const home = values.home === undefined ? [] : ['--home', values.home]
const sets = readdirSync(data, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(data, entry.name, 'train.jsonl')))
  .map(({ name }) => name)
  .toSorted()
if (sets.length === 0) throw new Error(`no folder of ${data} holds a train.jsonl`)

const known = new Set(
  ['import', 'check', 'stats', 'dedupe', 'split', 'tokens'].filter((name) => {
    const help = spawnSync(process.execPath, [program, 'data', name, '--help'], { encoding: 'utf8' }).stdout
    // The help of an unknown command is that of the one above.
    const isKnown = help.includes(`Usage: hone data ${name}`)
    if (!isKnown) console.error(`left out: there is no hone data ${name} yet`)
    return isKnown
  }),
)
const work = mkdtempSync(join(tmpdir(), 'hone-bench-tasks-'))
const results: { readonly set: string; readonly found: object }[] = []
try {
  for (const set of sets) {
    const found = tasksOf(set)
    console.error(set, JSON.stringify(found, null, 1))
    results.push({ set, found })
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}
console.log(`written ${writeResult('data-tasks', { results })}`)

function tasksOf(set: string): object {
  const folder = join(data, set)
  const train = join(folder, 'train.jsonl')
  const tests = readdirSync(folder).filter((name) => /^(?:\w+_)?test\d*\.jsonl$/.test(name))
  const imported = join(work, `${set}.jsonl`)
  const first = honeData('import', train, '--to', imported)
  const file = existsSync(imported) ? imported : train
  const split = join(work, `${set}-split`)
  return {
    ...(first === undefined ? {} : { import: first }),
    check: honeData('check', file),
    stats: honeData('stats', file),
    dedupe: honeData('dedupe', file, '--near', '0.85', '--to', join(work, `${set}-deduped.jsonl`)),
    leakage: Object.fromEntries(
      tests.map((name) => [
        name,
        honeData(
          'dedupe',
          file,
          '--near',
          '0.85',
          '--against',
          join(folder, name),
          '--to',
          join(work, `${set}-${name}`),
        ),
      ]),
    ),
    split: honeData('split', file, '--seed', '7', '--to', split),
    tokens: honeData('tokens', file, '--base', values.base),
  }
}

/** The numbers of what a command answers, without its lists; how it ended where it failed. */
function honeData(name: string, ...args: readonly string[]): object | undefined {
  if (!known.has(name)) return undefined
  const { status, stdout, stderr, seconds } = measureNode([
    program,
    'data',
    name,
    ...args,
    '--json',
    '--quiet',
    ...home,
  ])
  try {
    return { seconds: Number(seconds.toFixed(2)), status, ...numbersOf(JSON.parse(stdout), 3) }
  } catch {
    return { status, said: stderr.slice(0, 300) }
  }
}

/** Numbers and short texts of a result down to a depth; of a list only its length. */
function numbersOf(value: unknown, depth: number): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  for (const [key, part] of Object.entries(value ?? {})) {
    if (Array.isArray(part)) kept[key] = `list of ${part.length}`
    else if (typeof part === 'object' && part !== null) {
      if (depth > 0) kept[key] = numbersOf(part, depth - 1)
    } else if (typeof part !== 'string') kept[key] = part
    // Texts may hold what the records say; the code of an error does not.
    else if (key === 'code') kept[key] = part
  }
  return kept
}
