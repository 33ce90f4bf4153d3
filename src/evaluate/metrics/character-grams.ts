import { sharedRuns } from './n-grams.ts'

/** Packed into a double beside a bit for the side: six characters of eight bits. */
const longest = 6
const base = 256

/**
 * How many runs of one to six characters two texts share, each as often as in the text that has it less often.
 *
 * @param left code points
 * @returns `[6]`, of runs of one character first
 */
export function sharedCharacterGrams(left: readonly string[], right: readonly string[]): number[] {
  const numbers = new Map<string, number>()
  for (const character of left) if (!numbers.has(character)) numbers.set(character, numbers.size + 1)
  for (const character of right) if (!numbers.has(character)) numbers.set(character, numbers.size + 1)
  return numbers.size < base ? sharedOfSorted(left, right, numbers) : sharedRuns(left, right, longest)
}

/** Sorted, runs that begin alike stand together: one sort does for all lengths. */
function sharedOfSorted(
  left: readonly string[],
  right: readonly string[],
  numbers: ReadonlyMap<string, number>,
): number[] {
  const keys = new Float64Array(left.length + right.length)
  pack(left, numbers, keys.subarray(0, left.length), 0)
  pack(right, numbers, keys.subarray(left.length), 1)
  keys.sort()
  const counts = new Int32Array(2)
  return Array.from({ length: longest }, (_, at) => {
    // What is left of a key without its later characters and its side.
    const unit = 2 * base ** (longest - at - 1)
    let shared = 0
    let run = -1
    counts.fill(0)
    for (const key of keys) {
      const start = Math.floor(key / unit)
      if (start !== run) {
        if (run % base !== 0) shared += Math.min(counts[0]!, counts[1]!)
        counts.fill(0)
        run = start
      }
      counts[key % 2]!++
    }
    // A run that the end of its text cuts short ends with 0, and is none.
    return run > 0 && run % base !== 0 ? shared + Math.min(counts[0]!, counts[1]!) : shared
  })
}

function pack(
  characters: readonly string[],
  numbers: ReadonlyMap<string, number>,
  keys: Float64Array,
  side: 0 | 1,
): void {
  let key = 0
  for (let at = characters.length - 1; at >= 0; at--) {
    key = Math.floor(key / base) + numbers.get(characters[at]!)! * base ** (longest - 1)
    keys[at] = key * 2 + side
  }
}
