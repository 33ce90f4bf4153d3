// Scores stored answers with intervals and paired tests, and writes evaluation and report, as the built program would.
//   node bench/lib/evaluate-stored.mjs FOLDER
import { join } from 'node:path'
import { createEvaluation } from '../../dist/evaluate/create-evaluation.js'
import { evaluationChunks } from '../../dist/evaluate/evaluation-chunks.js'
import { reportForms } from '../../dist/evaluate/report/report-forms.js'
import { readLines } from '../../dist/lib/read-lines.js'
import { replaceFileInPieces } from '../../dist/lib/replace-file-in-pieces.js'

const [folder] = process.argv.slice(2)
const times = {}
let before = performance.now()
const step = (name) => {
  times[name] = Math.round(performance.now() - before) / 1000
  before = performance.now()
}

async function rowsOf(name) {
  const rows = []
  for await (const line of readLines(join(folder, name))) if ('text' in line) rows.push(JSON.parse(line.text))
  return rows
}

const examples = await rowsOf('examples.jsonl')
const labels = [...new Set(examples.map(({ expected }) => expected))]
const candidates = []
for (const id of ['base', 'few-shot', 'long-prompt', 'tuned']) {
  const answers = await rowsOf(`${id}.jsonl`)
  // As in hone eval: answers are found by their questions, and share the ids of these.
  for (const [row, answer] of answers.entries()) answer.exampleId = examples[row].id
  candidates.push({ id, description: id, answers })
}
step('read')
const evaluation = createEvaluation({ task: { kind: 'labels', labels }, split: 'test', examples, candidates })
step('score')
await replaceFileInPieces(join(folder, 'evaluation.json'), evaluationChunks(evaluation))
step('write')
await replaceFileInPieces(join(folder, 'report.html'), reportForms.html({ title: 'stored', evaluation }))
step('report')
console.log(JSON.stringify({ times, sentence: evaluation.comparisons.at(-1).sentence }))
