// Training and testing on a public task, end to end, beside TRL's SFTTrainer with PEFT on the same rows.
//   npx tsx bench/task-speed.ts banking77 --data DIR --python PYTHON [--home DIR] [--rows 640] [--test-rows 256] [--epochs 1]
// The whole task takes TRL hours on two cores, so a part of its rows is taken; both get the same rows.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createServices } from '../src/compose.ts'
import { HoneError } from '../src/core/errors.ts'
import { readBaseManifest } from '../src/engine/weights/base-folder.ts'
import { createRandom } from '../src/lib/random.ts'
import { answerExamples } from '../src/service/run/answer-examples.ts'
import { ensureBase } from '../src/service/models/ensure-base.ts'
import { honeHome } from '../src/store/home.ts'
import { writeResult } from './lib/write-result.ts'
import { readTaskRows, type TaskRow } from './tasks/task-rows.ts'
import { tasks } from './tasks/tasks.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    python: { type: 'string' },
    home: { type: 'string' },
    rows: { type: 'string', default: '640' },
    'test-rows': { type: 'string', default: '256' },
    epochs: { type: 'string', default: '1' },
  },
})
const task = tasks.find(({ name }) => name === positionals[0])
const { data, python } = values
if (task === undefined || data === undefined || python === undefined) {
  throw new HoneError(
    'E_USAGE',
    `name a task (${tasks.map(({ name }) => name).join(', ')}), --data and --python`,
  )
}
const home = values.home ?? honeHome(process.env)
const folder = await ensureBase('smollm2-135m-instruct', { home })
const [weights] = (await readBaseManifest(folder)).weights
const work = mkdtempSync(join(tmpdir(), 'hone-task-'))
const [training, test] = (['train', 'test'] as const).map((split) => {
  const count = Number(split === 'train' ? values.rows : values['test-rows'])
  const rows = createRandom(7)
    .shuffle(readTaskRows(join(data, task.name, `${split}.jsonl`)))
    .slice(0, count)
  const file = join(work, `${split}.jsonl`)
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  return { rows, file }
}) as [{ rows: TaskRow[]; file: string }, { rows: TaskRow[]; file: string }]

const validationFile = join(work, 'validation.jsonl')
writeFileSync(
  validationFile,
  test.rows
    .slice(0, 4)
    .map((row) => `${JSON.stringify(row)}\n`)
    .join(''),
)

const batch = 16
const measured = [await own(), ...['fp32', 'bf16'].map((precision) => trl(precision))]
const [ours] = measured
const rows = measured.map((result) => ({
  ...result,
  seconds: Math.round(result.trainingSeconds + result.testSeconds),
  '× Hone': Number(
    (
      (result.trainingSeconds + result.testSeconds) /
      ((ours?.trainingSeconds ?? 0) + (ours?.testSeconds ?? 0))
    ).toFixed(2),
  ),
}))
console.table(rows)
const size = { trainingRows: training.rows.length, testRows: test.rows.length, epochs: Number(values.epochs) }
console.log(`written ${writeResult(`task-speed-${task.name}`, { task: task.name, ...size, rows })}`)
rmSync(work, { recursive: true, force: true })

interface Measured {
  readonly engine: string
  readonly trainingSeconds: number
  readonly testSeconds: number
  readonly accuracy: number
}

async function own(): Promise<Measured> {
  if (task === undefined) throw new Error('there is no task')
  const services = createServices({ home })
  const started = performance.now()
  const model = await services.train.train({
    data: training.file,
    base: 'smollm2-135m-instruct',
    system: task.system,
    out: join(work, 'model'),
    // As the other program, which holds out no records: all are learned, and a few of the test's stand for a validation.
    validation: validationFile,
    overrides: {
      epochs: Number(values.epochs),
      batchSize: batch,
      learningRate: 1e-3,
      validationEvery: 1_000_000,
    },
  })
  const trained = performance.now()
  await using chat = await services.chat.open(model.folder)
  const answers = await answerExamples(
    chat.model,
    test.rows.map(({ input }, index) => ({
      exampleId: `${index}`,
      messages: [
        { role: 'system' as const, content: task.system },
        { role: 'user' as const, content: input },
      ],
    })),
    { maxTokens: task.maxTokens },
  )
  const right = answers.filter(({ answer }, index) => answer.trim() === test.rows[index]?.output).length
  return {
    engine: 'hone',
    trainingSeconds: (trained - started) / 1000,
    testSeconds: (performance.now() - trained) / 1000,
    accuracy: right / test.rows.length,
  }
}

function trl(precision: string): Measured {
  const options = {
    base: join(folder, weights?.name ?? ''),
    data: training.file,
    test: test.file,
    system: task?.system ?? '',
    epochs: values.epochs,
    batch: String(batch),
    'max-tokens': String(task?.maxTokens),
    precision,
  }
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
  const { stdout, status } = spawnSync(python ?? '', ['bench/peers/trl_task.py', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  })
  const line = stdout.trim().split('\n').at(-1) ?? ''
  if (status !== 0) throw new Error(`trl_task.py ended with status ${status}`)
  const { trainingSeconds, testSeconds, accuracy } = JSON.parse(line) as Measured
  return { engine: `trl ${precision}`, trainingSeconds, testSeconds, accuracy }
}
