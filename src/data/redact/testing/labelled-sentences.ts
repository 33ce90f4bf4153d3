import { readFileSync } from 'node:fs'
import type { Span } from '../detector.ts'

/** A sentence with what is personal in it. */
export interface LabelledSentence {
  readonly text: string
  readonly spans: readonly Span[]
}

/** Reads `text with [[kind|value]] in it`; `\n` is a line break, and `¦` is nothing. */
export function parseLabelled(line: string): LabelledSentence {
  const source = line.replaceAll('¦', '').replaceAll('\\n', '\n')
  const spans: Span[] = []
  let text = ''
  let at = 0
  for (const match of source.matchAll(/\[\[([a-z-]+)\|([^]*?)\]\]/g)) {
    text += source.slice(at, match.index)
    const [whole, kind = '', value = ''] = match
    spans.push({ start: text.length, end: text.length + value.length, kind })
    text += value
    at = match.index + whole.length
  }
  return { text: text + source.slice(at), spans }
}

/** Sets of `fixtures/`: `hand-written`, which the detectors were made with, and `held-out`, which they were not. */
export const labelledSet = (name: 'hand-written' | 'held-out'): LabelledSentence[] =>
  readFileSync(new URL(`../fixtures/${name}.txt`, import.meta.url), 'utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(parseLabelled)

/** Found and labelled spans of a kind, counted. A find is right when it overlaps a labelled span by at least half. */
export interface KindCounts {
  right: number
  /** Labelled, and not found. */
  missed: number
  /** Found where nothing of the kind is. */
  false: number
}

export function countKinds(
  sentences: readonly LabelledSentence[],
  find: (text: string) => readonly Span[],
  told?: (line: string) => void,
): Map<string, KindCounts> {
  const counts = new Map<string, KindCounts>()
  const of = (kind: string): KindCounts => {
    const known = counts.get(kind) ?? { right: 0, missed: 0, false: 0 }
    counts.set(kind, known)
    return known
  }
  for (const { text, spans } of sentences) {
    const found = [...find(text)]
    for (const span of spans) {
      const at = found.findIndex((each) => each.kind === span.kind && overlap(each, span) >= 0.5)
      if (at === -1) {
        of(span.kind).missed++
        told?.(
          `missed  ${span.kind}  ${JSON.stringify(text.slice(span.start, span.end))} in ${JSON.stringify(text)}`,
        )
      } else {
        of(span.kind).right++
        found.splice(at, 1)
      }
    }
    for (const span of found) {
      of(span.kind).false++
      told?.(
        `false   ${span.kind}  ${JSON.stringify(text.slice(span.start, span.end))} in ${JSON.stringify(text)}`,
      )
    }
  }
  return counts
}

/** Common part over the union, 0 to 1. */
function overlap(a: Span, b: Span): number {
  const common = Math.min(a.end, b.end) - Math.max(a.start, b.start)
  return Math.max(0, common) / (Math.max(a.end, b.end) - Math.min(a.start, b.start))
}
