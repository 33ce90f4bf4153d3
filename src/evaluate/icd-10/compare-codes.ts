import { icdCategory, icdChapter, icdLineage } from './icd-code.ts'

/** How a given code relates to the expected one that lies nearest to it. */
export type CodeRelation =
  /** The same code. */
  | 'exact'
  /** Given J45.9 where J45.901 is expected. */
  | 'too general'
  /** Given J45.901 where J45.9 is expected. */
  | 'too specific'
  /** Another code of the same category. */
  | 'same category'
  | 'same chapter'
  | 'wrong'

export function relateCodes(expected: string, given: string): CodeRelation {
  if (expected === given) return 'exact'
  if (given.length >= 3 && expected.startsWith(given)) return 'too general'
  if (given.startsWith(expected)) return 'too specific'
  if (icdCategory(expected) === icdCategory(given)) return 'same category'
  const chapter = icdChapter(expected)
  return chapter !== undefined && chapter === icdChapter(given) ? 'same chapter' : 'wrong'
}

/**
 * What two codes have in common: 1 for equal ones, else twice the levels that both lie in over the levels of each. Source:
 * hierarchical F of S. Kiritchenko, S. Matwin, A. F. Famili, "Functional annotation of genes using hierarchical text
 * categorization", 2005, for one code against one.
 */
export function codeSimilarity(expected: string, given: string): number {
  const [left, right] = [icdLineage(expected), new Set(icdLineage(given))]
  return (2 * left.filter((level) => right.has(level)).length) / (left.length + right.size)
}
