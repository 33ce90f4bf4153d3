/**
 * Undoes the row order that llama.cpp's converter gives to query and key projections.
 *
 * Hugging Face keeps the two halves of each rotary pair `head size / 2` rows apart; the converter (`permute` in
 * convert_hf_to_gguf.py) makes them neighbours: file row `head, 2·i + half` is model row `head, half·(head size / 2) + i`.
 *
 * @param rows `[heads · head size, columns]`, or `[heads · head size]` for a bias
 */
export function undoRotaryInterleave<Rows extends Float32Array | Uint8Array>(
  rows: Rows,
  heads: number,
  columns: number,
): Rows {
  return moveRows(rows, heads, columns, 'undo')
}

/** The row order of llama.cpp's converter from that of Hugging Face: the inverse of `undoRotaryInterleave`. */
export function rotaryInterleave(rows: Float32Array, heads: number, columns: number): Float32Array {
  return moveRows(rows, heads, columns, 'do')
}

function moveRows<Rows extends Float32Array | Uint8Array>(
  rows: Rows,
  heads: number,
  columns: number,
  direction: 'do' | 'undo',
): Rows {
  const headSize = rows.length / columns / heads
  const half = headSize / 2
  const out = rows.slice() as Rows
  for (let head = 0; head < heads; head++) {
    for (let index = 0; index < headSize; index++) {
      const inFile = (head * headSize + index) * columns
      const inModel = (head * headSize + (index % 2) * half + (index >> 1)) * columns
      const [from, to] = direction === 'undo' ? [inFile, inModel] : [inModel, inFile]
      out.set(rows.subarray(from, from + columns), to)
    }
  }
  return out
}
