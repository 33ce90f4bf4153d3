/** Digits and what stands between them: `(415) 555-2671`, `12.03.1974`, `4485 2757 4230 8327`. */
export interface NumberRun {
  readonly start: number
  readonly end: number
  /** Where each unbroken row of digits begins and ends. */
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  readonly digits: number
  /** Every part that stands by itself, computed when it is asked for. */
  readonly parts: readonly NumberPart[]
}

/** A part of a run with white space or the run's end on both sides. */
interface NumberPart {
  readonly start: number
  readonly end: number
  /** Lengths of its rows of digits: `4-4-4-4`. */
  readonly shape: string
}

// One separator between two rows of digits, or a bracket with one; each repetition eats at least one digit; a longer run is several.
const runPattern = /\d+(?:(?:[ ./\u00A0\u202F\u2010-\u2013-]|[ .-]?\(|\)[ ./-]?|[ ] ?[-\u2013] ?)\d+){0,63}/g

/** The run whose first digit is at or after `from`. */
export function numberRunAt(text: string, from: number): NumberRun | undefined {
  runPattern.lastIndex = from
  const match = runPattern.exec(text)
  if (match === null) return undefined
  const start = match.index
  const end = start + match[0].length
  const starts: number[] = []
  const ends: number[] = []
  let digits = 0
  let inside = false
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at)
    const isDigit = code >= 48 && code <= 57
    if (isDigit) digits++
    if (isDigit && !inside) starts.push(at)
    if (!isDigit && inside) ends.push(at)
    inside = isDigit
  }
  if (ends.length < starts.length) ends.push(end)
  let parts: readonly NumberPart[] | undefined
  return {
    start,
    end,
    starts,
    ends,
    digits,
    get parts() {
      parts ??= [...partsOf(text, this)]
      return parts
    },
  }
}

/** The most rows of digits that one number is written in. */
const mostRows = 8

function* partsOf(text: string, run: Omit<NumberRun, 'parts'>): Generator<NumberPart> {
  const { starts, ends } = run
  for (let first = 0; first < starts.length; first++) {
    const start = starts[first]!
    if (first > 0 && !isBlank(text, start - 1)) continue
    if (first === 0 && !standsFree(text, start, -1)) continue
    let shape = ''
    for (let last = first; last < starts.length && last < first + mostRows; last++) {
      const end = ends[last]!
      shape += `${last > first ? '-' : ''}${end - starts[last]!}`
      if (last === starts.length - 1 ? standsFree(text, end, 1) : isBlank(text, end)) {
        if (isCutOut(text, run, first, last)) continue
        yield { start, end, shape }
      }
    }
  }
}

/** Whether a part in groups is only some of the groups of a longer number: three of `4198 6729 8306 3015`. */
function isCutOut(
  text: string,
  { starts, ends }: Omit<NumberRun, 'parts'>,
  first: number,
  last: number,
): boolean {
  if (first === last || !isBlank(text, ends[first]!)) return false
  const size = (group: number): number => (ends[group] ?? 0) - (starts[group] ?? 0)
  return size(first - 1) >= 3 || size(last + 1) >= 3
}

const isBlank = (text: string, at: number): boolean => /[\s\u00A0\u202F]/.test(text.charAt(at))

/**
 * False where a run goes on in letters or belongs to an amount: `ABC-123`, `123-ABC`, `$123`, `123 %`.
 *
 * @param at - beginning of the run, or end where `side` is 1.
 */
export function standsFree(text: string, at: number, side: 1 | -1): boolean {
  const near = text.charAt(side === 1 ? at : at - 1)
  const next = text.charAt(side === 1 ? at + 1 : at - 2)
  if (near === '') return true
  if (/[\p{L}\d_$€£¥%]/u.test(near)) return false
  if (side === 1 && near === ' ' && /[€%]/.test(next)) return false
  if (/[-./,\\=&?]/.test(near)) return !/[\p{L}\d_]/u.test(next) || (side === -1 && near === '=')
  return true
}

export const digitsOf = (value: string): string => value.replaceAll(/\D/g, '')
