import { HoneError } from '../../core/errors.ts'
import { counted } from '../counted.ts'
import type { SplitName } from './place-groups.ts'

/**
 * The sizes of the parts that are held out, as numbers of records.
 *
 * @param asked below 1 a share of the records, else their number; 0 for none
 * @throws HoneError `E_CONFIG` for sizes that are none, `E_DATA_TOO_FEW` when nothing is left to train with
 */
export function splitSizes(
  asked: Readonly<Record<'validation' | 'test', number>>,
  records: number,
): { readonly validation: number; readonly test: number } {
  const validation = sizeOf('validation', asked.validation, records)
  const test = sizeOf('test', asked.test, records)
  if (records > 0 && validation + test < records) return { validation, test }
  throw new HoneError(
    'E_DATA_TOO_FEW',
    `${validation} for validation and ${test} for test leave nothing of ${counted(records, 'record')} to train with`,
    { hint: 'make the splits smaller or collect more records' },
  )
}

function sizeOf(name: SplitName, size: number, records: number): number {
  if (!(size >= 0) || (size >= 1 && !Number.isSafeInteger(size))) {
    throw new HoneError(
      'E_CONFIG',
      `the ${name} split must be a share below 1 or a whole number of records, not ${size}`,
    )
  }
  if (size === 0 || size >= 1) return size
  return Math.max(1, Math.round(size * records))
}

/** Refuses a split of which a wanted part got no record. @throws HoneError `E_DATA` */
export function refuseEmptyParts(
  wanted: Readonly<Record<'validation' | 'test', number>>,
  places: Uint8Array,
  starts: Uint32Array,
): void {
  for (const [name, place] of [['validation', 1] as const, ['test', 2] as const]) {
    if (wanted[name] === 0 || places.includes(place)) continue
    let largest = 0
    for (let group = 0; group + 1 < starts.length; group++)
      largest = Math.max(largest, starts[group + 1]! - starts[group]!)
    throw new HoneError(
      'E_DATA',
      `the ${name} split stays empty: no group of records that stay together can be spared for its ${counted(wanted[name], 'record')}, ` +
        `because one group of each label is trained (${counted(starts.length - 1, 'group')} of ${counted(places.length, 'record')}, the largest has ${largest})`,
      {
        hint: `make the ${name} split larger, collect more varied records of each label, or name a file of your own in hone.yaml, as data.${name}`,
      },
    )
  }
}
