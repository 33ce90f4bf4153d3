// Scores stored answers with intervals and paired tests, and writes evaluation and report. `bench/evaluate.ts` bundles it first,
// so that what is measured runs as the built program does.
import { join } from 'node:path'
import { createEvaluation } from '../../src/evaluate/create-evaluation.ts'
import type { CandidateAnswer, EvaluatedExample } from '../../src/evaluate/evaluation.ts'
import { evaluationChunks } from '../../src/evaluate/evaluation-chunks.ts'
import type { CandidateAnswers } from '../../src/evaluate/read-candidate.ts'
import { reportForms } from '../../src/evaluate/report/report-forms.ts'
import { readLines } from '../../src/lib/read-lines.ts'
import { replaceFileInPieces } from '../../src/lib/replace-file-in-pieces.ts'

const [folder = ''] = process.argv.slice(2)
const times: Record<string, number> = {}
let before = performance.now()
const step = (name: string): void => {
  times[name] = Math.round(performance.now() - before) / 1000
  before = performance.now()
}

async function rowsOf<Row>(name: string): Promise<Row[]> {
  const rows: Row[] = []
  for await (const line of readLines(join(folder, name))) {
    if ('text' in line) rows.push(JSON.parse(line.text) as Row)
  }
  return rows
}

const examples = await rowsOf<EvaluatedExample>('examples.jsonl')
const labels = [...new Set(examples.map(({ expected }) => expected))]
const candidates: CandidateAnswers[] = []
for (const id of ['base', 'few-shot', 'long-prompt', 'tuned']) {
  const stored = await rowsOf<CandidateAnswer>(`${id}.jsonl`)
  // As in hone eval: answers are found by their questions, and share the ids of these.
  const answers = stored.map((answer, row) => Object.assign(answer, { exampleId: examples[row]!.id }))
  candidates.push({ id, description: id, answers })
}
step('read')
const evaluation = createEvaluation({ task: { kind: 'labels', labels }, split: 'test', examples, candidates })
step('score')
await replaceFileInPieces(join(folder, 'evaluation.json'), evaluationChunks(evaluation))
step('write')
await replaceFileInPieces(join(folder, 'report.html'), reportForms.html({ title: 'stored', evaluation }))
step('report')
console.log(JSON.stringify({ times, sentence: evaluation.comparisons.at(-1)?.sentence }))
