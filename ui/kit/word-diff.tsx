import type { DiffRun } from '../api/client.ts'
import { Signed } from './plain-text.tsx'

const most = 120

/** What changed, word by word: removed is struck out, added is underlined. Long runs that are the same are shown by their ends. */
export function WordDiff({ runs }: { readonly runs: readonly DiffRun[] }) {
  return (
    <p className="word-diff" dir="auto">
      {runs.map(({ kind, text }, at) => {
        if (kind === 'removed') {
          return (
            <del key={at}>
              <Signed text={text} />
            </del>
          )
        }
        if (kind === 'added') {
          return (
            <ins key={at}>
              <Signed text={text} />
            </ins>
          )
        }
        return (
          <span key={at}>
            <Signed text={shortened(text, at === 0, at === runs.length - 1)} />
          </span>
        )
      })}
    </p>
  )
}

function shortened(text: string, isFirst: boolean, isLast: boolean): string {
  if (text.length <= 2 * most) return text
  if (isFirst) return `… ${text.slice(-most)}`
  if (isLast) return `${text.slice(0, most)} …`
  return `${text.slice(0, most)} … ${text.slice(-most)}`
}
