import { idOfCandidate } from '../../config/candidate-schema.ts'
import type { HoneConfig } from '../../config/hone-config.ts'
import { HoneError } from '../../core/errors.ts'
import { createEvaluation } from '../../evaluate/create-evaluation.ts'
import type { CandidateAnswer, EvaluatedExample, Evaluation } from '../../evaluate/evaluation.ts'
import type { EvaluationTask } from '../../evaluate/evaluation-task.ts'
import { judgePreference, judgeScore } from '../../evaluate/metrics/judged.ts'
import { metricsOf } from '../../evaluate/metrics/task-metrics.ts'
import type { CandidateAnswers } from '../../evaluate/read-candidate.ts'
import { reportLines } from '../../evaluate/report/report-lines.ts'
import { isModelId } from '../../lib/home-layout.ts'
import { withDataFiles } from '../train/find-data-files.ts'
import { priceOf } from '../run/price-of.ts'
import { readTask } from '../run/read-task.ts'
import { readRunData } from '../run/run-data.ts'
import type { RunServiceOptions } from '../run/run-event.ts'
import { evaluatedRow } from './evaluated-row.ts'
import { looksAt, rowsOf, type MeasuredSplit } from './evaluate-answers.ts'
import { readForeignAnswers, type ForeignAnswer } from './foreign-answers.ts'
import { needsScores, writeImported } from './imported-answers.ts'
import { findEvaluation, writeEvaluation } from './stored-evaluation.ts'

export interface ImportAnswersRequest {
  readonly config: HoneConfig
  /** JSONL, or the JSON of promptfoo. */
  readonly file: string
  /** Name of the candidate where the file names none. */
  readonly candidate?: string | undefined
  readonly split?: MeasuredSplit | undefined
}

export interface ImportedAnswers {
  readonly schema: 1
  readonly evaluation: Evaluation
  readonly file: string
  readonly candidates: readonly string[]
  readonly imported: number
  /** Answers to rows that are not in the split. */
  readonly strangers: number
  readonly lines: readonly string[]
}

/**
 * Takes answers that were made elsewhere as candidates, and compares them with those that were measured before.
 *
 * @throws HoneError `E_DATA` for a file that holds no answers, a row that is answered twice or not at all; `E_CONFIG` for a
 * candidate without a name, or with that of one of the configuration
 */
export async function importAnswers(
  home: string,
  { config: given, file, candidate, split = 'test' }: ImportAnswersRequest,
  { signal, onEvent }: RunServiceOptions,
): Promise<ImportedAnswers> {
  const config = await withDataFiles(home, given)
  const foreign = await readForeignAnswers(file, signal)
  const data = await readRunData(config, signal)
  onEvent?.({ type: 'phase', phase: 'check', lines: [data.checkLine, ...data.warnings] })
  const examples = rowsOf({ config, data }, split).map(evaluatedRow)
  const { answers, strangers } = matchAnswers(foreign, examples, { file, candidate })
  const { metrics } = await readTask(config.task, signal)
  const task = withoutJudge(data.task)
  const metric = needsScores(metricsOf(task, metrics))
  if (metric !== undefined) {
    throw new HoneError(
      'E_CONFIG',
      `the metric "${metric.id}" needs label probabilities, which answers from elsewhere lack`,
      {
        at: { file: config.file, pointer: '/task/metrics' },
        hint: 'leave the metric out, or import into a configuration of its own',
      },
    )
  }
  const before = await findEvaluation(config, split)
  const isSame =
    before !== undefined &&
    before.examples.length === examples.length &&
    before.examples.every(({ id, input, expected }, at) => {
      const now = examples[at]
      return now?.id === id && now.input === input && now.expected === expected
    })
  const known = isSame ? before.candidates : []
  const configured = new Set(config.evaluation.candidates.map(idOfCandidate))
  const taken = answers.find(({ id }) => configured.has(id))
  if (taken !== undefined) {
    throw new HoneError('E_CONFIG', `"${taken.id}" is a candidate of the configuration`, {
      hint: 'give the imported one another name: --candidate NAME',
    })
  }
  const ids = new Set(answers.map(({ id }) => id))
  const kept = known.filter(({ id }) => !ids.has(id))
  const looks =
    split === 'test'
      ? await looksAt(home, data.split, true, { command: 'eval import', purpose: `evaluate ${config.name}` })
      : undefined
  const evaluation = createEvaluation({
    task,
    split,
    examples,
    candidates: [
      ...kept.map(({ id, title, description, model, rows, cost, labelRule }) => ({
        id,
        title,
        description,
        ...(model === undefined ? {} : { model }),
        answers: rows.map(({ read: _read, unreadable: _unreadable, correct: _correct, ...answer }) => answer),
        ...(cost === null ? {} : { price: cost.price }),
        ...(labelRule === undefined ? {} : { labelRule }),
      })),
      ...answers.map((each) => {
        const price = config.evaluation.prices?.[each.id]
        return { ...each, ...(price === undefined ? {} : { price: priceOf(price) }) }
      }),
    ],
    ...(isSame && kept.some(({ id }) => id === before.challenger) ? { challenger: before.challenger } : {}),
    moreMetrics: metrics,
    settings: { seed: config.split.seed },
    ...(looks === undefined ? {} : { looks }),
  })
  // What cannot be evaluated would stand in the way of every later run.
  for (const each of answers) await writeImported(config, split, each, examples)
  const written = await writeEvaluation(config, evaluation)
  const imported = answers.reduce((sum, each) => sum + each.answers.length, 0)
  const notes = [
    ...(strangers === 0
      ? []
      : [`${strangers} answers are for no row of the ${split} split, and are left out`]),
    ...(before !== undefined && !isSame
      ? ['what was measured before was on other rows, and is left out']
      : []),
  ]
  return {
    schema: 1,
    evaluation,
    file: written,
    candidates: answers.map(({ id }) => id),
    imported,
    strangers,
    lines: [
      ...reportLines(evaluation),
      '',
      `imported  ${imported} answers of ${answers.map(({ id }) => id).join(', ')}`,
      ...notes.map((note) => `note      ${note}`),
      `kept in   ${written}`,
      `next      hone eval report ${config.file}`,
    ],
  }
}

