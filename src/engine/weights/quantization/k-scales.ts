/**
 * The 6-bit scale of a group of 32 numbers in the 12 bytes that Q4_K and Q5_K share (`get_scale_min_k4` of ggml): the
 * first four groups have bytes of their own, the others four bits in the last bytes and two above a first group's.
 *
 * @param from where the 12 bytes begin
 * @param group 0 to 7
 */
export function groupScale(bytes: Uint8Array, from: number, group: number): number {
  if (group < 4) return bytes[from + group]! & 63
  return (bytes[from + 4 + group]! & 15) | ((bytes[from + group - 4]! >> 6) << 4)
}

/** The 6-bit minimum of a group, packed as its scale. */
export function groupMinimum(bytes: Uint8Array, from: number, group: number): number {
  if (group < 4) return bytes[from + 4 + group]! & 63
  return (bytes[from + 4 + group]! >> 4) | ((bytes[from + group]! >> 6) << 4)
}
