import { features, type Feature } from '../records/record-format.ts'
import { recordFormats } from '../records/record-formats.ts'
import { sourceKinds } from '../sources/source-kinds.ts'

/** The tables of `docs/formats.md`, a cell a string. */
export function formatTables(): {
  readonly forms: string[][]
  readonly holds: string[][]
  readonly kinds: string[][]
} {
  return {
    forms: recordFormats.map(({ id, usedBy, form }) => [`\`${id}\``, usedBy, `\`${form}\``]),
    holds: (Object.keys(features) as Feature[]).map((feature) => [
      features[feature],
      recordFormats
        .filter(({ holds }) => holds.includes(feature))
        .map(({ id }) => `\`${id}\``)
        .join(', '),
    ]),
    kinds: sourceKinds.map(({ name, endings }) => [
      name,
      endings.map((ending) => `\`.${ending}\``).join(', '),
    ]),
  }
}
