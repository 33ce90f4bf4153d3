export interface RowWindow {
  /** Pixels of the element that is scrolled. */
  readonly bodyHeight: number
  /** The first row that is seen, and the first and last that are drawn. */
  readonly top: number
  readonly first: number
  readonly last: number
  /** Rows that are seen whole. */
  readonly whole: number
  /** Pixels from the body's top to a row. */
  readonly place: (index: number) => number
  /** The scroll position at which a row is the first. */
  readonly scrollFor: (index: number) => number
}

/** Firefox draws nothing below 17.9 million pixels, Chromium below 33.5; beyond this a scrolled pixel stands for several. */
const mostPixels = 15_000_000
/** Rows that are drawn above and below those that are seen. */
const spare = 8

/**
 * Which of any number of rows are seen, and where they are drawn.
 *
 * @param height pixels in which rows are seen
 * @param scrolled pixels that the body is scrolled
 */
export function rowWindow(
  count: number,
  rowHeight: number,
  { height, scrolled }: { readonly height: number; readonly scrolled: number },
): RowWindow {
  const total = count * rowHeight
  const bodyHeight = Math.min(total, mostPixels)
  // Both ends of the body are both ends of the rows.
  const ratio = bodyHeight <= height ? 1 : (total - height) / (bodyHeight - height)
  const offset = Math.max(0, scrolled) * ratio
  const top = Math.max(0, Math.min(Math.floor(offset / rowHeight), count - 1))
  const seen = Math.ceil(height / rowHeight) + 1
  return {
    bodyHeight,
    top,
    first: Math.max(0, top - spare),
    last: Math.min(count - 1, top + seen + spare),
    whole: Math.max(1, Math.floor(height / rowHeight)),
    place: (index) => index * rowHeight - offset + scrolled,
    scrollFor: (index) => (Math.max(0, index) * rowHeight) / ratio,
  }
}

export interface ReusedRows {
  readonly first: number
  readonly last: number
  /** What is subtracted from the index of a row to name the element that shows it. */
  readonly shift: number
}

/**
 * Which elements show the rows of a window. Rows that stay keep theirs; after a jump, all elements are used again in their order:
 * other text in an element costs a fraction of a new one.
 */
export function reusedRows(
  before: ReusedRows,
  { first, last }: { readonly first: number; readonly last: number },
): ReusedRows {
  const staying = Math.min(last, before.last) - Math.max(first, before.first) + 1
  const isJump = staying < (last - first + 1) / 2
  return { first, last, shift: isJump ? before.shift + first - before.first : before.shift }
}
