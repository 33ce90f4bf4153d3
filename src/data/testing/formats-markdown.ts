import { features, type Feature } from '../record-format.ts'
import { recordFormats } from '../record-formats.ts'
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
