// What Python's `str.split()` takes for white space; `\s` of ECMAScript has a byte order mark more and five controls less.
// oxlint-disable-next-line no-control-regex
const space = /[\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u

/** The words of a text between white space, as the published implementations of text metrics cut it. */
export const splitWords = (text: string): string[] => text.split(space).filter((word) => word !== '')
