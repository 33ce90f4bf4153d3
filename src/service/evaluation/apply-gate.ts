import { parseGateRule } from '../../config/parse-gate-rule.ts'
import type { HoneConfig } from '../../config/hone-config.ts'
import { HoneError } from '../../core/errors.ts'
import { evaluationTable } from '../../evaluate/comparison/evaluation-table.ts'
import type { Evaluation } from '../../evaluate/evaluation.ts'
import { evaluateGate, type GateSet } from '../../evaluate/gate/evaluate-gate.ts'
import { gateJunit } from '../../evaluate/gate/gate-junit.ts'
import { gateMarkdown } from '../../evaluate/gate/gate-markdown.ts'
import type { GateVerdict } from '../../evaluate/gate/gate-verdict.ts'
import { isSafetyRule, safetyRule, spelledOut } from '../../evaluate/safety/safety-rules.ts'
import { safetyQuestions } from '../../evaluate/safety/safety-questions.ts'
import { safetyTable } from '../../evaluate/safety/safety-table.ts'
import { defaultConfidence } from '../../evaluate/statistics/interval.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'
import { sha256OfFile } from '../../lib/sha256-of-file.ts'
import { writeGateVerdict, type StoredGateVerdict } from '../../store/gate-verdicts.ts'
import { findModelFolder } from '../models/find-model.ts'
import { namedModel } from '../models/named-model.ts'
import type { RunServiceOptions } from '../run/run-event.ts'
import { readTask } from '../run/read-task.ts'
import { findSafety, runSafety, safetyFile } from './run-safety.ts'
import { openBase } from './open-task.ts'
import type { EvalSettings } from './run-evaluation.ts'
import { evaluationFile, findEvaluation, readEvaluation } from './stored-evaluation.ts'

export interface GateRequest {
  readonly config: HoneConfig
  /** The candidate that is to be promoted. Default: the tuned one. */
  readonly candidate?: string | undefined
  /** What it is measured against where a rule names nothing. Default: base, else the strongest other candidate. */
  readonly baseline?: string | undefined
  /** Hold the rules about the safety suite too, and ask it where that was not done. */
  readonly safety?: boolean | undefined
  /** File for the verdict as JUnit XML. */
  readonly junit?: string | undefined
  /** File for the verdict as Markdown. */
  readonly markdown?: string | undefined
}

export interface GateOutcome extends GateVerdict {
  readonly evidence: StoredGateVerdict['evidence']
  /** Where the verdict is kept; null where the candidate is no model of the home. */
  readonly file: string | null
}

/**
 * Holds the promotion rules of a configuration against what was measured, and keeps the verdict with the model.
 *
 * @throws HoneError `E_CONFIG` without rules, for the safety suite of a candidate that is no tuned model of the home, and for a rule that names what was not measured; `E_DATA` when nothing was measured
 */
export async function applyGate(
  settings: EvalSettings,
  request: GateRequest,
  options: RunServiceOptions,
): Promise<GateOutcome> {
  const { home } = settings
  const { config } = request
  if (config.gate === undefined && request.safety !== true) {
    throw new HoneError('E_CONFIG', 'the configuration has no rules', {
      at: { file: config.file, pointer: '/gate' },
      hint: 'write what a candidate must reach: gate: [ "accuracy of tuned beats base at 95 %" ]',
    })
  }
  const evaluation = await readEvaluation(config, 'test')
  const validation = await findEvaluation(config, 'validation')
  const { metrics } = await readTask(config.task, options.signal)
  const tableSet = (each: Evaluation): GateSet => ({
    name: each.split,
    table: evaluationTable(each, { moreMetrics: metrics, withAll: true }),
    unproven: unprovenJudge(each),
  })
  const candidate = request.candidate ?? evaluation.challenger
  const baseline = request.baseline ?? baselineOf(evaluation, candidate)
  const written = (config.gate ?? []).map(parseGateRule)
  const asked = request.safety === true && !written.some(isSafetyRule) ? [...written, safetyRule] : written
  const rules = asked.flatMap(spelledOut)
  const model = evaluation.candidates.find(({ id }) => id === candidate)?.model
  if (request.safety === true) await askSafety(settings, config, { candidate, model }, options)
  const safety = await safetySet(config, { candidate, model })
  if (safety === undefined && rules.some(({ set }) => set?.toLowerCase() === 'safety')) {
    throw new HoneError('E_CONFIG', `the safety suite was not asked of ${candidate} yet`, {
      at: { file: config.file, pointer: '/gate' },
      hint: `hone gate ${config.file} --safety`,
    })
  }
  const sets = [evaluation, ...(validation === undefined ? [] : [validation])].map(tableSet)
  const verdict = evaluateGate({
    rules,
    sets: [...sets, ...(safety === undefined ? [] : [safety.set])],
    candidate,
    baseline,
    settings: { seed: config.split.seed },
  })
  const evidence = await Promise.all([
    ...[evaluation, validation].flatMap((each) =>
      each === undefined ? [] : evidenceOf(each.split, evaluationFile(config, each.split), each.rows),
    ),
    ...(safety === undefined ? [] : [evidenceOf('safety', safetyFile(config), safety.rows)]),
  ])
  const used = new Set(verdict.rules.map(({ set }) => set))
  const counted = evidence.filter(({ set }) => used.has(set))
  if (request.junit !== undefined) await replaceFileWith(request.junit, gateJunit(verdict))
  if (request.markdown !== undefined) await replaceFileWith(request.markdown, gateMarkdown(verdict))
  const folder = model === undefined ? undefined : await findModelFolder(home, model).catch(() => undefined)
  const file =
    model === undefined || folder === undefined
      ? null
      : await writeGateVerdict(folder, {
          schema: 1,
          kind: 'gate-verdict',
          at: new Date().toISOString(),
          model,
          evidence: counted,
          verdict: { ...verdict, rules: verdict.rules.map((rule) => ({ ...rule })) },
        })
  return { ...verdict, evidence: counted, file }
}

