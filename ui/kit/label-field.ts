/** What a line such as `ROUTE: FRAUD_REVIEW` begins with. */
const fieldLine = /^([\p{L}_][\p{L}\p{N}_ -]{0,38}):[ \t]*(\S.{0,78})$/u

/** A field with more values than this among a few dozen answers says something else in each. */
const mostValues = 40

/**
 * The field that holds the label, where answers are lines of `FIELD: value`: the one that (nearly) every answer has and whose values
 * come again. Undefined where there is none, as where the whole answer is the label.
 */
export function findLabelField(answers: readonly string[]): string | undefined {
  if (answers.length === 0) return undefined
  const values = new Map<string, Map<string, number>>()
  for (const answer of answers) {
    const seen = new Set<string>()
    for (const line of answer.split(/\r?\n/)) {
      const [, field, value] = fieldLine.exec(line.trim()) ?? []
      if (field === undefined || value === undefined || seen.has(field)) continue
      seen.add(field)
      const counts = values.get(field) ?? new Map<string, number>()
      values.set(field, counts.set(value, (counts.get(value) ?? 0) + 1))
    }
  }
  const fields = [...values].flatMap(([field, counts]) => {
    const found = [...counts.values()].reduce((sum, count) => sum + count, 0)
    const isEverywhere = found >= answers.length * 0.9
    const comesAgain = counts.size <= Math.min(mostValues, answers.length / 2)
    return isEverywhere && comesAgain ? [{ field, kinds: counts.size }] : []
  })
  return fields.toSorted((one, other) => one.kinds - other.kinds)[0]?.field
}
