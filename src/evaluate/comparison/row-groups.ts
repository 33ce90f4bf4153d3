import type { EvaluatedExample } from '../evaluation.ts'
import type { RowTable } from './row-table.ts'

/** What rows belong to, where any says it; a row that does not is a group by itself. */
export function groupsOf(
  examples: readonly Pick<EvaluatedExample, 'id' | 'group'>[],
): Pick<RowTable, 'groups'> {
  if (examples.every(({ group }) => group === undefined)) return {}
  return { groups: examples.map(({ id, group }) => (group === undefined ? `row ${id}` : `group ${group}`)) }
}
