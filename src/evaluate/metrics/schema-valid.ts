import { HoneError } from '../../core/errors.ts'
import { compileSchema, type SchemaCheck } from '../../lib/json-schema.ts'
import type { EvaluationTask } from '../evaluation-task.ts'
import type { ProportionMetric } from './metric.ts'

/** Share of answers that are JSON and obey the task's schema. */
export const schemaValid: ProportionMetric = {
  id: 'schema-valid',
  title: 'schema valid',
  format: 'percent',
  definition: 'the share of answers that are JSON and obey the schema of the task',
  kind: 'proportion',
  isRight: ({ answer }, task) => answer.readable && checkOf(task)(answer.value).length === 0,
}

const compiled = new WeakMap<object, SchemaCheck>()

/** @throws HoneError `E_CONFIG` where the task has no schema, or one that is none */
function checkOf(task: EvaluationTask): SchemaCheck {
  const schema = task.kind === 'json' ? task.schema : undefined
  if (schema === undefined) {
    throw new HoneError('E_CONFIG', '"schema-valid" needs the JSON Schema of the answers', {
      hint: 'name its file as task.schema',
    })
  }
  if (typeof schema !== 'object' || schema === null) return compile(schema)
  const known = compiled.get(schema) ?? compile(schema)
  compiled.set(schema, known)
  return known
}

function compile(schema: unknown): SchemaCheck {
  try {
    return compileSchema(schema)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new HoneError('E_CONFIG', `task.schema is no JSON Schema: ${reason.slice(0, 200)}`, { cause })
  }
}