/** Asks the suite of the model and its base, where what is kept are not the answers of both as they are now. */
async function askSafety(
  settings: EvalSettings,
  config: HoneConfig,
  { candidate, model }: { readonly candidate: string; readonly model: string | undefined },
  options: RunServiceOptions,
): Promise<void> {
  if (options.force !== true && (await findSafety(config, model)) !== undefined) return
  const tuned =
    model === undefined ? undefined : await namedModel(settings.home, model).catch(() => undefined)
  const { baseModel } = await openBase(settings, config.base, options)
  if (model === undefined || tuned === undefined || tuned.key === baseModel.key) {
    throw new HoneError(
      'E_CONFIG',
      `the safety suite compares a tuned model with its base; ${candidate} is no tuned model of the home`,
      {
        hint: 'name the tuned one as --candidate',
      },
    )
  }
  await runSafety(
    config,
    { base: baseModel, tuned: { id: model, ...tuned } },
    { ...options, openModel: settings.openModel, folder: config.output },
  )
}

/** The figures of a judge that does not agree with people, or of whom nobody knows it. */
function unprovenJudge({ judge }: Evaluation): NonNullable<GateSet['unproven']> {
  if (judge === undefined || judge.trusted) return {}
  const figures = [
    { id: 'judge', of: judge.scores },
    { id: 'judge-preference', of: judge.preferences },
  ]
  return Object.fromEntries(
    figures.flatMap(({ id, of }) =>
      of === null || of.standing === 'verified'
        ? []
        : [
            [
              id,
              `no rule may rest on a judge that is ${of.standing === 'disagrees' ? 'not in agreement' : 'unverified'}: ${of.why}`,
            ],
          ],
    ),
  )
}

function baselineOf({ candidates, strongestBaseline, challenger }: Evaluation, candidate: string): string {
  const others = candidates.map(({ id }) => id).filter((id) => id !== candidate)
  if (others.includes('base')) return 'base'
  if (candidate === challenger && strongestBaseline !== null) return strongestBaseline
  // A rule that compares says what is missing.
  return others[0] ?? 'base'
}

/** The safety answers under the names of the candidates, where they are those of this model. */
async function safetySet(
  config: HoneConfig,
  { candidate, model }: { readonly candidate: string; readonly model: string | undefined },
): Promise<{ readonly set: GateSet; readonly rows: number } | undefined> {
  const safety = await findSafety(config, model)
  if (safety === undefined) return undefined
  const asked = new Set(safety.answers.base.map(({ id }) => id))
  const questions = safetyQuestions().filter(({ id }) => asked.has(id))
  const { table, untested } = safetyTable(questions, safety.answers, defaultConfidence)
  const candidates = table.candidates.map((each) => (each.id === 'tuned' ? { ...each, id: candidate } : each))
  return { set: { name: 'safety', table: { ...table, candidates }, untested }, rows: questions.length }
}

const evidenceOf = async (
  set: string,
  file: string,
  rows: number,
): Promise<StoredGateVerdict['evidence'][number]> => ({ set, file, sha256: await sha256OfFile(file), rows })
