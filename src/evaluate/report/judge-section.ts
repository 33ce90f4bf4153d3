import type { Evaluation } from '../evaluation.ts'
import type { JudgeAgreement, JudgeStanding } from '../judge/judge-agreement.ts'
import { countText, intervalText, scoreText } from '../number-text.ts'
import { clipped } from '../shortened.ts'
import { defaultConfidence } from '../statistics/interval.ts'
import { wilsonInterval } from '../statistics/wilson-interval.ts'
import type { EvidenceSection } from './evidence-table.ts'

/** Who judged, how far that agrees with people and with itself, and what was left out. */
export function judgeSection({ judge, candidates }: Evaluation): EvidenceSection[] {
  if (judge === undefined) return []
  const { model, scale, against, rubric, judged, failed, order, scores, preferences, trusted } = judge
  const other = candidates.find(({ id }) => id === against)?.title ?? against
  const standings = [
    ['scores', scores] as const,
    ...(preferences === null ? [] : [['preferences', preferences] as const]),
  ]
  const unread = standings.reduce((sum, [, { agreement }]) => sum + (agreement?.unread ?? 0), 0)
  return [
    {
      title: 'The judge',
      about: `${clipped(model, 80)}, ${
        trusted ? 'trusted by the configuration' : 'measured against people before it counts'
      }`,
      tables: [
        {
          title: 'Agreement with people',
          heads: ['of', 'standing', 'cases', 'the same', "Cohen's kappa", "Spearman's correlation"],
          lines: standings.map(([what, standing]) => [what, standing.standing, ...agreementCells(standing)]),
        },
        {
          title: 'Agreement with itself, the answers in the other order',
          heads: ['compared with', 'comparisons', 'both orders the same', 'counted as ties for it'],
          lines:
            order === null || order.asked === 0
              ? []
              : [
                  [
                    clipped(other ?? '', 60),
                    countText(order.asked),
                    shareText(order.same, order.asked),
                    countText(order.asked - order.same),
                  ],
                ],
        },
        {
          title: 'What it judged',
          heads: ['answers', 'judged', 'without a judgement, not counted', 'ratings that it left unread'],
          lines: [['of all candidates', countText(judged), countText(failed), countText(unread)]],
        },
      ],
      notes: [
        ...standings.map(([what, { standing, why }]) => `${what}: ${standing}, ${why}.`),
        `Scores are from 1 to ${scale}; rubric sha256 ${rubric.slice(0, 12)}. Kappa is weighted by squared distance for scores, and plain for preferences.`,
      ],
    },
  ]
}

function agreementCells({ agreement }: JudgeStanding): string[] {
  if (agreement === null) return ['0', '–', '–', '–']
  const { cases, same, kappa, spearman } = agreement
  return [countText(cases), shareText(same * cases, cases), agreedText(kappa), agreedText(spearman)]
}

function shareText(count: number, all: number): string {
  const whole = Math.round(count)
  return `${scoreText(whole / all, 'percent')} (${intervalText(wilsonInterval(whole, all, defaultConfidence), 'percent')})`
}

function agreedText(agreed: JudgeAgreement['kappa'] | null): string {
  if (agreed === null || agreed.value === null) return '–'
  const { value, interval } = agreed
  return `${value.toFixed(2)} (${interval === null ? 'no spread' : `${interval.lower.toFixed(2)} to ${interval.upper.toFixed(2)}`})`
}
