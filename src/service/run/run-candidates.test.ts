import { expect, test } from 'vitest'
import type { CandidateConfig } from '../../config/candidate-schema.ts'
import { parseConfig } from '../../config/parse-config.ts'
import { resolveConfig, type HoneConfig } from '../../config/hone-config.ts'
import { exampleAt } from '../../data/testing/examples.ts'
import { runCandidates, type RunCandidate } from './run-candidates.ts'

const training = [
  exampleAt(1, 'the roof leaks', 'WATER', 'Route.'),
  exampleAt(2, 'a car was hit', 'MOTOR', 'Route.'),
  exampleAt(3, 'the pipe leaks', 'WATER', 'Route.'),
]
const rows = [exampleAt(7, 'a pipe bursts', 'WATER', 'Route.'), exampleAt(8, 'my car', 'MOTOR', 'Route.')]

const candidatesOf = (...candidates: CandidateConfig<string>[]): RunCandidate[] => keptCandidates(candidates)

function keptCandidates(
  candidates: readonly CandidateConfig<string>[],
  options?: Parameters<typeof runCandidates>[4],
): RunCandidate[] {
  const { config } = parseConfig(
    'schema: 1\nname: x\ndata: d.jsonl\ntask: { kind: text }\nbase: tiny\nprompt: { fewShot: 2 }\n',
    'hone.yaml',
  )
  const resolved: HoneConfig = resolveConfig(config, {
    file: 'hone.yaml',
    dataFolder: '.',
    workingFolder: '.',
    system: undefined,
    basePrompt: 'Say WATER or MOTOR.',
    candidatePrompts: new Map(),
  })
  const evaluation = { ...resolved.evaluation, candidates }
  return runCandidates({ ...resolved, evaluation }, training, rows, undefined, options)
}

const turns = (candidate: RunCandidate | undefined, row = 0): string[] =>
  (candidate?.questions[row]?.messages ?? []).map(({ role, content }) => `${role[0]}: ${content}`)

test('answers that are kept to something are asked for so, and described so', () => {
  const constraint = { type: 'choice', choices: ['a', 'b'] } as const
  const spec = { id: 'kept', model: 'base', constrain: { choices: ['a', 'b'] } } as const
  const [kept, free] = keptCandidates([spec, 'base'], {
    constraints: new Map([['kept', constraint]]),
  })
  expect(kept).toMatchObject({
    settings: { constraint },
    description: expect.stringContaining('kept to 2 choices') as string,
  })
  expect(free?.settings).not.toHaveProperty('constraint')
})

test('a tuned model that was named is not said to be trained on these records', () => {
  const [named] = keptCandidates(['tuned'], { tuned: 'older-1' })
  const [own] = candidatesOf('tuned')
  expect(named?.description).toContain('tiny, tuned as older-1, with')
  expect(own?.description).toContain('tiny, tuned on 3 records, with')
})

test('names alone: a fair prompt for the base, examples before the question, the own prompt for the tuned', () => {
  const [base, few, tuned, other] = candidatesOf('base', 'few-shot', 'tuned', 'model:older-1')
  expect(turns(base)).toEqual(['s: Say WATER or MOTOR.', 'u: a pipe bursts'])
  expect(turns(few)).toHaveLength(6)
  expect(turns(few)[0]).toBe('s: Say WATER or MOTOR.')
  expect(turns(few).slice(1, 5)).toEqual(turns(few, 1).slice(1, 5))
  expect(few?.title).toBe('base + 2 examples')
  expect(turns(tuned)).toEqual(['s: Route.', 'u: a pipe bursts'])
  expect(turns(other)).toEqual(turns(tuned))
  expect([base, few, tuned, other].map((each) => [each?.model, each?.settings])).toEqual([
    ['base', { maxTokens: 256 }],
    ['base', { maxTokens: 256 }],
    ['tuned', { maxTokens: 256 }],
    ['model:older-1', { maxTokens: 256 }],
  ])
})

test('a model with a prompt, examples like the row, and settings', () => {
  const [similar] = candidatesOf({
    id: 'similar',
    model: 'tuned',
    system: 'Short.',
    fewShot: { count: 1, choose: 'similar' },
    maxTokens: 8,
    temperature: 0.5,
    topP: 0.9,
    seed: 4,
    stop: ['\n'],
  })
  expect(turns(similar)).toEqual(['s: Short.', 'u: the pipe leaks', 'a: WATER', 'u: a pipe bursts'])
  expect(turns(similar, 1)).toEqual(['s: Short.', 'u: a car was hit', 'a: MOTOR', 'u: my car'])
  expect(similar).toMatchObject({
    title: 'similar',
    model: 'tuned',
    settings: { maxTokens: 8, temperature: 0.5, topP: 0.9, seed: 4, stop: ['\n'] },
    description:
      'tiny, tuned on 3 records, with a system prompt of its own and 1 training examples (those most like the row) as earlier turns, temperature 0.5, top-p 0.9',
  })
})

test('random examples differ from row to row, and are there again the next time', () => {
  const spec = { id: 'random', model: 'base', fewShot: { count: 9, choose: 'random' } } as const
  const [first] = candidatesOf(spec)
  expect(candidatesOf(spec)).toEqual([first])
  // All there are, then the question; without a prompt of its own the record's.
  expect(turns(first)).toHaveLength(1 + 2 * training.length + 1)
  expect(turns(first)[0]).toBe('s: Route.')
})
