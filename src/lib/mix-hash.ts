/** MurmurHash3's 32-bit finalizer (https://github.com/aappleby/smhasher): every input bit moves every output bit. */
export function mixHash(value: number): number {
  let mixed = value | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** Two 32-bit hashes of a text's UTF-16 units, for 64 bits together. */
export function hashText(text: string, into: { low: number; high: number }): void {
  let low = 0x811c9dc5
  let high = 0x9e3779b9
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    low = Math.imul(low ^ unit, 0x01000193)
    high = Math.imul(((high << 5) | (high >>> 27)) ^ unit, 0x27d4eb2d)
  }
  into.low = mixHash(low ^ text.length)
  into.high = mixHash(high)
}
