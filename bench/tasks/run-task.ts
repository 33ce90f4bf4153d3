// Runs a public task as `hone run` does: the untuned base, the base with examples, the base tuned on the task, on the same rows.
//   npx tsx bench/tasks/run-task.ts clinc150 --data DIR [--home DIR] [--python PYTHON] [--work DIR]
//     [--rows N] [--test-rows N] [--epochs N] [--seed N] [--result NAME] [--threads N]
// With a PYTHON that has scikit-learn, a linear model is trained on the very same rows. What was done in the same --work folder and
// home is used again, so that a run that was stopped goes on.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createServices } from '../../src/compose.ts'
import { readConfig } from '../../src/config/read-config.ts'
import { HoneError } from '../../src/core/errors.ts'
import type { CandidateResult, Evaluation } from '../../src/evaluate/evaluation.ts'
import type { RunEvent } from '../../src/service/run/run-event.ts'
import { describeMachine } from '../lib/machine.ts'
import { writeResult } from '../lib/write-result.ts'
import type { PublicTask } from './public-task.ts'
import { writeTaskFolder } from './task-folder.ts'
import { tasks } from './tasks.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string', default: '' },
    home: { type: 'string' },
    python: { type: 'string' },
    work: { type: 'string' },
    rows: { type: 'string' },
    'test-rows': { type: 'string' },
    epochs: { type: 'string' },
    seed: { type: 'string', default: '7' },
    result: { type: 'string' },
    threads: { type: 'string' },
  },
})

/** When progress was last shown. */
let told = 0

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
  const machine = describeMachine()
  const folder = values.work ?? mkdtempSync(join(tmpdir(), `hone-${task.name}-`))
  const sizes = writeTaskFolder(task, folder, {
    data: values.data,
    seed: Number(values.seed),
    ...(values.rows === undefined ? {} : { trainingRows: Number(values.rows) }),
    ...(values['test-rows'] === undefined ? {} : { testRows: Number(values['test-rows']) }),
    ...(values.epochs === undefined ? {} : { training: { epochs: Number(values.epochs) } }),
  })
  const linear = values.python === undefined ? null : linearBaseline(values.python, task, folder)
  const services = createServices({
    ...(values.home === undefined ? {} : { home: values.home }),
    ...(values.threads === undefined ? {} : { threads: Number(values.threads) }),
  })
  const started = performance.now()
  const { evaluation, model, reused, lines } = await services.run.run(await readConfig(folder), {
    onEvent: tell,
  })
  console.log(lines.join('\n'))
  const manifest = JSON.parse(readFileSync(join(model.folder, 'manifest.json'), 'utf8'))
  const file = writeResult(values.result ?? `task-${task.name}`, {
    // That of the start: at the end the load is this program's own.
    machine,
    task: task.name,
    ...sizes,
    epochs: manifest.settings.epochs,
    kind: evaluation.task.kind,
    candidates: candidatesOf(task, evaluation),
    sentence: sentenceOf(evaluation),
    linear: { sameRows: linear, allRows: task.linear ?? null },
    published: task.published ?? null,
    // Of what was done now; what an earlier run did is named.
    seconds: Math.round((performance.now() - started) / 1000),
    reused,
    settings: manifest.settings,
  })
  console.log(`written   ${file}`)
}

function candidatesOf(task: PublicTask, evaluation: Evaluation): object[] {
  return evaluation.candidates.map((candidate) => {
    const { id, title, scores, unreadable, cut, tokensPerQuery } = candidate
    return {
      id,
      title,
      scores: [...scores, ...(task.more?.(candidate) ?? [])],
      unreadable: unreadable.count,
      cut,
      tokensPerQuery,
    }
  })
}

// A function, since what is below is called before a constant of it would be there.
function headlineOf({ scores }: CandidateResult): number {
  return scores[0]?.value ?? 0
}

/** The verdict of the tuned model against the best of those that are not tuned. */
function sentenceOf({ candidates, comparisons, challenger }: Evaluation): string {
  const tuned = candidates.find(({ id }) => id === challenger)?.model
  const untuned = candidates.filter(({ model }) => model !== tuned)
  const best = untuned.toSorted((left, right) => headlineOf(right) - headlineOf(left))[0]
  return comparisons.find(({ baseline }) => baseline === best?.id)?.sentence ?? ''
}

/** What a linear model over words and characters makes of the same rows, by metric; null where the task has no labels. */
function linearBaseline(python: string, task: PublicTask, folder: string): object | null {
  if (task.linear === undefined) return null
  const [training, test] = ['training', 'test'].map((name) => join(folder, `${name}.jsonl`))
  const args = ['bench/peers/linear_baseline.py', training!, '--test', test!]
  if (task.outOfScope !== undefined) args.push('--out-of-scope', task.outOfScope)
  const found = JSON.parse(execFileSync(python, args, { encoding: 'utf8' }))
  return {
    accuracy: found.accuracy,
    'macro-f1': found.macro_f1,
    ...(task.outOfScope === undefined
      ? {}
      : {
          'in-scope-accuracy': found.in_scope_accuracy,
          'out-of-scope-recall': found.out_of_scope_recall,
        }),
  }
}

function tell(event: RunEvent): void {
  if (event.type === 'phase') console.error(`${event.phase}: ${event.lines.join(' · ')}`)
  if (event.type === 'validation') console.error(`step ${event.step} validation ${event.loss.toFixed(4)}`)
  const isDue = performance.now() - told > 20_000
  if (event.type === 'progress' && isDue) {
    told = performance.now()
    console.error(`${event.phase} ${event.candidate ?? ''} ${event.done}/${event.total}`)
  }
  if (event.type === 'step' && isDue) {
    told = performance.now()
    const { step, steps, loss, examplesPerSecond, secondsLeft } = event
    const rate = `${examplesPerSecond.toFixed(1)} examples/s · ${Math.round(secondsLeft / 60)} min left`
    console.error(`step ${step}/${steps} · loss ${loss.toFixed(3)} · ${rate}`)
  }
}
