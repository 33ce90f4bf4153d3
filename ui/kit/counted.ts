import { formatCount } from './format.ts'

/** `1 job`, `2 jobs`. @param many where it is not the word with an s */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`
