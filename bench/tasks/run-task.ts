// Trains the default base on a public task and prints its test scores beside the linear baseline.
//   npx tsx bench/tasks/run-task.ts banking77 --data DIR [--home DIR] [--rows N] [--test-rows N] [--epochs N] [--seed N]
// Where rare labels count, the label is also chosen by its probability, corrected for how often it occurs, by an amount that is
// chosen on rows that are not tested.
// With --model FOLDER a model that was trained by it before (and kept, or resumed after a stop) is scored alone.
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createServices } from '../../src/compose.ts'
import type { ChatModel } from '../../src/core/chat-model.ts'
import { HoneError } from '../../src/core/errors.ts'
import type { Message } from '../../src/core/example.ts'
import { createEvaluation } from '../../src/evaluate/create-evaluation.ts'
import { chooseTau, decideLabel, labelShares, type ScoredRow } from '../../src/evaluate/decide-label.ts'
import type { CandidateAnswer } from '../../src/evaluate/evaluation.ts'
import { reportLines } from '../../src/evaluate/report/report-lines.ts'
import { createRandom } from '../../src/lib/random.ts'
import { answerExamples } from '../../src/service/run/answer-examples.ts'
import { writeResult } from '../lib/write-result.ts'
import { scoreRows } from './score-rows.ts'
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

/** Rows of the training file that the correction is chosen on. */
const rowsToChooseOn = 1_500

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
  const messagesOf = ({ input }: TaskRow): Message[] => [
    { role: 'system', content: task.system },
    { role: 'user', content: input },
  ]
  const questions = test.map((row, index) => ({ exampleId: `test ${index}`, messages: messagesOf(row) }))
  const answers = await answerExamples(chat.model, questions, { maxTokens: task.maxTokens })
  const testSeconds = (performance.now() - started) / 1000 - trainingSeconds
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
  const report = (name: string, given: readonly CandidateAnswer[], more: object): void => {
    const evaluation = createEvaluation({
      task: { kind: 'labels', labels },
      split: 'test',
      examples: test.map(({ input, output }, index) => ({ id: `test ${index}`, input, expected: output })),
      candidates: [{ id: 'tuned', description: 'the default base, tuned', answers: given }],
    })
    const [candidate] = evaluation.candidates
    console.log(`\n${name}\n${reportLines(evaluation).slice(0, 4).join('\n')}`)
    console.log(
      `linear    accuracy ${task.linear.accuracy} · macro-F1 ${task.linear.macroF1} (TF-IDF + linear SVM, whole training file)`,
    )
    const result = {
      task: task.name,
      trainingRows: training.length,
      testRows: test.length,
      scores: candidate?.scores ?? [],
      unreadable: candidate?.unreadable.count ?? 0,
      linear: task.linear,
      ...more,
      trainingSeconds: values.model === undefined ? Math.round(trainingSeconds) : null,
      testSeconds: Math.round(testSeconds),
      settings: manifest.settings,
    }
    console.log(`written   ${writeResult(name, result)}`)
  }
  report(`task-${task.name}`, answers, {})
  if (task.rareLabels === undefined) return
  const chosen = await balancedAnswers(chat.model, { training, test, labels, messagesOf }, seed)
  report(`task-${task.name}-balanced`, chosen.answers, { decision: chosen.decision })
}

interface BalancedTask {
  readonly training: readonly TaskRow[]
  readonly test: readonly TaskRow[]
  readonly labels: readonly string[]
  readonly messagesOf: (row: TaskRow) => Message[]
}

async function balancedAnswers(
  model: ChatModel,
  { training, test, labels, messagesOf }: BalancedTask,
  seed: number,
): Promise<{ readonly answers: CandidateAnswer[]; readonly decision: object }> {
  const score = (rows: readonly TaskRow[], what: string): Promise<ScoredRow[]> =>
    scoreRows(
      model,
      rows.map((row) => ({ messages: messagesOf(row), expected: row.output })),
      labels,
      (done) => {
        if (done % 250 === 0) console.error(`${what} ${done}/${rows.length}`)
      },
    )
  const shares = labelShares(training.map(({ output }) => output))
  const { tau, score: macroF1 } = chooseTau(
    await score(sample(training, rowsToChooseOn, seed + 1), 'choose'),
    shares,
  )
  const scored = await score(test, 'test')
  return {
    decision: { by: 'label probability over share to the power', strength: tau, macroF1OnTraining: macroF1 },
    answers: scored.map((row, index) => ({
      exampleId: `test ${index}`,
      answer: decideLabel(row.scores, shares, tau),
      promptTokens: 0,
      completionTokens: 0,
    })),
  }
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
