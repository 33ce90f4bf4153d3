/**
 * P(X = k) for X ~ Binomial(n, p), to about 1e-14 relative at any n: C. Loader, "Fast and accurate computation of
 * binomial probabilities", 2000, which splits off Stirling's formula so that nothing large is subtracted.
 */
export function binomialProbability(k: number, n: number, p: number): number {
  if (k < 0 || k > n) return 0
  if (p <= 0) return k === 0 ? 1 : 0
  if (p >= 1) return k === n ? 1 : 0
  if (k === 0) return Math.exp(n * Math.log1p(-p))
  if (k === n) return Math.exp(n * Math.log(p))
  const logarithm =
    stirlingError(n) -
    stirlingError(k) -
    stirlingError(n - k) -
    deviance(k, n * p) -
    deviance(n - k, n * (1 - p))
  return Math.exp(logarithm) * Math.sqrt(n / (2 * Math.PI * k * (n - k)))
}

/** P(X ≤ k), summed from the largest term of the smaller tail. */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0
  if (k >= n) return 1
  return k < n * p ? lowerTail(k, n, p) : 1 - upperTail(k + 1, n, p)
}

/** P(X ≥ k), exact also where it is tiny. */
export function binomialSurvival(k: number, n: number, p: number): number {
  if (k <= 0) return 1
  if (k > n) return 0
  return k > n * p ? upperTail(k, n, p) : 1 - lowerTail(k - 1, n, p)
}

function lowerTail(k: number, n: number, p: number): number {
  const odds = (1 - p) / p
  let term = binomialProbability(k, n, p)
  let sum = term
  for (let at = k; at > 0 && term > sum * 1e-18; at--) {
    term *= (at / (n - at + 1)) * odds
    sum += term
  }
  return Math.min(1, sum)
}

const upperTail = (k: number, n: number, p: number): number => lowerTail(n - k, n, 1 - p)

/** ln n! − ln(√(2πn) (n/e)ⁿ). */
function stirlingError(n: number): number {
  const exact = smallErrors[n]
  if (exact !== undefined) return exact
  const square = n * n
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / n
}

const smallErrors = Array.from({ length: 16 }, (_, n) => {
  if (n === 0) return 0
  let factorial = 1
  for (let at = 2; at <= n; at++) factorial *= at
  return Math.log(factorial) - (0.5 * Math.log(2 * Math.PI * n) + n * Math.log(n) - n)
})

/** x ln(x / mean) + mean − x, by a series where the two are close. */
function deviance(x: number, mean: number): number {
  if (Math.abs(x - mean) >= 0.1 * (x + mean)) return x * Math.log(x / mean) + mean - x
  const ratio = (x - mean) / (x + mean)
  let sum = (x - mean) * ratio
  let term = 2 * x * ratio
  for (let at = 1; at < 1000; at++) {
    term *= ratio * ratio
    const next = sum + term / (2 * at + 1)
    if (next === sum) break
    sum = next
  }
  return sum
}
