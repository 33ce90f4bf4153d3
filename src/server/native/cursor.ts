import { ApiFault } from '../json-api/api-fault.ts'

/** Where a page of a list ended, as text that clients hand back. */
export const writeCursor = ({ createdAt, id }: { readonly createdAt: number; readonly id: string }): string =>
  `${createdAt}~${id}`

/** @throws ApiFault `invalid` for what no list has answered */
export function readCursor(text: string): { readonly createdAt: number; readonly id: string } {
  const found = /^(\d{1,15})~(.+)$/s.exec(text)
  if (found === null) {
    throw new ApiFault('invalid', 'This is no place in the list.', {
      pointer: '?after',
      hint: 'take it from `next` of the page before',
    })
  }
  return { createdAt: Number(found[1]), id: found[2] ?? '' }
}
