import { constantFrom, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { elementAt, randomTensor, sumOf, tensorOf } from '../testing/numeric-gradient.ts'
import { operationMismatches, size } from '../testing/operation-mismatches.ts'
import { preferenceLoss } from './preference-loss.ts'

const logSigmoid = (value: number): number => -Math.log1p(Math.exp(-value))

test('is −(1 − ε) log σ(m) − ε log σ(−m) of each margin, weighted, also where rows belong to no pair', async () => {
  const shapes = tuple(size(1, 4), size(1, 6), constantFrom(0.1, 2), constantFrom(0, 0.1, 0.4))
  const mismatches = await operationMismatches(shapes, ([pairs, rows, beta, labelSmoothing], seed) => {
    const draws = randomTensor(`${seed} signs`, [pairs, rows])
    const signs = tensorOf([pairs, rows], (place) => Math.round(elementAt(draws, place) / 1.5))
    return {
      inputs: {
        logProbabilities: { tensor: randomTensor(seed, [rows]), shape: ['rows'] },
        signs: { tensor: signs, kind: 'frozen', shape: ['pairs', 'rows'] },
        references: { tensor: randomTensor(`${seed} references`, [pairs]), kind: 'frozen', shape: ['pairs'] },
        pairWeights: { tensor: randomTensor(`${seed} weights`, [pairs]), kind: 'frozen', shape: ['pairs'] },
      },
      build: (graph, { logProbabilities, signs: ofRows, references, pairWeights }) =>
        preferenceLoss(
          graph,
          {
            logProbabilities: logProbabilities!,
            signs: ofRows!,
            references: references!,
            weights: pairWeights!,
          },
          { beta, labelSmoothing },
        ).loss,
      reference: ({ logProbabilities, references, pairWeights }) =>
        tensorOf([], () =>
          sumOf(pairs, (pair) => {
            const ratio = sumOf(
              rows,
              (row) => elementAt(signs, [pair, row]) * elementAt(logProbabilities!, [row]),
            )
            const margin = beta * (ratio - elementAt(references!, [pair]))
            const loss = -(1 - labelSmoothing) * logSigmoid(margin) - labelSmoothing * logSigmoid(-margin)
            return elementAt(pairWeights!, [pair]) * loss
          }),
        ),
    }
  })
  expect(mismatches).toEqual([])
})
