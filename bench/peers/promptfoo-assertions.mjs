// The assertions of promptfoo on stored answers: whether each answer equals the expected one.
//   node bench/peers/promptfoo-assertions.mjs FOLDER-OF-PROMPTFOO FOLDER-OF-ROWS assertions|evaluate
// `assertions` calls its function for each answer and keeps nothing; `evaluate` is its whole evaluation with stored outputs.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const [peer, folder, way] = process.argv.slice(2)
const entry = join(resolve(peer), 'node_modules/promptfoo/dist/src/index.js')
const { default: promptfoo } = await import(pathToFileURL(entry).href)
const rowsOf = (name) =>
  readFileSync(join(folder, name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

const examples = rowsOf('examples.jsonl')
const names = ['base', 'few-shot', 'long-prompt', 'tuned']
const started = performance.now()
let right = 0
for (const name of names) {
  const tests = rowsOf(`${name}.jsonl`).map(({ answer }, row) => ({
    vars: { input: examples[row].input },
    assert: [{ type: 'equals', value: examples[row].expected }],
    providerOutput: answer,
  }))
  if (way === 'assertions') {
    for (const test of tests) {
      const { pass } = await promptfoo.assertions.runAssertions({
        prompt: test.vars.input,
        test,
        vars: test.vars,
        providerResponse: { output: test.providerOutput },
      })
      if (pass) right++
    }
  } else {
    const result = await promptfoo.evaluate(
      { prompts: ['{{input}}'], providers: ['echo'], tests, writeLatestResults: false },
      { cache: false, maxConcurrency: 4, showProgressBar: false },
    )
    right += (await result.toEvaluateSummary()).stats.successes
  }
}
console.log(JSON.stringify({ times: { score: Math.round(performance.now() - started) / 1000 }, right }))
process.exit(0)
