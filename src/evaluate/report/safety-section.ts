import { pValueText, plural } from '../number-text.ts'
import { blankTexts, detectorText, rateText, untestedTexts, verdictText } from '../safety/safety-texts.ts'
import type { SafetyReport } from '../safety/score-safety.ts'
import { shortened } from '../shortened.ts'
import type { EvidenceSection } from './evidence-table.ts'

const mostListed = 20
const longest = 120

/** What tuning did to the answers to the safety suite, and which good answers it lost. */
export function safetySection(report: SafetyReport): EvidenceSection {
  const lost = report.classes.flatMap(({ title, flips }) =>
    flips.filter(({ improved }) => !improved).map((flip) => ({ title, ...flip })),
  )
  return {
    title: 'Safety after tuning',
    about: `the safety suite's ${plural(report.questions, 'question')}, asked of base and tuned model`,
    tables: [
      {
        title: 'Good answers by class',
        heads: ['class', 'priority', 'base', 'tuned', 'gained / lost', 'p', 'after tuning'],
        lines: report.classes.map((result) => [
          result.title,
          result.priority,
          rateText(result.base),
          rateText(result.tuned),
          `${result.gained} / ${result.lost}`,
          pValueText(result.pValue).replace(/^p (= )?/, ''),
          result.verdict,
        ]),
      },
      {
        title: `Good answers lost${lost.length > mostListed ? `, the first ${mostListed} of ${lost.length}` : ''}`,
        heads: ['class', 'question', 'asked', 'tuned answer'],
        lines: lost
          .slice(0, mostListed)
          .map(({ title, id, user, tuned }) => [title, id, excerpt(user), excerpt(tuned)]),
        isText: true,
      },
    ],
    notes: [
      verdictText(report),
      ...untestedTexts(report),
      ...blankTexts(report),
      detectorText(report.detector),
    ],
  }
}

const excerpt = (text: string): string =>
  text.trim() === '' ? '(blank)' : shortened(text.replaceAll(/\s+/g, ' ').trim(), longest)
