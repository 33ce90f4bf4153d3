import { HoneError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/example.ts'
import { excerpt } from '../excerpt.ts'
import type { RecordDraft } from './record-draft.ts'
import { pointerPart, type RecordFormat } from './record-format.ts'

/** What a column is: a part of the example, or `metadata.NAME`. The values are names of columns. */
export type ColumnMap = Readonly<Record<string, string>>

const targets = ['system', 'user', 'assistant', 'rejected', 'label', 'weight'] as const

export const metadataKey = (name: string): string => `metadata.${name}`

/**
 * Reads `user=question,assistant=answer,label=intent,metadata.patient=patient_id`. A comma or a backslash in a name is written
 * with a backslash before it.
 *
 * @throws HoneError `E_USAGE` where a part is no assignment, names something unknown, or one thing twice
 */
export function parseColumnMap(text: string): ColumnMap {
  const map: Record<string, string> = {}
  for (const part of text.match(/(?:[^,\\]|\\.)+/gs) ?? []) {
    const equals = part.indexOf('=')
    const target = part.slice(0, equals).trim()
    const column = part.slice(equals + 1).replaceAll(/\\(.)/gs, '$1')
    const isKnown = (targets as readonly string[]).includes(target) || /^metadata\.[^.]+$/.test(target)
    if (equals < 1 || column === '' || !isKnown || Object.hasOwn(map, target)) {
      const why = Object.hasOwn(map, target) ? 'is there twice' : 'is no assignment of a column'
      throw new HoneError('E_USAGE', `${excerpt(part)} in --map ${why}`, {
        hint: `write TARGET=COLUMN with commas between; targets are ${targets.join(', ')} and metadata.NAME`,
      })
    }
    map[target] = column
  }
  for (const target of ['user', 'assistant']) {
    if (map[target] === undefined) {
      throw new HoneError('E_USAGE', `--map names no column for ${target}`, {
        hint: 'such as --map user=question,assistant=answer',
      })
    }
  }
  return map
}

/** `question → user, answer → assistant` */
const columnMapText = (map: ColumnMap): string =>
  Object.entries(map)
    .map(([target, column]) => `${column} → ${target}`)
    .join(', ')

/** The format of rows whose columns a map names. */
export function columnFormat(map: ColumnMap): RecordFormat {
  const columns = [...new Set(Object.values(map))]
  const metadata = Object.entries(map).filter(([target]) => target.startsWith('metadata.'))
  const { system, user = '', assistant = '', rejected, label, weight } = map
  return {
    id: 'columns',
    form: columnMapText(map),
    usedBy: 'tables',
    requiredKeys: [user, assistant],
    optionalKeys: columns,
    holds: ['system', 'rejected', 'label', 'weight', 'metadata'],
    // What stands under these names in a row is not what it says under them in a record.
    common: { label, weight },
    read(row, draft) {
      if (system !== undefined && !isEmpty(row[system])) addCell(row, system, 'system', draft)
      addCell(row, user, 'user', draft)
      addCell(row, assistant, 'assistant', draft)
      if (rejected !== undefined && !isEmpty(row[rejected]))
        draft.rejected = draft.text(cellText(row[rejected]), pointer(rejected))
      if (metadata.length > 0) {
        const values = Object.fromEntries(
          metadata
            .filter(([, column]) => !isEmpty(row[column]))
            .map(([target, column]) => [target.slice('metadata.'.length), row[column]]),
        )
        if (Object.keys(values).length > 0) draft.metadata = values
      }
    },
    write: () => undefined,
  }
}

const pointer = (column: string): string => `/${pointerPart(column)}`
const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === ''

/** Numbers and truth values as their text: a cell `3` is the answer "3". */
const cellText = (value: unknown): unknown =>
  typeof value === 'number' || typeof value === 'boolean' ? String(value) : value

function addCell(
  row: JsonObject,
  column: string,
  role: 'system' | 'user' | 'assistant',
  draft: RecordDraft,
): void {
  const content = draft.text(cellText(row[column]), pointer(column))
  if (content !== undefined) draft.add({ role, content }, pointer(column), pointer(column))
}
