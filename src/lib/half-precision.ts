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
