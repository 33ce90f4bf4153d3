import { HoneError } from '../../core/errors.ts'

/** One string, number or key of a JSON text. */
export interface JsonLiteral {
  readonly type: 'string' | 'number' | 'key'
  /** Where it stands in the JSON text, quotes included. */
  readonly start: number
  readonly end: number
  readonly value: string
}

const mostLevels = 1_000
const numberPattern = /-?\d[\d.eE+-]*/y

/**
 * Goes over every string, key and number of a valid JSON text in the order in which they are written: those of a key that
 * occurs twice too, which a parser forgets.
 */
export class JsonTexts {
  readonly #raw: string
  /** Names and places of the containers around the current literal. */
  readonly #path: (string | number)[] = []

  /** @param raw - valid JSON. */
  constructor(raw: string) {
    this.#raw = raw
  }

  /** Of the current literal (RFC 6901); of a key, that of its value. */
  get pointer(): string {
    return this.#path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
  }

  /** The nearest key around the current value. */
  get key(): string {
    for (let at = this.#path.length - 1; at >= 0; at--) {
      const part = this.#path[at]
      if (typeof part === 'string') return part
    }
    return ''
  }

  /** @throws HoneError `E_DATA` when it is nested too deep. */
  *[Symbol.iterator](): Generator<JsonLiteral> {
    const raw = this.#raw
    const path = this.#path
    const { length } = raw
    let expectsKey = false
    for (let at = 0; at < length;) {
      const code = raw.charCodeAt(at)
      if (code === 0x22) {
        const end = endOfString(raw, at)
        const value = valueOf(raw, at, end)
        if (expectsKey) {
          path[path.length - 1] = value
          expectsKey = false
          yield { type: 'key', start: at, end, value }
        } else yield { type: 'string', start: at, end, value }
        at = end
      } else if (code === 0x7b || code === 0x5b) {
        expectsKey = code === 0x7b
        path.push(expectsKey ? '' : 0)
        if (path.length > mostLevels) {
          throw new HoneError('E_DATA', `the record is nested deeper than ${mostLevels} levels`)
        }
        at++
      } else if (code === 0x7d || code === 0x5d) {
        path.pop()
        expectsKey = false
        at++
      } else if (code === 0x2c) {
        const part = path.at(-1)
        if (typeof part === 'number') path[path.length - 1] = part + 1
        else expectsKey = true
        at++
      } else if ((code >= 0x30 && code <= 0x39) || code === 0x2d) {
        numberPattern.lastIndex = at
        const value = numberPattern.exec(raw)?.[0] ?? ' '
        yield { type: 'number', start: at, end: at + value.length, value }
        at += value.length
      } else at++
    }
  }
}

function endOfString(raw: string, start: number): number {
  for (let at = raw.indexOf('"', start + 1); ; at = raw.indexOf('"', at + 1)) {
    if (at === -1) return raw.length
    let slashes = 0
    while (raw.charCodeAt(at - 1 - slashes) === 0x5c) slashes++
    if (slashes % 2 === 0) return at + 1
  }
}

function valueOf(raw: string, start: number, end: number): string {
  const inner = raw.slice(start + 1, end - 1)
  return inner.includes('\\') ? String(JSON.parse(raw.slice(start, end))) : inner
}
