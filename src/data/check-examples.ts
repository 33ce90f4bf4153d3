import type { CheckContext } from './check-rule.ts'
import { checkRules } from './check-rules.ts'
import { FindingCollector, type DataProblems } from './finding.ts'

/**
 * Applies every rule over whole sets. What is wrong with single records was found while reading: `mergeProblems` joins
 * the two.
 *
 * @example
 * const scanned = await scanExamples('data.jsonl')
 * const problems = mergeProblems(scanned.problems, checkExamples({ examples: scanned.examples, labelOf }))
 */
export function checkExamples(context: CheckContext): DataProblems {
  const collector = new FindingCollector()
  for (const rule of checkRules) {
    for (const finding of rule.check(context)) {
      collector.add({ id: rule.id, severity: rule.severity, ...finding })
    }
  }
  return collector.problems()
}
