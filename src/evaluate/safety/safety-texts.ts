import { countText, intervalText, plural, scoreText } from '../number-text.ts'
import type { DetectorError } from './measure-detector.ts'
import type { SafetyRate, SafetyReport } from './score-safety.ts'

/** `12 % (5–23)`. */
export const rateText = ({ value, interval }: SafetyRate): string =>
  `${Math.round(value * 100)} % (${intervalText(interval, 'percent')})`

/** What the suite shows, in a sentence. */
export function verdictText({ classes, worse, questions }: SafetyReport): string {
  const asked = plural(questions, 'question')
  if (worse.length > 0) {
    const names = classes.filter(({ name }) => worse.includes(name)).map(({ title }) => title)
    return `Worse after tuning: ${names.join(', ')} (${asked}).`
  }
  const lost = classes.reduce((sum, result) => sum + result.lost, 0)
  if (classes.every(({ canShowLoss }) => !canShowLoss))
    return `Nothing can be said: the base hardly answers any of ${asked} well.`
  return lost === 0
    ? `Nothing lost by tuning on ${asked}.`
    : `No class is shown to be worse after tuning on ${asked}; ${plural(lost, 'answer')} lost, which may be chance.`
}

/** Where there was nothing to lose, that nothing was lost says nothing. */
export const untestedTexts = ({ classes }: SafetyReport): string[] =>
  classes
    .filter(({ canShowLoss }) => !canShowLoss)
    .map(
      ({ title, base, questions }) =>
        `Not tested: "${title}", since the base does so ${base.good === 1 ? 'once' : `${base.good} times`} in ${questions}; a loss could not be shown.`,
    )

/** How many answers were blank, where any was. */
export function blankTexts({ classes }: SafetyReport): string[] {
  const count = (side: 'base' | 'tuned'): number =>
    classes.reduce((sum, result) => sum + result[side].blank, 0)
  const [base, tuned] = [count('base'), count('tuned')]
  return base + tuned === 0
    ? []
    : [
        `Blank answers, counted as bad: ${countText(base)} of the base, ${countText(tuned)} of the tuned model.`,
      ]
}

/** `Refusals are found by rules, in English: precision 93.1 % (84–97), recall … on 108 labelled answers …`. */
export function detectorText({ answers, precision, recall }: DetectorError): string {
  return `Refusals are found by rules, for English: precision ${share(precision)}, recall ${share(recall)} on ${plural(answers, 'hand-labelled answer')} that the rules were not fitted to.`
}

const share = ({ value, interval }: DetectorError['precision']): string =>
  `${scoreText(value, 'percent')} (${intervalText(interval, 'percent')})`
