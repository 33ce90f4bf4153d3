import type { Message } from '../../core/example.ts'
import type { RecordFormat } from './record-format.ts'
import { recordFormats } from './record-formats.ts'

/** A form that records of a file have, and what shows it. */
export interface SeenFormat {
  readonly id: string
  readonly records: number
  readonly firstLine: number
  /** Such as `has "messages" with the roles system, user, assistant`. */
  readonly evidence: string
}

const roles = ['system', 'user', 'assistant', 'tool'] as const

/** Counts which forms were read, and with which roles. */
export class FormatEvidence {
  readonly #seen = new Map<RecordFormat, { records: number; firstLine: number; roles: number }>()

  count(format: RecordFormat, line: number, messages: readonly Message[]): void {
    let entry = this.#seen.get(format)
    if (entry === undefined) this.#seen.set(format, (entry = { records: 0, firstLine: line, roles: 0 }))
    entry.records++
    for (const { role } of messages) entry.roles |= 1 << roles.indexOf(role)
  }

  seen(): SeenFormat[] {
    return [...this.#seen].map(([format, { records, firstLine, roles: mask }]) => {
      const named = roles.filter((_, at) => (mask & (1 << at)) !== 0)
      const keys = format.requiredKeys.map((key) => JSON.stringify(key)).join(', ')
      return {
        id: format.id,
        records,
        firstLine,
        evidence:
          format.id === 'columns'
            ? `columns ${format.form}`
            : `has ${keys}${named.length > 0 ? ` with the roles ${named.join(', ')}` : ''}`,
      }
    })
  }
}

/** Where records have forms of several kinds: the place of the rarest one, and what to say. */
export function mixedForms(
  formats: readonly Omit<SeenFormat, 'evidence'>[],
): { readonly line: number; readonly message: string } | undefined {
  const rarest = formats.toSorted((a, b) => a.records - b.records)[0]
  if (rarest === undefined || alike(formats.map(({ id }) => id))) return undefined
  const list = formats.map(({ id, records }) => `${records.toLocaleString('en-US')} × ${id}`)
  return { line: rarest.firstLine, message: `records of several forms: ${list.join(', ')}` }
}

/** Formats that share a key are one habit of writing: `system` beside `messages` may be left out. */
function alike(ids: readonly string[]): boolean {
  const keys = recordFormats.filter(({ id }) => ids.includes(id)).map(({ requiredKeys }) => requiredKeys)
  return keys.length === 0 || (keys[0] ?? []).some((key) => keys.every((others) => others.includes(key)))
}
