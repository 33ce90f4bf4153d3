// Trains the default base on a public task and prints its test scores beside the linear baseline.
//   npx tsx bench/tasks/run-task.ts banking77 --data DIR [--home DIR] [--rows N] [--test-rows N] [--epochs N] [--seed N]
// With --model FOLDER a model that was trained by it before (and kept, or resumed after a stop) is scored alone.
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createServices } from '../../src/compose.ts'
import { HoneError } from '../../src/core/errors.ts'
import { createEvaluation } from '../../src/evaluate/create-evaluation.ts'
import { reportLines } from '../../src/evaluate/report/report-lines.ts'
import { createRandom } from '../../src/lib/random.ts'
import { answerExamples } from '../../src/service/answer-examples.ts'
import { writeResult } from '../lib/write-result.ts'
import { readTaskRows, tasks, type PublicTask, type TaskRow } from './tasks.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    home: { type: 'string' },
    rows: { type: 'string' },
    'test-rows': { type: 'string' },
    epochs: { type: 'string' },
    seed: { type: 'string', default: '7' },
    model: { type: 'string' },
  },
})

try {
  await main()
} catch (error) {
  if (!HoneError.isInstance(error)) throw error
  process.stderr.write(`error ${error.code}  ${error.message}\n${error.hint ?? ''}\n`)
  process.exitCode = error.exitStatus
}

async function main(): Promise<void> {
  const task = tasks.find(({ name }) => name === positionals[0])
  if (task === undefined) {
    throw new HoneError('E_USAGE', `name a task: ${tasks.map(({ name }) => name).join(', ')}`)
  }
  const { data } = values
  const [trainFile, testFile] = ['train', 'test'].map((split) =>
    join(data ?? '', task.name, `${split}.jsonl`),
  )
  if (data === undefined || !existsSync(trainFile ?? '') || !existsSync(testFile ?? '')) {
    throw new HoneError('E_USAGE', 'the data of the task is not part of this project', {
      hint: `name the folder that holds ${task.name}/train.jsonl and test.jsonl, records {"input", "output"}, with --data DIR`,
    })
  }
  const seed = Number(values.seed)
  const training = sample(readTaskRows(trainFile ?? ''), values.rows ?? task.trainingRows, seed)
  const test = sample(readTaskRows(testFile ?? ''), values['test-rows'], seed)
  const labels = [...new Set([...training, ...test].map(({ output }) => output))].toSorted()

  const services = createServices(values.home === undefined ? {} : { home: values.home })
  const started = performance.now()
  const folder = values.model ?? (await train(task, training, seed, services))
  const trainingSeconds = (performance.now() - started) / 1000
  await using chat = await services.chat.open(folder)
  const answers = await answerExamples(
    chat.model,
    test.map(({ input }, index) => ({
      exampleId: `test ${index}`,
      messages: [
        { role: 'system', content: task.system },
        { role: 'user', content: input },
      ],
    })),
    { maxTokens: task.maxTokens },
  )
  const testSeconds = (performance.now() - started) / 1000 - trainingSeconds
  const evaluation = createEvaluation({
    task: { kind: 'labels', labels },
    split: 'test',
    examples: test.map(({ input, output }, index) => ({ id: `test ${index}`, input, expected: output })),
    candidates: [{ id: 'tuned', description: 'the default base, tuned', answers }],
  })
  const scores = evaluation.candidates[0]?.scores ?? []
  console.log(reportLines(evaluation).slice(0, 4).join('\n'))
  console.log(
    `linear    accuracy ${task.linear.accuracy} · macro-F1 ${task.linear.macroF1} (TF-IDF + linear SVM, whole training file)`,
  )
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
  const result = {
    task: task.name,
    trainingRows: training.length,
    testRows: test.length,
    scores,
    unreadable: evaluation.candidates[0]?.unreadable.count ?? 0,
    linear: task.linear,
    trainingSeconds: values.model === undefined ? Math.round(trainingSeconds) : null,
    testSeconds: Math.round(testSeconds),
    settings: manifest.settings,
  }
  console.log(`written   ${writeResult(`task-${task.name}`, result)}`)
}

/** Trains the default base; gives the folder of the tuned model. */
async function train(
  task: PublicTask,
  training: readonly TaskRow[],
  seed: number,
  services: ReturnType<typeof createServices>,
): Promise<string> {
  const work = mkdtempSync(join(tmpdir(), 'hone-task-'))
  const file = join(work, `${task.name}.jsonl`)
  writeFileSync(file, training.map((row) => `${JSON.stringify(row)}\n`).join(''))
  const model = await services.train.train(
    {
      data: file,
      base: 'smollm2-135m-instruct',
      system: task.system,
      out: join(work, 'model'),
      overrides: { seed, epochs: values.epochs === undefined ? task.epochs : Number(values.epochs) },
    },
    {
      onEvent: (event) => {
        if (event.type === 'planned') console.error(JSON.stringify(event.plan.plan.settings))
        if (event.type === 'validation')
          console.error(`step ${event.step} validation ${event.loss.toFixed(4)}`)
        if (event.type === 'step' && event.step % 50 === 0) {
          const { step, steps, loss, examplesPerSecond, secondsLeft } = event
          const rate = `${examplesPerSecond.toFixed(1)} examples/s · ${Math.round(secondsLeft / 60)} min left`
          console.error(`step ${step}/${steps} · loss ${loss.toFixed(3)} · ${rate}`)
        }
      },
    },
  )
  return model.folder
}

function sample(rows: readonly TaskRow[], count: string | number | undefined, seed: number): TaskRow[] {
  return count === undefined ? [...rows] : createRandom(seed).shuffle(rows).slice(0, Number(count))
}
