import { tokenText } from '../compare-candidates.ts'
import type { Evaluation } from '../evaluation.ts'
import { scoreText } from '../number-text.ts'
import { clipped } from '../shortened.ts'

/**
 * `accuracy 28.1 % → 91.7 % with 89 % fewer prompt tokens than base + 8 examples`: the headline score of the strongest other
 * candidate and of the challenger; empty where nothing is compared.
 */
export function changeText({ comparisons, strongestBaseline, candidates, metrics }: Evaluation): string {
  const main = comparisons.find(({ baseline }) => baseline === strongestBaseline)
  const other = candidates.find(({ id }) => id === strongestBaseline)
  const difference = main?.differences[0]
  if (main === undefined || other === undefined || difference === undefined) return ''
  const [{ title, format }] = metrics
  const [before, after] = [difference.before, difference.after].map((value) => scoreText(value, format))
  const tokens = tokenText(main.promptTokenChange).replace(',', '')
  const than = tokens.includes('as many') ? 'as' : tokens === '' ? 'against' : 'than'
  return `${title} ${before} → ${after}${tokens} ${than} ${clipped(other.title, 60)}`
}
