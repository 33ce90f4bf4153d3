// Runs every benchmark, one after the other; each prints its table and writes bench/results.
//   npm run bench -- --python PYTHON --llama FOLDER --data DIR --litellm PYTHON [--promptfoo FOLDER] [--home DIR]
// A benchmark whose peer is not named runs without it where that makes sense, and is left out where not; this is said.
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { tasks } from './tasks/tasks.ts'

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    llama: { type: 'string' },
    data: { type: 'string' },
    litellm: { type: 'string' },
    promptfoo: { type: 'string' },
    home: { type: 'string' },
  },
})
const home = values.home === undefined ? [] : ['--home', values.home]
const python = values.python === undefined ? undefined : ['--python', values.python]
const llama = values.llama === undefined ? [] : ['--peer', values.llama]
const data = values.data === undefined ? undefined : ['--data', values.data]

const benches: readonly (readonly [script: string, options: readonly string[] | undefined, needs: string])[] =
  [
    ['first-run.ts', [], ''],
    ['gradients.ts', python, '--python'],
    ['training-speed.ts', python ?? [], ''],
    ['generation-speed.ts', llama, ''],
    ['serving-load.ts', llama, ''],
    ['constrained.ts', [], ''],
    ['step-memory.ts', [], ''],
    ['adapters-on-one-base.ts', [], ''],
    ['startup.ts', [], ''],
    ['top-layers.ts', [], ''],
    ['cost-growth.ts', [], ''],
    ['server.ts', values.litellm === undefined ? [] : ['--python', values.litellm], ''],
    ['page.ts', [], ''],
    ['redact.ts', [], ''],
    ['evaluate-statistics.ts', [], ''],
    ['evaluate.ts', values.promptfoo === undefined ? [] : ['--promptfoo', values.promptfoo], ''],
    ['data.ts', python ?? [], ''],
    ['data.ts', ['--length', 'short', ...(python ?? [])], ''],
    ['example-pages.ts', [], ''],
    ['data-tasks.ts', data, '--data'],
    ['task-speed.ts', data && python && ['banking77', ...data, ...python], '--data and --python'],
    ...tasks.map(
      ({ name }) => ['tasks/run-task.ts', data && [name, ...data, ...(python ?? [])], '--data'] as const,
    ),
  ]
let failed = 0
for (const [script, options, needs] of benches) {
  if (options === undefined) {
    console.error(`left out: ${script} needs ${needs}`)
    continue
  }
  console.error(`\n${script} ${options.join(' ')}`)
  const tsx = ['--import', 'tsx', `bench/${script}`, ...options, ...home]
  if (spawnSync(process.execPath, tsx, { stdio: 'inherit' }).status !== 0) failed += 1
}
if (failed > 0) {
  console.error(`${failed} failed`)
  process.exitCode = 1
}
