import type { DatasetVersion } from '../../../api/client.ts'

/** The part of a dataset version that a view shows. */
export interface ShownPart {
  /** `name@hash`. */
  readonly dataset: string
  readonly name: string
  readonly part: 'records' | 'train' | 'validation' | 'test'
  readonly records: number
  readonly bytes: number
  readonly parts: DatasetVersion['parts']
  readonly isSealed: boolean
}
