// What it takes to score 100,000 stored results of each of four candidates with intervals, paired tests and report, beside
// promptfoo's assertions on the same rows.
//   npx tsx bench/evaluate.ts [--rows 100000] [--promptfoo FOLDER [--peer-rows 1000]]
// FOLDER is one in which promptfoo is installed. It is given less rows, and gives right or wrong only: no interval, no test.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createRandom } from '../src/lib/random.ts'
import { bundled } from './lib/bundled.ts'
import { measureNode, type MeasuredProcess } from './lib/measured-process.ts'
import { writeResult } from './lib/write-result.ts'

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    promptfoo: { type: 'string' },
    'peer-rows': { type: 'string', default: '1000' },
  },
})
const labels = Array.from({ length: 77 }, (_, at) => `intent_${at}`)
const names = ['base', 'few-shot', 'long-prompt', 'tuned']

const line = (value: object): string => `${JSON.stringify(value)}\n`

/** Seeded answers of four candidates, which are right ever more often. */
function writeRows(folder: string, rows: number): void {
  const random = createRandom('evaluate')
  const truth = Array.from({ length: rows }, () => random.integer(labels.length))
  const examples = truth.map((label, row) =>
    line({
      id: `data.jsonl:${row + 1}`,
      input: `Message ${row} about ${random.integer(90_000)} and ${random.integer(90_000)}: what is to be done?`,
      expected: labels[label],
    }),
  )
  writeFileSync(join(folder, 'examples.jsonl'), examples.join(''))
  for (const [which, name] of names.entries()) {
    const answers = truth.map((label, row) =>
      line({
        exampleId: `data.jsonl:${row + 1}`,
        answer: random.next() < 0.6 + 0.1 * which ? labels[label] : labels[random.integer(labels.length)],
        promptTokens: 300 - 70 * which + random.integer(40),
        completionTokens: 3 + random.integer(3),
        latencyMs: Math.round(200 - 90 * Math.log(random.next())),
      }),
    )
    writeFileSync(join(folder, `${name}.jsonl`), answers.join(''))
  }
}

function measured(name: string, rows: number, run: (folder: string) => MeasuredProcess) {
  const folder = mkdtempSync(join(tmpdir(), 'hone-evaluate-'))
  try {
    writeRows(folder, rows)
    const { status, stdout, stderr, seconds, cpuSeconds, peakMegabytes } = run(folder)
    if (status !== 0) throw new Error(`${name}: ${stderr.slice(-2000)}`)
    const said = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as object
    const report = statSync(join(folder, 'report.html'), { throwIfNoEntry: false })?.size
    return {
      name,
      results: rows * names.length,
      seconds: Number(seconds.toFixed(1)),
      cpuSeconds: Number((cpuSeconds ?? Number.NaN).toFixed(1)),
      megabytes: Math.round(peakMegabytes ?? Number.NaN),
      microsecondsPerResult: Math.round(((cpuSeconds ?? Number.NaN) * 1e6) / (rows * names.length)),
      ...said,
      ...(report === undefined ? {} : { reportBytes: report }),
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

using program = await bundled('bench/lib/evaluate-stored.ts')
const own = measured('hone', Number(values.rows), (folder) => measureNode([program.file, folder]))
const { promptfoo } = values
const peers =
  promptfoo === undefined
    ? []
    : (['assertions', 'evaluate'] as const).map((way) =>
        measured(`promptfoo ${versionOf(promptfoo)} ${way}`, Number(values['peer-rows']), (folder) =>
          measureNode(['bench/peers/promptfoo-assertions.mjs', promptfoo, folder, way], {
            PROMPTFOO_DISABLE_TELEMETRY: '1',
            PROMPTFOO_DISABLE_UPDATE: '1',
            PROMPTFOO_DISABLE_REMOTE_GENERATION: '1',
            PROMPTFOO_CONFIG_DIR: join(folder, 'promptfoo'),
          }),
        ),
      )
if (promptfoo === undefined) console.error('left out: promptfoo needs --promptfoo FOLDER')
console.table(
  [own, ...peers],
  ['name', 'results', 'seconds', 'cpuSeconds', 'megabytes', 'microsecondsPerResult'],
)
console.log(`written ${writeResult('evaluate', { rows: Number(values.rows), results: [own, ...peers] })}`)

function versionOf(folder: string): string {
  const { version } = JSON.parse(
    readFileSync(join(folder, 'node_modules/promptfoo/package.json'), 'utf8'),
  ) as { readonly version: string }
  return version
}
