/** All 65,536 binary16 values (IEEE 754-2008) as binary32; the conversion is exact. */
export const halfToFloat: Float32Array = buildTable()

/** Widens binary16 bit patterns. `out` is at least as long as `bits`. */
export function widenHalf(bits: Uint16Array, out: Float32Array): void {
  for (let index = 0; index < bits.length; index++) out[index] = halfToFloat[bits[index]!]!
}

/** Widens bfloat16 bit patterns: the upper half of a binary32. `out` is at least as long as `bits`. */
export function widenBfloat16(bits: Uint16Array, out: Float32Array): void {
  const words = new Uint32Array(out.buffer, out.byteOffset, bits.length)
  for (let index = 0; index < bits.length; index++) words[index] = bits[index]! << 16
}

/** Rounds to binary16 bit patterns, to the nearest, ties to even; what is too large becomes infinite. */
export function narrowHalf(numbers: Float32Array): Uint16Array<ArrayBuffer> {
  const words = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length)
  return Uint16Array.from(words, (word, index) => {
    const sign = (word >>> 16) & 0x8000
    const magnitude = word & 0x7fff_ffff
    if (magnitude > 0x7f80_0000) return sign | 0x7e00
    if (magnitude >= 0x477f_f000) return sign | 0x7c00
    if (magnitude < 0x3880_0000) return sign | roundHalfToEven(Math.abs(numbers[index]!) * 2 ** 24)
    return sign | ((magnitude - 0x3800_0000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13)
  })
}

/** Rounds to bfloat16 bit patterns, to the nearest, ties to even. */
export function narrowBfloat16(numbers: Float32Array): Uint16Array<ArrayBuffer> {
  const words = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length)
  return Uint16Array.from(words, (word) =>
    (word & 0x7fff_ffff) > 0x7f80_0000 ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16,
  )
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor
}

function buildTable(): Float32Array {
  const table = new Float32Array(65_536)
  for (let bits = 0; bits < 65_536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1
    const exponent = (bits >> 10) & 0x1f
    const fraction = bits & 0x3ff
    if (exponent === 0) table[bits] = sign * fraction * 2 ** -24
    else if (exponent === 31) table[bits] = fraction === 0 ? sign * Infinity : Number.NaN
    else table[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
  }
  return table
}
