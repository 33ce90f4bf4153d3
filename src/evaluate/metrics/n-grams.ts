/**
 * How many runs of one to `longest` tokens two texts share, each as often as in the text that has it less often.
 *
 * @returns `[longest]`, of single tokens first
 */
export function sharedRuns(left: readonly string[], right: readonly string[], longest: number): number[] {
  const numbers = new Map<string, number>()
  const numberOf = (token: string): number => {
    const number = numbers.get(token) ?? numbers.size
    numbers.set(token, number)
    return number
  }
  const [leftTokens, rightTokens] = [left.map(numberOf), right.map(numberOf)]
  let [leftRuns, rightRuns] = [leftTokens, rightTokens]
  return Array.from({ length: longest }, (_, at) => {
    if (at > 0) {
      // A run is the run before it and one token more: a pair of numbers, numbered anew.
      const runs = new Map<number, number>()
      const grow = (shorter: readonly number[], tokens: readonly number[]): number[] =>
        shorter.slice(0, -1).map((run, start) => {
          const pair = run * numbers.size + tokens[start + at]!
          const number = runs.get(pair) ?? runs.size
          runs.set(pair, number)
          return number
        })
      leftRuns = grow(leftRuns, leftTokens)
      rightRuns = grow(rightRuns, rightTokens)
    }
    return sharedNumbers(leftRuns, rightRuns)
  })
}

function sharedNumbers(left: readonly number[], right: readonly number[]): number {
  const open = new Map<number, number>()
  for (const number of left) open.set(number, (open.get(number) ?? 0) + 1)
  let shared = 0
  for (const number of right) {
    const count = open.get(number) ?? 0
    if (count === 0) continue
    shared++
    open.set(number, count - 1)
  }
  return shared
}
