import { BodyFault } from './dialect-request.ts'

/** One member of a form. Its content is read in order, before the next part is asked for; what is left of it is skipped. */
export interface FormPart {
  readonly name: string
  readonly filename: string | undefined
  /** `Content-Type`, where it says one. */
  readonly type: string | undefined
  readonly content: AsyncIterable<Buffer>
}

/** The most parts of a form, and bytes of the headers of one. */
const mostParts = 200
const mostHeaderBytes = 16 * 1024

/**
 * The parts of a `multipart/form-data` body as they come in; no part is held whole.
 * Source: RFC 7578, RFC 2046 section 5.1.1
 *
 * @throws BodyFault for another type of content, and where the form is cut off or malformed
 */
export async function* readMultipartForm(
  contentType: string | undefined,
  bytes: AsyncIterable<Buffer>,
): AsyncGenerator<FormPart> {
  const reader = new FormReader(bytes, boundaryOf(contentType))
  await reader.skipContent()
  for (let count = 1; await reader.atPart(); count++) {
    if (count > mostParts) throw new BodyFault('', `the form has more than ${mostParts} parts`)
    const headers = parseHeaders(await reader.headers())
    const { name, filename } = disposition(headers.get('content-disposition') ?? '')
    yield { name, filename, type: headers.get('content-type'), content: reader.content() }
    await reader.skipContent()
  }
  await reader.close()
}

/** The text of a part. @throws BodyFault where it has more bytes than the limit */
export async function partText({ name, content }: FormPart, limit: number = 64 * 1024): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of content) {
    bytes += chunk.length
    if (bytes > limit) throw new BodyFault(`/${name}`, `the value has more than ${limit} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function boundaryOf(contentType: string | undefined): string {
  const match =
    /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;|$)/i.exec(
      contentType ?? '',
    )
  const boundary = match?.[1] ?? match?.[2]
  if (boundary !== undefined) return boundary
  throw new BodyFault('', 'the body must be multipart/form-data with a boundary of at most 70 characters')
}

const lineEnd = Buffer.from('\r\n')
const headersEnd = Buffer.from('\r\n\r\n')
const cutOff = (): BodyFault => new BodyFault('', 'the form ends before its last boundary')

/** Cuts the bytes at the boundaries. */
class FormReader {
  readonly #source: AsyncIterator<Buffer>
  readonly #delimiter: Buffer
  // As if a line had ended before the first boundary, which needs none.
  #held: Buffer = lineEnd
  #ended = false
  /** The content before the next boundary has been read. */
  #atBoundary = false

  constructor(bytes: AsyncIterable<Buffer>, boundary: string) {
    this.#source = bytes[Symbol.asyncIterator]()
    this.#delimiter = Buffer.from(`\r\n--${boundary}`)
  }

  /** What comes before the next boundary. */
  async *content(): AsyncGenerator<Buffer> {
    while (!this.#atBoundary) {
      const at = this.#held.indexOf(this.#delimiter)
      // Its end may be the beginning of a boundary.
      const sure = at === -1 ? Math.max(0, this.#held.length - this.#delimiter.length + 1) : at
      const chunk = this.#held.subarray(0, sure)
      if (at !== -1) {
        this.#held = this.#held.subarray(at + this.#delimiter.length)
        this.#atBoundary = true
      } else this.#held = this.#held.subarray(sure)
      if (chunk.length > 0) yield chunk
      if (at === -1) await this.#more()
    }
  }

  async skipContent(): Promise<void> {
    for await (const _ of this.content());
  }

  /** Whether a part follows the boundary, or the form has ended. */
  async atPart(): Promise<boolean> {
    this.#atBoundary = false
    while (this.#held.length < 2) await this.#more()
    if (this.#held.subarray(0, 2).toString('latin1') === '--') return false
    const padding = await this.#until(lineEnd, 1024)
    if (padding.toString('latin1').trim() !== '') {
      throw new BodyFault('', 'a boundary of the form is followed by something else')
    }
    return true
  }

  async headers(): Promise<string> {
    // A part may have none: the empty line comes at once.
    while (this.#held.length < 2) await this.#more()
    if (this.#held.subarray(0, 2).equals(lineEnd)) {
      this.#held = this.#held.subarray(2)
      return ''
    }
    const headers = (await this.#until(headersEnd, mostHeaderBytes)).toString('utf8')
    // The content may be empty, its boundary then follows the headers at once.
    this.#held = Buffer.concat([lineEnd, this.#held])
    await this.#dropLineEnd()
    return headers
  }

  /** Reads what comes after the last boundary, which is nothing. */
  async close(): Promise<void> {
    while (!this.#ended) {
      this.#held = Buffer.alloc(0)
      await this.#more().catch((error: unknown) => {
        if (!this.#ended) throw error
      })
    }
  }

  /** The line end that was put before the content, unless it belongs to the boundary. */
  async #dropLineEnd(): Promise<void> {
    while (this.#held.length < this.#delimiter.length) await this.#more()
    if (!this.#held.subarray(0, this.#delimiter.length).equals(this.#delimiter)) {
      this.#held = this.#held.subarray(lineEnd.length)
    }
  }

  async #until(end: Buffer, most: number): Promise<Buffer> {
    for (;;) {
      const at = this.#held.indexOf(end)
      if (at > most || (at === -1 && this.#held.length > most + end.length)) {
        throw new BodyFault('', `the headers of a part of the form have more than ${most} bytes`)
      }
      if (at === -1) {
        await this.#more()
        continue
      }
      const found = this.#held.subarray(0, at)
      this.#held = this.#held.subarray(at + end.length)
      return found
    }
  }

  async #more(): Promise<void> {
    const { value, done } = await this.#source.next()
    if (done === true) {
      this.#ended = true
      throw cutOff()
    }
    this.#held = this.#held.length === 0 ? value : Buffer.concat([this.#held, value])
  }
}

function parseHeaders(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\r\n').filter((line) => line !== '')
  return new Map(
    lines.map((line) => {
      const at = line.indexOf(':')
      if (at === -1) throw new BodyFault('', 'a header of a part of the form has no colon')
      return [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()]
    }),
  )
}

function disposition(value: string): { readonly name: string; readonly filename: string | undefined } {
  const members = new Map<string, string>()
  for (const [, name = '', quoted, bare] of value.matchAll(
    /;\s*([a-z*]{1,20})=(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/gi,
  )) {
    members.set(name.toLowerCase(), quoted === undefined ? (bare ?? '') : unescaped(quoted))
  }
  const name = members.get('name')
  if (!/^form-data\s*;/i.test(value) || name === undefined) {
    throw new BodyFault('', 'a part of the form does not say its name')
  }
  const extended = /^utf-8''(.*)$/i.exec(members.get('filename*') ?? '')?.[1]
  return { name, filename: extended === undefined ? members.get('filename') : percentDecoded(extended) }
}

/** Browsers and clients write quotes and line breaks of a name as percent signs (HTML, multipart form data). */
const unescaped = (text: string): string =>
  text.replaceAll(/\\(["\\])/g, '$1').replaceAll(/%(22|0D|0A)/gi, (code) => decodeURIComponent(code))

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
