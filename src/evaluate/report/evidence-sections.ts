import { filledSections, type EvidenceSection } from './evidence-table.ts'
import { forensicsSection } from './forensics-section.ts'
import { judgeSection } from './judge-section.ts'
import { repeatSection } from './repeat-section.ts'
import type { ReportContent } from './report-html.ts'
import { safetySection } from './safety-section.ts'

/** What repeats, judges and the safety suite say, where there were any. */
export const measuredSections = ({
  evaluation,
  safety,
}: Pick<ReportContent, 'evaluation' | 'safety'>): EvidenceSection[] =>
  filledSections([
    repeatSection(evaluation),
    ...judgeSection(evaluation),
    ...(safety === undefined ? [] : [safetySection(safety)]),
  ])

/** What is to be mended in the training rows, where it was looked for. */
export const trainingSections = ({
  forensics,
  evaluation: { split },
}: Pick<ReportContent, 'forensics' | 'evaluation'>): EvidenceSection[] =>
  forensics === undefined ? [] : filledSections([forensicsSection(forensics, split)])
