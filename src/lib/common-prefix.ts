/** How many items all sequences have in common at their start. */
export function commonPrefixLength(sequences: readonly (readonly number[])[]): number {
  const [first = [], ...others] = sequences
  let length = first.length
  for (const other of others) {
    let same = 0
    while (same < length && same < other.length && first[same] === other[same]) same += 1
    length = same
  }
  return length
}
