/**
 * The names that are most like a mistyped one, best first, at most three: those that share at least half of their letter
 * pairs with it (Dice's coefficient).
 */
export function nearestNames(word: string, names: readonly string[]): string[] {
  const wanted = pairsOf(word)
  return names
    .map((name) => ({ name, likeness: dice(wanted, pairsOf(name)) }))
    .filter(({ likeness }) => likeness >= 0.5)
    .toSorted((a, b) => b.likeness - a.likeness)
    .slice(0, 3)
    .map(({ name }) => name)
}

function pairsOf(word: string): Set<string> {
  const bare = word
    .toLowerCase()
    .slice(0, 100)
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
  return new Set(Array.from({ length: Math.max(0, bare.length - 1) }, (_, at) => bare.slice(at, at + 2)))
}

function dice(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size + b.size === 0) return 0
  let shared = 0
  for (const pair of a) if (b.has(pair)) shared++
  return (2 * shared) / (a.size + b.size)
}
