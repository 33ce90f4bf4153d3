/** A value that JSON can hold. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined }

/**
 * The one JSON text of a value, for hashing: RFC 8785 (JSON Canonicalization Scheme). Keys are sorted by UTF-16 code
 * units, there is no white space, numbers are written as ECMAScript does. Keys whose value is `undefined` are left out,
 * as `JSON.stringify` does.
 *
 * @throws TypeError for numbers that are not finite and for text with a lone surrogate: RFC 8785 has no form for them.
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === 'string') return textOf(value)
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new TypeError(`JSON has no number ${value}`)
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const members = Object.keys(value)
    .toSorted((a, b) => (a < b ? -1 : 1))
    .flatMap((key) => {
      const member = value[key]
      return member === undefined ? [] : [`${textOf(key)}:${canonicalJson(member)}`]
    })
  return `{${members.join(',')}}`
}

const isArray = (value: object): value is readonly JsonValue[] => Array.isArray(value)

// Node 20 has `isWellFormed`; ES2023, which the types follow, does not.
const isWellFormed = (text: string): boolean => (text as string & { isWellFormed(): boolean }).isWellFormed()

function textOf(text: string): string {
  if (!isWellFormed(text)) throw new TypeError('text with a lone surrogate has no canonical JSON')
  return JSON.stringify(text)
}
