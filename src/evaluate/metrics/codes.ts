import { bestAssignment } from '../assignment.ts'
import { relateCodes, codeSimilarity, type CodeRelation } from '../icd-10/compare-codes.ts'
import { icdCategory, icdChapter, icdCode, icdLineage } from '../icd-10/icd-code.ts'
import type { Overlap } from '../match/match-value.ts'
import type { ProportionMetric, ReadRow, SampleMetric } from './metric.ts'
import { overlapMetric } from './overlap-metric.ts'

const expectedCodes = ({ expected }: ReadRow): readonly string[] => expected.codes ?? []
const answeredCodes = ({ answer }: ReadRow): readonly string[] =>
  answer.readable ? (answer.codes ?? []) : []

/** What both sets hold, each code taken to a level first. */
function overlapAt(row: ReadRow, levelsOf: (code: string) => readonly string[]): Overlap {
  const truth = new Set(expectedCodes(row).flatMap(levelsOf))
  const given = new Set(answeredCodes(row).flatMap(levelsOf))
  return {
    hits: [...given].filter((code) => truth.has(code)).length,
    expected: truth.size,
    answered: given.size,
  }
}

/** Share of rows with exactly the expected codes. */
export const codesExact: ProportionMetric = {
  id: 'exact-match',
  title: 'exact match',
  format: 'percent',
  definition: 'the share of rows with exactly the expected codes, in any order',
  kind: 'proportion',
  isRight: ({ expected, answer }) => answer.readable && answer.read === expected.read,
}

const codeMetric = (
  id: string,
  title: string,
  definition: string,
  levelsOf: (code: string) => readonly string[],
): SampleMetric => overlapMetric({ id, title, definition }, 'f1', (row) => overlapAt(row, levelsOf))

export const codeF1: SampleMetric = codeMetric(
  'code-f1',
  'code F1',
  'the harmonic mean of precision and recall of codes over all rows',
  (code) => [code],
)

export const categoryF1: SampleMetric = codeMetric(
  'category-f1',
  'category F1',
  'code F1 by the first three characters of each code',
  (code) => [icdCategory(code)],
)

export const chapterF1: SampleMetric = codeMetric(
  'chapter-f1',
  'chapter F1',
  'code F1 by the chapter of ICD-10-CM that each code lies in',
  (code) => [`${icdChapter(code) ?? code}`],
)

/**
 * Hierarchical F: each code counts with all that it lies in. Source: S. Kiritchenko, S. Matwin, R. Nock, A. F. Famili, "Learning
 * and evaluation in the presence of class hierarchies", Canadian AI 2006.
 */
export const hierarchicalF1: SampleMetric = codeMetric(
  'hierarchical-f1',
  'hierarchical F1',
  'code F1 with credit for what lies near: each code counts with its chapter, its category and the codes above it',
  icdLineage,
)

/**
 * Share of rows whose codes all exist.
 *
 * @param known codes that are valid, in any case, with dot or without
 */
export function codesValid(known: Iterable<string>): ProportionMetric {
  const valid = new Set([...known].map((code) => icdCode(code) ?? code.trim().toUpperCase()))
  return {
    id: 'codes-valid',
    title: 'codes valid',
    format: 'percent',
    definition: `the share of rows whose codes are all among the ${valid.size.toLocaleString('en-US')} of the list that was given`,
    kind: 'proportion',
    isRight: (row) => row.answer.readable && answeredCodes(row).every((code) => valid.has(code)),
  }
}

/** How the answered codes relate to the expected ones, over all rows. */
export interface CodeRelations {
  /** Expected codes by how the code relates that was answered for them. */
  readonly relations: Readonly<Record<CodeRelation, number>>
  /** Expected codes that no answered code stands for. */
  readonly missing: number
  /** Answered codes that stand for none that is expected. */
  readonly extra: number
}

/** Each expected code is paired with the answered code nearest to it; what has nothing in common is missing and extra. */
export function codeRelations(rows: readonly ReadRow[]): CodeRelations {
  const relations = {
    exact: 0,
    'too general': 0,
    'too specific': 0,
    'same category': 0,
    'same chapter': 0,
    wrong: 0,
  }
  let [missing, extra] = [0, 0]
  for (const row of rows) {
    const [truth, given] = [expectedCodes(row), answeredCodes(row)]
    const scores = truth.map((left) => given.map((right) => codeSimilarity(left, right)))
    let paired = 0
    for (const [at, column] of bestAssignment(scores).entries()) {
      if (column < 0) continue
      paired++
      relations[relateCodes(truth[at]!, given[column]!)]++
    }
    missing += truth.length - paired
    extra += given.length - paired
  }
  return { relations, missing, extra }
}
