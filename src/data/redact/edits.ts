import type { Span } from './detector.ts'

/** A span that is replaced. */
export interface Edit extends Span {
  /** Replaced by the name of its kind whatever the policy says: what the policy puts there would be found again. */
  readonly plain: boolean
}

/**
 * What was replaced so far with what was found in the outcome: a find inside a replacement makes that one plain; finds that
 * overlap become one, of the kind that was there first.
 *
 * @param edits - in order, without overlaps.
 * @returns the edits, in order, without overlaps; the same array when nothing changed.
 */
export function withFresh(edits: readonly Edit[], fresh: readonly Span[]): readonly Edit[] {
  let changed = false
  const all: Edit[] = [...edits]
  for (const { start, end, kind } of fresh) {
    const around = lastAtMost(edits, start, (edit) => edit.start)
    const outer = all[around]
    if (outer === undefined || outer.end < end) {
      all.push({ start, end, kind, plain: false })
      changed = true
    } else if (!outer.plain) {
      all[around] = { ...outer, plain: true }
      changed = true
    }
  }
  return changed ? joined(all) : edits
}

function joined(edits: readonly Edit[]): Edit[] {
  const result: Edit[] = []
  for (const edit of edits.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1)
    if (last === undefined || edit.start >= last.end) result.push(edit)
    else if (edit.end > last.end) result[result.length - 1] = { ...last, end: edit.end }
  }
  return result
}

/** Index of the last item whose place is at most `limit`, −1 where none is. The items are in the order of their places. */
function lastAtMost<T>(items: readonly T[], limit: number, placeOf: (item: T) => number): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (placeOf(items[middle]!) <= limit) low = middle + 1
    else high = middle
  }
  return low - 1
}

interface Piece {
  /** Where it begins in the new text. */
  readonly at: number
  /** What it stands for in the old text. */
  readonly from: number
  readonly to: number
  readonly copied: boolean
}

/** A text with its edits made, that knows where each of its characters comes from. */
export class EditedText {
  readonly text: string
  readonly #pieces: Piece[] = []

  constructor(source: string, edits: readonly Edit[], replacement: (value: string, edit: Edit) => string) {
    let text = ''
    const add = (piece: string, from: number, to: number, copied: boolean): void => {
      if (piece === '') return
      this.#pieces.push({ at: text.length, from, to, copied })
      text += piece
    }
    let at = 0
    for (const edit of edits) {
      add(source.slice(at, edit.start), at, edit.start, true)
      add(replacement(source.slice(edit.start, edit.end), edit), edit.start, edit.end, false)
      at = edit.end
    }
    add(source.slice(at), at, source.length, true)
    this.text = text
  }

  /** A span of the new text as a span of the old one, whole replacements included. */
  sourceOf({ start, end, kind }: Span): Span {
    const first = this.#pieces[lastAtMost(this.#pieces, start, ({ at }) => at)]
    const last = this.#pieces[lastAtMost(this.#pieces, end - 1, ({ at }) => at)]
    if (first === undefined || last === undefined) return { start: 0, end: 0, kind }
    return {
      start: first.copied ? first.from + start - first.at : first.from,
      end: last.copied ? last.from + end - last.at : last.to,
      kind,
    }
  }
}
