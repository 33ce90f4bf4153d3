import type { CandidateConstraint } from '../../config/candidate-schema.ts'
import type { HoneConfig } from '../../config/hone-config.ts'
import type { Constraint } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import type { EvaluationTask } from '../../evaluate/evaluation-task.ts'
import { readJsonFile } from '../../lib/read-json-file.ts'
import { constraintLanguage } from '../../text/grammar/compile-constraint.ts'
import { Expressions } from '../../text/grammar/expressions.ts'

/**
 * What the answers of candidates are kept to, by their ids.
 *
 * @throws HoneError `E_CONFIG` where a schema cannot be read or answers to the task cannot be constrained, `E_CONSTRAINT` for
 * what cannot be kept
 */
export async function candidateConstraints(
  { file, evaluation }: HoneConfig,
  task: EvaluationTask,
): Promise<ReadonlyMap<string, Constraint>> {
  const constraints = new Map<string, Constraint>()
  for (const candidate of evaluation.candidates) {
    if (typeof candidate === 'string' || candidate.constrain === undefined) continue
    const { id, constrain } = candidate
    const constraint = constrain === 'task' ? ofTask(task, id, file) : await written(constrain)
    // Before a model is asked or trained: what cannot be kept would be found out late.
    constraintLanguage(new Expressions(), constraint)
    constraints.set(id, constraint)
  }
  return constraints
}

function ofTask(task: EvaluationTask, id: string, file: string): Constraint {
  if (task.kind === 'labels' && task.field === undefined) return { type: 'choice', choices: task.labels }
  if (task.kind === 'json') return { type: 'json-schema', schema: task.schema ?? true }
  const what = task.kind === 'labels' ? `labels in a line ${task.field}` : task.kind
  throw new HoneError(
    'E_CONFIG',
    `the candidate ${id} cannot be constrained to the task: answers are ${what}`,
    {
      at: { file },
      hint: 'constrain: task is for labels that are the whole answer, and for JSON; else write { regex: … }',
    },
  )
}

async function written(constrain: Exclude<CandidateConstraint, 'task'>): Promise<Constraint> {
  if ('regex' in constrain) return { type: 'regex', pattern: constrain.regex }
  if ('choices' in constrain) return { type: 'choice', choices: constrain.choices }
  const schema = await readJsonFile(constrain.schema, 'E_CONFIG')
  if (schema !== undefined) return { type: 'json-schema', schema }
  throw new HoneError('E_CONFIG', 'there is no such file', { at: { file: constrain.schema } })
}
