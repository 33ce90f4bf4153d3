const chunk = 180

/**
 * Path of a key's file below a bucket's folder of objects. Everything but lower-case letters, digits, hyphens and dots inside
 * is percent-encoded, so that no two keys meet on a file system that folds case; a long name is cut into folders, whose names
 * end with `+`, which no file's does.
 */
export function objectPath(key: string): string[] {
  const encoded = Buffer.from(key, 'utf8').reduce((text, byte) => text + encodedByte(byte), '')
  const parts: string[] = []
  for (let at = 0; at < encoded.length; at += chunk) parts.push(encoded.slice(at, at + chunk))
  return parts.map((part, at) => (at === parts.length - 1 ? `${part}.json` : `${part}+`))
}

/** The key whose file has this path; undefined for a file that is none. */
export function keyOfPath(parts: readonly string[]): string | undefined {
  const last = parts.at(-1)
  if (last === undefined || !last.endsWith('.json')) return undefined
  const encoded = parts.map((part, at) => part.slice(0, at === parts.length - 1 ? -5 : -1)).join('')
  const bytes: number[] = []
  for (let at = 0; at < encoded.length; at++) {
    if (encoded[at] === '%') {
      bytes.push(Number.parseInt(encoded.slice(at + 1, at + 3), 16))
      at += 2
    } else bytes.push(encoded.charCodeAt(at))
  }
  return bytes.some(Number.isNaN) ? undefined : Buffer.from(bytes).toString('utf8')
}

const encodedByte = (byte: number): string => {
  const character = String.fromCharCode(byte)
  return /[a-z0-9.-]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`
}

/** Order of keys in S3: by their UTF-8 bytes. */
export const compareKeys = (left: string, right: string): number =>
  Buffer.compare(Buffer.from(left, 'utf8'), Buffer.from(right, 'utf8'))
