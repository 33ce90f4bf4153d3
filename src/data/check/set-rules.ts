import type { SetRule } from './rule.ts'
import { answerForm, identicalAnswers } from './rules/answer-patterns.ts'
import { contradictoryDuplicates } from './rules/contradictory-duplicates.ts'
import { exactDuplicates } from './rules/exact-duplicates.ts'
import { blankLines, byteOrderMark, carriageReturn } from './rules/file-encoding.ts'
import { rareLabels, undeclaredLabels, unreadableLabels, unseenLabels } from './rules/label-counts.ts'
import { labelDrift } from './rules/label-drift.ts'
import { mixedLanguages } from './rules/mixed-languages.ts'
import { nearMissLabels } from './rules/near-miss-labels.ts'
import { blankLine, fileName, fileSize, recordCount } from './rules/profile/file-rules.ts'

/** The rules that `run` and `train` apply to examples in memory, too. */
export const exampleSetRules: readonly SetRule[] = [
  exactDuplicates,
  contradictoryDuplicates,
  unreadableLabels,
  undeclaredLabels,
  unseenLabels,
  rareLabels,
  nearMissLabels,
]

/** Every rule about a file as a whole. */
export const setRules: readonly SetRule[] = [
  recordCount,
  fileSize,
  fileName,
  blankLine,
  byteOrderMark,
  carriageReturn,
  blankLines,
  ...exampleSetRules,
  labelDrift,
  identicalAnswers,
  answerForm,
  mixedLanguages,
]
