/**
 * P(Z ≤ z) of the standard normal distribution, to about 1e-15 absolute: Hart's rational approximation in the form of
 * G. West, "Better approximations to cumulative normal functions", Wilmott Magazine, May 2005.
 */
export function normalCdf(z: number): number {
  const size = Math.abs(z)
  const tail = size > 37 ? 0 : upperTail(size)
  return z > 0 ? 1 - tail : tail
}

function upperTail(z: number): number {
  const density = Math.exp((-z * z) / 2)
  if (z >= 7.07106781186547) {
    const fraction = z + 1 / (z + 2 / (z + 3 / (z + 4 / (z + 0.65))))
    return density / fraction / 2.506628274631
  }
  return (density * polynomial(numerator, z)) / polynomial(denominator, z)
}

const numerator = [
  3.52624965998911e-2, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871,
  221.213596169931, 220.206867912376,
]
const denominator = [
  8.83883476483184e-2, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674,
  637.333633378831, 793.826512519948, 440.413735824752,
]

/**
 * The z for which P(Z ≤ z) = share, to about 1e-15 relative: algorithm AS 241 (PPND16) by M. J. Wichura, Applied
 * Statistics 37(3), 1988. 0 and 1 give -Infinity and Infinity.
 */
export function normalQuantile(share: number): number {
  const centred = share - 0.5
  if (Math.abs(centred) <= 0.425) {
    const r = 0.180625 - centred * centred
    return (centred * polynomial(centreNumerator, r)) / polynomial(centreDenominator, r)
  }
  const tail = Math.min(share, 1 - share)
  if (!(tail >= 0)) throw new RangeError(`a probability lies in [0, 1], not ${share}`)
  if (tail === 0) return centred < 0 ? -Infinity : Infinity
  const root = Math.sqrt(-Math.log(tail))
  const z =
    root <= 5
      ? polynomial(middleNumerator, root - 1.6) / polynomial(middleDenominator, root - 1.6)
      : polynomial(farNumerator, root - 5) / polynomial(farDenominator, root - 5)
  return centred < 0 ? -z : z
}

/** Coefficients from the highest power down. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0)
}

// Wichura's coefficients, rounded to doubles.
const centreNumerator = [
  2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
  1971.5909503065513, 133.14166789178438, 3.3871328727963665,
]
const centreDenominator = [
  5226.495278852546, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
  687.1870074920579, 42.31333070160091, 1,
]
const middleNumerator = [
  0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
  5.769497221460691, 4.630337846156546, 1.4234371107496835,
]
const middleDenominator = [
  1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
  1.6763848301838038, 2.053191626637759, 1,
]
const farNumerator = [
  2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124,
  0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
]
const farDenominator = [
  2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133,
  0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1,
]
