import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../../config/read-config.ts'
import { temporaryFolder } from '../../engine/weights/testing/temporary-folder.ts'
import type { EvaluationTask } from '../../evaluate/evaluation-task.ts'
import { candidateConstraints } from './candidate-constraints.ts'

async function constraintsOf(constrain: string, task: EvaluationTask): Promise<unknown> {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'schema.json'), '{"type":"object"}')
  writeFileSync(join(folder, 'broken.json'), '{"type":')
  writeFileSync(join(folder, 'hard.json'), '{"not":{}}')
  const candidate = `{ id: a, model: base, constrain: ${constrain} }`
  writeFileSync(
    join(folder, 'hone.yaml'),
    `schema: 1\nname: x\ndata: d.jsonl\ntask: { kind: text }\nbase: tiny\nevaluation: { candidates: [base, ${candidate}] }\n`,
  )
  return Object.fromEntries(await candidateConstraints(await readConfig(folder), task))
}

const labels: EvaluationTask = { kind: 'labels', labels: ['x', 'y'] }

test.each<[constrain: string, task: EvaluationTask, constraint: unknown]>([
  ['task', labels, { type: 'choice', choices: ['x', 'y'] }],
  ['task', { kind: 'json', schema: { type: 'array' } }, { type: 'json-schema', schema: { type: 'array' } }],
  ['task', { kind: 'json' }, { type: 'json-schema', schema: true }],
  ['{ schema: schema.json }', labels, { type: 'json-schema', schema: { type: 'object' } }],
  ['{ regex: "a+" }', labels, { type: 'regex', pattern: 'a+' }],
  ['{ choices: [a, b] }', labels, { type: 'choice', choices: ['a', 'b'] }],
])('constrain: %s', async (constrain, task, constraint) => {
  expect(await constraintsOf(constrain, task)).toEqual({ a: constraint })
})

test.each<[constrain: string, task: EvaluationTask, code: string, message: string]>([
  ['task', { kind: 'text' }, 'E_CONFIG', 'answers are text'],
  ['task', { ...labels, field: 'Class' }, 'E_CONFIG', 'labels in a line Class'],
  ['{ schema: none.json }', labels, 'E_CONFIG', 'there is no such file'],
  ['{ schema: broken.json }', labels, 'E_CONFIG', 'not JSON'],
  ['{ schema: hard.json }', labels, 'E_CONSTRAINT', 'the keyword not cannot be kept'],
  ['{ regex: "(" }', labels, 'E_CONSTRAINT', 'no regular expression'],
  ['all', labels, 'E_CONFIG', 'must be task'],
])('constrain: %s is refused', async (constrain, task, code, message) => {
  await expect(constraintsOf(constrain, task)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message) as string,
  })
})

test('a hosted model cannot be constrained, and is not asked as if it were', async () => {
  const folder = temporaryFolder()
  const candidate =
    '{ id: a, model: "openai-compatible:x", url: "https://example.com/v1", constrain: { choices: [a] } }'
  writeFileSync(
    join(folder, 'hone.yaml'),
    `schema: 1\nname: x\ndata: d.jsonl\ntask: { kind: text }\nbase: tiny\nevaluation: { candidates: [base, ${candidate}] }\n`,
  )
  await expect(readConfig(folder)).rejects.toMatchObject({
    code: 'E_CONFIG',
    message: expect.stringContaining('is for models of this machine') as string,
  })
})
