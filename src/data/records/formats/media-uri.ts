import type { Media } from '../../../core/example.ts'

/** Media types by the ending of a file name, as the services that take media name them. */
const typesByEnding: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  mkv: 'video/x-matroska',
  webm: 'video/webm',
  pdf: 'application/pdf',
  csv: 'text/csv',
  txt: 'text/plain',
  md: 'text/markdown',
  html: 'text/html',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
}

/** The media type of a format's name, such as `jpeg`; `KIND/NAME` for one that is not known. */
export const typeOfFormat = (format: string, kind: 'image' | 'video' | 'application'): string => {
  const known = Object.hasOwn(typesByEnding, format) ? typesByEnding[format] : undefined
  return known ?? `${kind}/${format}`
}

/** The reverse of `typeOfFormat`. */
export function formatOfType(mediaType: string): string {
  const known = Object.entries(typesByEnding).find(([name, type]) => type === mediaType && name !== 'jpg')
  return known?.[0] ?? mediaType.slice(mediaType.indexOf('/') + 1)
}

/** The media type that a URL tells by itself; `image/*` where it does not. */
export function typeOfUri(uri: string): string {
  const data = splitDataUrl(uri)
  if (data !== undefined) return data.mediaType
  const ending = /\.([a-z0-9]{2,4})(?:[?#]|$)/i.exec(uri.slice(-200))?.[1]?.toLowerCase() ?? ''
  const known = Object.hasOwn(typesByEnding, ending) ? typesByEnding[ending] : undefined
  return known?.startsWith('image/') === true ? known : 'image/*'
}

export const image = (uri: string): Media => ({ type: 'media', mediaType: typeOfUri(uri), uri })

export const dataUrl = (mediaType: string, base64: string): string => `data:${mediaType};base64,${base64}`

/** Media type and Base64 text of a `data:` URL; `undefined` for another. */
export function splitDataUrl(uri: string): { mediaType: string; base64: string } | undefined {
  if (!uri.startsWith('data:')) return undefined
  const comma = uri.indexOf(',')
  if (comma < 0 || !uri.slice(0, comma).endsWith(';base64')) return undefined
  return { mediaType: uri.slice(5, comma - 7), base64: uri.slice(comma + 1) }
}
