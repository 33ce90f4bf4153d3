/**
 * pass^k of a row that was tried n times, c of them with success: the chance that k tries all succeed, without bias:
 * C(c, k) / C(n, k). S. Yao et al., "τ-bench", 2024. Its mean over rows says how reliable a sampled candidate is.
 *
 * @throws RangeError when there are fewer tries than k
 */
export function allSucceed(successes: number, tries: number, k: number): number {
  check(successes, tries, k)
  let share = 1
  for (let at = 0; at < k; at++) share *= Math.max(0, successes - at) / (tries - at)
  return share
}

/**
 * pass@k: the chance that at least one of k tries succeeds, without bias: 1 − C(n − c, k) / C(n, k). M. Chen et al.,
 * "Evaluating large language models trained on code", 2021.
 *
 * @throws RangeError when there are fewer tries than k
 */
export const anySucceeds = (successes: number, tries: number, k: number): number =>
  1 - allSucceed(tries - successes, tries, k)

function check(successes: number, tries: number, k: number): void {
  if (!(k >= 1 && Number.isInteger(k) && tries >= k && successes >= 0 && successes <= tries)) {
    throw new RangeError(`${k} of ${tries} tries with ${successes} successes cannot be drawn`)
  }
}
