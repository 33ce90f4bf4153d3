// How much personal data is found, of what is there, and how much else, by kind; and how fast.
//   npx tsx bench/redact.ts [--misses] [--megabytes 20]
// The sets are the project's own, and nobody in them exists: "hand-written" was there before the detectors and they were
// made with it; "held-out" was written when they were done; "generated" is drawn from a seed, with numbers that
// python-stdnum calls valid. Also writes src/data/redact/measured.ts, which the command shows.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { detectors } from '../src/data/redact/detectors.ts'
import { SpanFinder } from '../src/data/redact/find-spans.ts'
import { builtInPolicies } from '../src/data/redact/policy.ts'
import { Redactor } from '../src/data/redact/redact-json.ts'
import { generatedSentences } from '../src/data/redact/testing/generated-sentences.ts'
import {
  countKinds,
  labelledSet,
  type LabelledSentence,
} from '../src/data/redact/testing/labelled-sentences.ts'
import { createRandom } from '../src/lib/random.ts'
import { writeResult } from './lib/write-result.ts'

const { values } = parseArgs({
  options: { misses: { type: 'boolean' }, megabytes: { type: 'string', default: '20' } },
})
const finder = new SpanFinder(detectors)
const sets: readonly (readonly [name: string, sentences: readonly LabelledSentence[]])[] = [
  ['hand-written', labelledSet('hand-written')],
  ['held-out', labelledSet('held-out')],
  ['generated', generatedSentences(1_000)],
]
const quality = sets.map(([name, sentences]) => {
  const told = values.misses === true ? (line: string) => console.log(`${name}  ${line}`) : undefined
  const counts = countKinds(sentences, (text) => finder.find(text), told)
  const rows = detectors.flatMap(({ kind }) => {
    const of = counts.get(kind)
    return of === undefined ? [] : [{ kind, ...of }]
  })
  const total = rows.reduce(
    (sum, row) => ({
      kind: 'all',
      right: sum.right + row.right,
      missed: sum.missed + row.missed,
      false: sum.false + row.false,
    }),
    { kind: 'all', right: 0, missed: 0, false: 0 },
  )
  console.log(`\n${name}: ${sentences.length} sentences`)
  console.table(
    [...rows, total].map((row) => ({
      kind: row.kind,
      labelled: row.right + row.missed,
      found: row.right,
      false: row.false,
      recall: share(row.right, row.right + row.missed),
      precision: share(row.right, row.right + row.false),
    })),
  )
  return { set: name, sentences: sentences.length, total, kinds: rows }
})

const speed = ['clean', 'one in ten', 'all'].map((density) => {
  const rows = recordsOf(
    density === 'clean' ? 0 : density === 'all' ? 1 : 0.1,
    Number(values.megabytes) * 1e6,
  )
  const bytes = rows.reduce((sum, row) => sum + Buffer.byteLength(row), 0)
  const redactor = new Redactor(builtInPolicies[0]!, new Uint8Array(32))
  const redact = (): number => rows.reduce((sum, row) => sum + redactor.redact(row).findings.length, 0)
  redact()
  return {
    records: `${density}${density === 'clean' ? '' : ' with personal data'}`,
    finds: redact(),
    'redact MB/s': megabytesPerSecond(bytes, redact),
    'JSON.parse MB/s': megabytesPerSecond(bytes, () => {
      for (const row of rows) JSON.parse(row)
    }),
  }
})
console.table(speed)

const heldOut = quality[1]!
const lines = heldOut.kinds.map(
  ({ kind, right, missed, false: wrong }) =>
    `    ${/^[a-z]+$/.test(kind) ? kind : `'${kind}'`}: { right: ${right}, missed: ${missed}, false: ${wrong} },`,
)
const { right, missed, false: wrong } = heldOut.total
writeFileSync(
  new URL('../src/data/redact/measured.ts', import.meta.url),
  `// Written by bench/redact.ts.

export interface MeasuredKind {
  /** Labelled, and found. */
  readonly right: number
  /** Labelled, and not found. */
  readonly missed: number
  /** Found where nothing is labelled. */
  readonly false: number
}

/** Counts on sentences that the detectors were not made with. */
export const measuredOn: {
  readonly sentences: number
  readonly total: MeasuredKind
  readonly kinds: Readonly<Record<string, MeasuredKind>>
} = {
  sentences: ${heldOut.sentences},
  total: { right: ${right}, missed: ${missed}, false: ${wrong} },
  kinds: {
${lines.join('\n')}
  },
}
`,
)
console.log(`written ${writeResult('redact', { quality, speed })}`)

function share(part: number, whole: number): string {
  return whole === 0 ? '' : `${((100 * part) / whole).toFixed(0)} %`
}

/** In processor time, so that other programs on the machine do not count. */
function megabytesPerSecond(bytes: number, work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return Math.round(bytes / (user + system))
}

/** Chat records of some 500 characters, of which a share holds personal data. */
function recordsOf(density: number, bytes: number): string[] {
  const random = createRandom(11)
  const personal = generatedSentences(500, 3)
    .filter(({ spans }) => spans.length > 0)
    .map(({ text }) => text)
  const words =
    'the claim was sent to our office because a pipe in the kitchen broke and water ran under the floor we need an answer about the cover of the damage in 2 rooms please tell me which form to fill in before March'.split(
      ' ',
    )
  const rows: string[] = []
  for (let written = 0; written < bytes;) {
    const text = Array.from({ length: 70 }, () => words[random.integer(words.length)]).join(' ')
    const more = random.next() < density ? ` ${personal[random.integer(personal.length)]}` : ''
    const messages = [
      { role: 'user', content: text + more },
      { role: 'assistant', content: 'WATER_DAMAGE' },
    ]
    const row = JSON.stringify({ system: 'You route claims.', messages })
    rows.push(row)
    written += row.length
  }
  return rows
}
