import { array, constantFrom, integer, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import type { Graph, Value } from '../graph.ts'
import { elementAt, randomTensor, sumOf, tensorOf, type DoubleTensor } from '../testing/numeric-gradient.ts'
import { operationMismatches, size } from '../testing/operation-mismatches.ts'
import { linearCrossEntropy, linearLogProbabilities } from './linear-cross-entropy.ts'

const vocabulary = 5

function logProbability(hidden: DoubleTensor, projection: DoubleTensor, row: number, target: number): number {
  const width = hidden.shape[1] ?? 0
  const logit = (token: number): number =>
    sumOf(width, (at) => elementAt(hidden, [row, at]) * elementAt(projection, [token, at]))
  return logit(target) - Math.log(sumOf(vocabulary, (token) => Math.exp(logit(token))))
}

const shapes = tuple(
  size(1, 5).chain((rows) =>
    tuple(
      array(integer({ min: 0, max: vocabulary - 1 }), { minLength: rows, maxLength: rows }),
      array(constantFrom(0, 0.25, 1), { minLength: rows, maxLength: rows }),
    ),
  ),
  size(),
)

const inputsOf = (targets: number[], weights: number[], width: number, seed: number) => ({
  hidden: { tensor: randomTensor(seed, [targets.length, width]), shape: ['rows', width] },
  projection: { tensor: randomTensor(`${seed} projection`, [vocabulary, width]), kind: 'frozen' as const },
  targets: {
    tensor: { shape: [targets.length], data: targets },
    kind: 'integers' as const,
    shape: ['rows'],
  },
  weightOfRow: {
    tensor: { shape: [targets.length], data: weights },
    kind: 'frozen' as const,
    shape: ['rows'],
  },
})

const build =
  (what: 'loss' | 'logProbabilities') =>
  (graph: Graph, { hidden, projection, targets, weightOfRow }: Readonly<Record<string, Value>>): Value =>
    linearCrossEntropy(graph, hidden!, projection!, targets!, weightOfRow!)[what]

test('is the weighted sum of −log p(target), rows of weight 0 included', async () => {
  const mismatches = await operationMismatches(
    shapes,
    ([[targets, weights], width], seed) => ({
      inputs: inputsOf(targets, weights, width, seed),
      build: build('loss'),
      reference: ({ hidden, projection }) =>
        tensorOf([], () =>
          sumOf(
            targets.length,
            (row) => -weights[row]! * logProbability(hidden!, projection!, row, targets[row]!),
          ),
        ),
    }),
    20,
  )
  expect(mismatches).toEqual([])
})

test('log-probabilities have a gradient of their own', async () => {
  const mismatches = await operationMismatches(
    shapes,
    ([[targets, weights], width], seed) => ({
      inputs: inputsOf(targets, weights, width, seed),
      build: (graph, { hidden, projection, targets: wanted }) =>
        linearLogProbabilities(graph, hidden!, projection!, wanted!),
      reference: ({ hidden, projection }) =>
        tensorOf([targets.length], ([row]) => logProbability(hidden!, projection!, row!, targets[row!]!)),
    }),
    20,
  )
  expect(mismatches).toEqual([])
})

test('large logits neither overflow nor lose the gradient', async () => {
  const mismatches = await operationMismatches(
    size(1, 3),
    (_, seed) => ({
      inputs: {
        ...inputsOf([4, 0], [1, 1], 1, seed),
        hidden: { tensor: { shape: [2, 1], data: [200, -200] } },
        projection: { tensor: { shape: [5, 1], data: [-1, -0.5, 0, 0.5, 1] }, kind: 'frozen' as const },
      },
      build: build('loss'),
      reference: ({ hidden, projection }) => {
        // The largest logit is taken out, because this reference must not overflow either.
        const row = (at: number, target: number): number => {
          const logits = projection!.data.map((value) => value * hidden!.data[at]!)
          const largest = Math.max(...logits)
          const total = logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0)
          return -(logits[target]! - largest - Math.log(total))
        }
        return tensorOf([], () => row(0, 4) + row(1, 0))
      },
    }),
    2,
  )
  expect(mismatches).toEqual([])
})
