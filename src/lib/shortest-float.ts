/**
 * The shortest decimal number that reads back as the same binary32 value: 9.999999747378752e-6, what 1e-5 becomes in a
 * file of 32-bit floats, gives 1e-5 again.
 */
export function shortestFloat(value: number): number {
  const single = Math.fround(value)
  for (let digits = 1; digits <= 9; digits++) {
    const candidate = Number(single.toPrecision(digits))
    if (Object.is(Math.fround(candidate), single)) return candidate
  }
  return single
}
