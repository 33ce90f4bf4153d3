/**
 * The pairing of rows and columns with the greatest sum, each used once at most: the assignment problem, by shortest
 * augmenting paths (H. W. Kuhn 1955; R. Jonker and A. Volgenant 1987). Time: the shorter side squared times the longer.
 *
 * @param scores `[rows, columns]`, finite
 * @returns for each row its column; -1 for a row that is left over
 */
export function bestAssignment(scores: readonly (readonly number[])[]): number[] {
  const rows = scores.length
  const columns = scores[0]?.length ?? 0
  if (rows > columns) {
    const turned = Array.from({ length: columns }, (_, column) => scores.map((line) => line[column] ?? 0))
    const result = scores.map(() => -1)
    for (const [column, row] of bestAssignment(turned).entries()) if (row >= 0) result[row] = column
    return result
  }
  return assign(scores, rows, columns)
}

/** Rows are no more than columns; positions are counted from 1, 0 stands for none. */
function assign(scores: readonly (readonly number[])[], rows: number, columns: number): number[] {
  const rowPotential = new Float64Array(rows + 1)
  const columnPotential = new Float64Array(columns + 1)
  const rowOf = new Int32Array(columns + 1)
  const cameFrom = new Int32Array(columns + 1)
  for (let row = 1; row <= rows; row++) {
    rowOf[0] = row
    const distance = new Float64Array(columns + 1).fill(Infinity)
    const done = new Uint8Array(columns + 1)
    let column = 0
    do {
      done[column] = 1
      const from = rowOf[column] ?? 0
      let step = Infinity
      let next = 0
      for (let to = 1; to <= columns; to++) {
        if (done[to] === 1) continue
        const cost = -(scores[from - 1]?.[to - 1] ?? 0) - rowPotential[from]! - columnPotential[to]!
        if (cost < distance[to]!) {
          distance[to] = cost
          cameFrom[to] = column
        }
        if (distance[to]! < step) {
          step = distance[to]!
          next = to
        }
      }
      for (let to = 0; to <= columns; to++) {
        if (done[to] === 1) {
          rowPotential[rowOf[to]!]! += step
          columnPotential[to]! -= step
        } else distance[to]! -= step
      }
      column = next
    } while (rowOf[column] !== 0)
    while (column !== 0) {
      const before = cameFrom[column]!
      rowOf[column] = rowOf[before]!
      column = before
    }
  }
  const result = Array.from({ length: rows }, () => -1)
  for (let column = 1; column <= columns; column++) {
    const row = rowOf[column]!
    if (row > 0) result[row - 1] = column - 1
  }
  return result
}
