import type { Random } from '../../lib/random.ts'

/**
 * A number drawn from Binomial(n, p), exactly: by inversion where few are expected, else by transformed rejection
 * (W. Hörmann, "The generation of binomial random variates", Journal of Statistical Computation and Simulation
 * 46(1–2), 1993, algorithm BTRS), whose time does not grow with n.
 */
export function drawBinomial(random: Random, n: number, p: number): number {
  if (n <= 0 || p <= 0) return 0
  if (p >= 1) return n
  if (p > 0.5) return n - drawBinomial(random, n, 1 - p)
  return n * p < 10 ? byInversion(random, n, p) : byRejection(random, n, p)
}

function byInversion(random: Random, n: number, p: number): number {
  const odds = p / (1 - p)
  const none = Math.exp(n * Math.log1p(-p))
  for (;;) {
    let left = random.next()
    let term = none
    for (let k = 0; k <= n; k++) {
      if (left < term) return k
      left -= term
      term *= ((n - k) / (k + 1)) * odds
      // What rounding left over, about one draw in 10¹⁵, is drawn again.
      if (term === 0) break
    }
  }
}

function byRejection(random: Random, n: number, p: number): number {
  const spread = Math.sqrt(n * p * (1 - p))
  const b = 1.15 + 2.53 * spread
  const a = -0.0873 + 0.0248 * b + 0.01 * p
  const centre = n * p + 0.5
  const inner = 0.92 - 4.2 / b
  const alpha = (2.83 + 5.1 / b) * spread
  const mode = Math.floor((n + 1) * p)
  const logOdds = Math.log(p / (1 - p))
  for (;;) {
    const u = random.next() - 0.5
    const v = random.next()
    const distance = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / distance + b) * u + centre)
    if (distance >= 0.07 && v <= inner) return k
    if (k < 0 || k > n) continue
    const limit =
      logFactorial(mode) +
      logFactorial(n - mode) -
      logFactorial(k) -
      logFactorial(n - k) +
      (k - mode) * logOdds
    if (Math.log((v * alpha) / (a / (distance * distance) + b)) <= limit) return k
  }
}

const smallFactorials = new Float64Array(64)
for (let n = 2; n < smallFactorials.length; n++) {
  smallFactorials[n] = (smallFactorials[n - 1] ?? 0) + Math.log(n)
}

function logFactorial(n: number): number {
  const known = smallFactorials[n]
  if (known !== undefined) return known
  const next = n + 1
  const correction = (1 / 12 - (1 / 360 - 1 / 1260 / (next * next)) / (next * next)) / next
  return (next - 0.5) * Math.log(next) - next + 0.5 * Math.log(2 * Math.PI) + correction
}
