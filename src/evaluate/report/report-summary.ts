import type { Comparison, Evaluation } from '../evaluation.ts'
import type { RowForensics } from '../forensics/row-forensics.ts'
import type { SafetyReport } from '../safety/score-safety.ts'
import { changeText } from './change-text.ts'
import { fixFirst } from './forensics-section.ts'
import type { ReportContent } from './report-html.ts'

/** The report without its rows, as an object for programs. */
export interface ReportSummary extends Omit<ReportContent, 'evaluation' | 'forensics' | 'safety'> {
  readonly schema: 1
  readonly kind: 'report'
  /** Against the strongest other candidate; null where nothing is compared. */
  readonly verdict: Comparison['verdict'] | null
  /** The verdict in words, and the scores before and after; empty where nothing is compared. */
  readonly sentence: string
  readonly change: string
  /** Where they were looked for: how many training rows stand out, and those to fix first. */
  readonly forensics?: Omit<RowForensics, 'schema' | 'failed' | 'neighbours'> & { readonly standOut: number }
  /** Where the suite was asked: its classes without the questions; `safety.json` has those. */
  readonly safety?: Omit<SafetyReport, 'classes'> & {
    readonly classes: readonly Omit<SafetyReport['classes'][number], 'flips'>[]
  }
  /** What was measured, without what each row got; `evaluation.json` has that. */
  readonly evaluation: Omit<Evaluation, 'examples' | 'candidates'> & {
    readonly candidates: readonly Omit<Evaluation['candidates'][number], 'rows'>[]
  }
}

export function reportSummary({ evaluation, forensics, safety, ...content }: ReportContent): ReportSummary {
  const { examples: _examples, candidates, ...rest } = evaluation
  const main = evaluation.comparisons.find(({ baseline }) => baseline === evaluation.strongestBaseline)
  return {
    schema: 1,
    kind: 'report',
    ...content,
    verdict: main?.verdict ?? null,
    sentence: main?.sentence ?? '',
    change: changeText(evaluation),
    ...(forensics === undefined ? {} : { forensics: summaryOf(forensics) }),
    ...(safety === undefined
      ? {}
      : { safety: { ...safety, classes: safety.classes.map(({ flips: _flips, ...result }) => result) } }),
    evaluation: { ...rest, candidates: candidates.map(({ rows: _rows, ...candidate }) => candidate) },
  }
}

const summaryOf = ({ trained, method, suspicious }: RowForensics): ReportSummary['forensics'] & object => ({
  trained,
  method,
  standOut: suspicious.length,
  suspicious: suspicious.slice(0, fixFirst),
})
