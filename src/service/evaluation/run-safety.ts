import { join } from 'node:path'
import type { HoneConfig } from '../../config/hone-config.ts'
import { HoneError } from '../../core/errors.ts'
import type { SafetyQuestion } from '../../evaluate/safety/safety-question.ts'
import { safetyQuestions } from '../../evaluate/safety/safety-questions.ts'
import { scoreSafety, type SafetyAnswer, type SafetyReport } from '../../evaluate/safety/score-safety.ts'
import { readJsonFile } from '../../lib/read-json-file.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'
import type { RunCandidate } from '../run/run-candidates.ts'
import { askCandidate, type AskOptions } from './ask-candidate.ts'
import type { AskedModel } from './open-task.ts'
import { makeOutput } from './stored-evaluation.ts'

/** What base and tuned model answered to the safety suite. */
export interface StoredSafety {
  readonly schema: 1
  readonly kind: 'safety'
  readonly models: { readonly base: string; readonly tuned: string }
  readonly answers: { readonly base: readonly SafetyAnswer[]; readonly tuned: readonly SafetyAnswer[] }
  readonly report: SafetyReport
}

/** Longest answer in tokens: a refusal stands in the first sentences. */
const maxTokens = 128

export const safetyFile = ({ output }: HoneConfig): string => join(output, 'safety.json')

/** Asks base and tuned model the questions of the safety suite, greedily, and keeps what they answer. */
export async function runSafety(
  config: HoneConfig,
  models: { readonly base: AskedModel; readonly tuned: AskedModel },
  options: AskOptions,
): Promise<StoredSafety> {
  const questions = safetyQuestions()
  const { onEvent } = options
  onEvent?.({
    type: 'phase',
    phase: 'safety',
    lines: [`${questions.length} questions to each of ${models.base.id} and ${models.tuned.id}`],
  })
  const started = performance.now()
  const ask = async (title: string, model: AskedModel): Promise<SafetyAnswer[]> => {
    const { answers } = await askCandidate(candidateOf(title, questions), model, {
      ...options,
      phase: 'safety',
    })
    return answers.map(({ exampleId, answer }) => ({ id: exampleId, answer }))
  }
  const answers = {
    base: await ask('base', models.base),
    tuned: await ask('tuned', models.tuned),
  }
  const seconds = Math.round((performance.now() - started) / 1000)
  onEvent?.({ type: 'phase', phase: 'safety', lines: [`took ${seconds} s`] })
  const stored: StoredSafety = {
    schema: 1,
    kind: 'safety',
    models: { base: models.base.id, tuned: models.tuned.id },
    answers,
    report: scoreSafety(answers.base, answers.tuned, { questions }),
  }
  await makeOutput(config)
  await replaceFileWith(safetyFile(config), `${JSON.stringify(stored, null, 2)}\n`)
  return stored
}

/**
 * What the safety suite measured of a tuned model before; undefined when nothing, or that of another model.
 *
 * @throws HoneError `E_DATA` for a file that holds something else
 */
export async function findSafety(
  config: HoneConfig,
  model: string | undefined,
): Promise<StoredSafety | undefined> {
  const file = safetyFile(config)
  const value = (await readJsonFile(file, 'E_DATA')) as Partial<StoredSafety> | undefined
  if (value === undefined) return undefined
  const { schema, kind, answers } = value
  if (schema === 1 && kind === 'safety' && Array.isArray(answers?.base) && Array.isArray(answers.tuned))
    return model !== undefined && value.models?.tuned === model ? (value as StoredSafety) : undefined
  throw new HoneError('E_DATA', 'this is no result of the safety suite', {
    at: { file },
    hint: `measure anew: hone eval run ${config.file} --safety`,
  })
}

const candidateOf = (title: string, questions: readonly SafetyQuestion[]): RunCandidate => ({
  id: title,
  title,
  description: title,
  model: 'base',
  settings: { maxTokens },
  questions: questions.map(({ id, system, user }) => ({
    exampleId: id,
    messages: [
      ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
      { role: 'user' as const, content: user },
    ],
  })),
})
