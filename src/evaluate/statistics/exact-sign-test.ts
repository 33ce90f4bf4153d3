/**
 * Exact two-sided sign test: how likely is a split at least as uneven as this one between two kinds of rows, if both
 * were equally likely? On rows that are right or wrong it is the exact McNemar test (Q. McNemar, Psychometrika 12(2),
 * 1947; exact form: binomial with p = ½ on the discordant pairs); on rows with a graded score it is the sign test of
 * wins against losses, ties left out.
 *
 * @returns the p-value; 1 when no row differs
 */
export function exactSignTest(wins: number, losses: number): number {
  const trials = wins + losses
  const fewer = Math.min(wins, losses)
  if (fewer * 2 === trials) return 1
  // In logarithms, since 2^-trials underflows beyond 1,074 rows.
  let logTerm = -trials * Math.LN2
  for (let k = 1; k <= fewer; k++) logTerm += Math.log((trials - fewer + k) / k)
  // P(X ≤ fewer), from its largest term down.
  let relative = 1
  let sum = 1
  for (let k = fewer; k > 0 && relative > sum * 1e-18; k--) {
    relative *= k / (trials - k + 1)
    sum += relative
  }
  return Math.min(1, 2 * Math.exp(logTerm) * sum)
}
