import type { JudgeStanding } from '../../evaluate/judge/judge-agreement.ts'
import type { JudgeFacts } from '../../evaluate/judge/judge-facts.ts'
import { countText, plural } from '../../evaluate/number-text.ts'

/** Who judged, how far that agrees with people, and how far with itself. */
export function judgeLines({
  model,
  judged,
  failed,
  order,
  scores,
  preferences,
  trusted,
}: JudgeFacts): string[] {
  return [
    `judge ${model}: ${plural(judged, 'answer')} judged${failed === 0 ? '' : `, ${countText(failed)} without a judgement`}`,
    ...standingLines('scores', scores, trusted),
    ...(preferences === null ? [] : standingLines('preferences', preferences, trusted)),
    ...(order === null || order.asked === 0
      ? []
      : [
          `judge prefers the same in both orders in ${countText(order.same)} of ${plural(order.asked, 'comparison')}; the others count as ties`,
        ]),
  ]
}

function standingLines(
  what: string,
  { standing, why, agreement }: JudgeStanding,
  trusted: boolean,
): string[] {
  const numbers =
    agreement === null
      ? ''
      : [
          ` (${Math.round(agreement.same * 100)} % the same`,
          agreedText('kappa', agreement.kappa),
          ...(agreement.spearman === null ? [] : [agreedText('Spearman', agreement.spearman)]),
        ].join(', ') + ')'
  const rules =
    standing === 'verified'
      ? ''
      : trusted
        ? '; rules may rest on it all the same'
        : `; no rule may rest on it${agreement === null ? ', name some as judge.ratings' : ''}`
  return [`judge's ${what} ${standing}: ${why}${numbers}${rules}`]
}

const agreedText = (
  name: string,
  { value, interval }: NonNullable<JudgeStanding['agreement']>['kappa'],
): string =>
  value === null
    ? `no ${name}`
    : `${name} ${value.toFixed(2)}${interval === null ? '' : ` (${interval.lower.toFixed(2)} to ${interval.upper.toFixed(2)})`}`
