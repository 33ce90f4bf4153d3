import type { MeanMetric } from './metric.ts'

/** What a judge model gives an answer by a rubric. */
export const judgeScore: MeanMetric = {
  id: 'judge',
  title: 'judge',
  format: 'fraction',
  definition:
    'The mean over rows of the score that a judge model gives the answer by the rubric, from 0 for the worst to 1 for the best',
  kind: 'mean',
  needs: 'judgements',
  rowScore: ({ given }) => given?.judgement?.quality ?? Number.NaN,
}

/** Which of two answers a judge model prefers. */
export const judgePreference: MeanMetric = {
  id: 'judge-preference',
  title: 'judge preference',
  format: 'percent',
  definition:
    'The share of rows whose answer a judge model prefers to that of the candidate `judge.against`, whichever is shown first; a tie, and a preference that changes with the order, count half',
  kind: 'mean',
  needs: 'judgements',
  rowScore: ({ given }) => given?.judgement?.preference ?? Number.NaN,
}