/** Nobody judges what is only imported. */
function withoutJudge(task: EvaluationTask): EvaluationTask {
  const { metrics } = task
  return metrics === undefined
    ? task
    : { ...task, metrics: metrics.filter((id) => id !== judgeScore.id && id !== judgePreference.id) }
}

type Row = Omit<EvaluatedExample, 'read'>

interface Found {
  readonly own: Map<string, CandidateAnswer>
  /** Answers that name no row, by the input that they name. */
  readonly inputs: Map<string, readonly ForeignAnswer[]>
}

/** An answer that names an input is one to the next row with that input, or to all of them where it is the only one. */
function matchAnswers(
  foreign: readonly ForeignAnswer[],
  examples: readonly Row[],
  { file, candidate }: { readonly file: string; readonly candidate: string | undefined },
): { answers: CandidateAnswers[]; strangers: number } {
  const ids = new Set(examples.map(({ id }) => id))
  const byInput = new Map<string, string[]>()
  for (const { id, input } of examples) byInput.set(input.trim(), [...(byInput.get(input.trim()) ?? []), id])
  const found = new Map<string, Found>()
  let strangers = 0
  for (const each of foreign) {
    const at = { file, line: each.line }
    const name = candidate ?? each.candidate
    if (name === undefined || !isModelId(name)) {
      throw new HoneError('E_CONFIG', `"${name ?? ''}" cannot be the name of a candidate`, {
        at,
        hint: 'name it with small letters, digits, dots, hyphens and underscores: --candidate NAME',
      })
    }
    const { own, inputs } = found.get(name) ?? { own: new Map(), inputs: new Map() }
    found.set(name, { own, inputs })
    const input = each.inputs.map((text) => text.trim()).find((text) => byInput.has(text))
    const isNamed = each.id !== undefined && ids.has(each.id)
    const rows = isNamed ? [each.id] : input === undefined ? [] : byInput.get(input)!
    if (rows.length === 0) {
      strangers++
      continue
    }
    // Several rows may ask the same: so many answers to it are theirs, one after the other.
    const row = rows.find((id) => !own.has(id))
    if (row === undefined) {
      throw new HoneError('E_DATA', `${name} answers the row ${rows[0]!} twice`, {
        at,
        hint: 'leave one of the two out',
      })
    }
    own.set(row, answerOf(each, row))
    if (!isNamed) inputs.set(input!, [...(inputs.get(input!) ?? []), each])
  }
  for (const { own, inputs } of found.values()) {
    for (const [input, [only, ...more]] of inputs) {
      if (more.length > 0) continue
      for (const row of byInput.get(input)!) if (!own.has(row)) own.set(row, answerOf(only!, row))
    }
  }
  const answers = [...found].map(([id, { own }]) => {
    const missing = examples.filter((row) => !own.has(row.id))
    if (missing.length > 0) {
      throw new HoneError(
        'E_DATA',
        `${id} answers ${examples.length - missing.length} of ${examples.length} rows; the first without an answer is ${missing[0]!.id}`,
        { at: { file }, hint: 'name rows by their id or their whole input, and give each one an answer' },
      )
    }
    return {
      id,
      description: describe(file, own),
      answers: examples.map((row) => own.get(row.id)!),
    }
  })
  return { answers, strangers }
}

const describe = (file: string, own: ReadonlyMap<string, CandidateAnswer>): string => {
  const hasTokens = [...own.values()].some(({ promptTokens }) => promptTokens > 0)
  return `answers that were made elsewhere, from ${file}${hasTokens ? '' : '; their tokens are not known'}`
}

const answerOf = (
  { answer, promptTokens = 0, completionTokens = 0, latencyMs, failed }: ForeignAnswer,
  exampleId: string,
): CandidateAnswer => ({
  exampleId,
  answer,
  promptTokens,
  completionTokens,
  ...(latencyMs === undefined ? {} : { latencyMs }),
  ...(failed === undefined ? {} : { failed: { code: 'E_DATA', message: failed } }),
})
