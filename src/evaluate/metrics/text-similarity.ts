import { editSimilarity } from '../match/edit-distance.ts'
import type { MeanMetric, ProportionMetric } from './metric.ts'

/** Share of rows with the expected text, letter by letter. */
export const verbatimMatch: ProportionMetric = {
  id: 'verbatim-match',
  title: 'verbatim match',
  format: 'percent',
  definition: 'the share of rows with the expected text letter by letter; white space around it is free',
  kind: 'proportion',
  isRight: ({ expected, answer }) => answer.readable && answer.read === expected.read,
}

/** How much of the text is the same, by edits of characters. */
export const editSimilarityScore: MeanMetric = {
  id: 'edit-similarity',
  title: 'edit similarity',
  format: 'fraction',
  definition:
    'the mean over rows of 1 − edits over the length of the longer text, an edit being a character put in, left out or replaced',
  kind: 'mean',
  rowScore: ({ expected, answer }) => (answer.readable ? editSimilarity(expected.read, answer.read) : 0),
}
