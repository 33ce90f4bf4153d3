/** How often each run of `order` tokens occurs. */
export function countGrams(tokens: readonly string[], order: number, joint: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (let at = 0; at + order <= tokens.length; at++) {
    let gram = tokens[at]!
    for (let next = at + 1; next < at + order; next++) gram += joint + tokens[next]!
    counts.set(gram, (counts.get(gram) ?? 0) + 1)
  }
  return counts
}

/** How many n-grams both have, each as often as in the one that has it less often. */
export function sharedGrams(left: ReadonlyMap<string, number>, right: ReadonlyMap<string, number>): number {
  let shared = 0
  for (const [gram, count] of right) shared += Math.min(count, left.get(gram) ?? 0)
  return shared
}
