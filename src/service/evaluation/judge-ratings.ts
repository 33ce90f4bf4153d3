import { z } from 'zod'
import { HoneError } from '../../core/errors.ts'
import { parseJson } from '../../lib/parse-json.ts'
import { readLines } from '../../lib/read-lines.ts'

/** A person's view of one answer, or of two. */
export type HumanRating =
  | {
      readonly kind: 'score'
      readonly input: string
      readonly expected?: string
      readonly answer: string
      readonly rating: number
    }
  | {
      readonly kind: 'preference'
      readonly input: string
      readonly expected?: string
      readonly first: string
      readonly second: string
      readonly preferred: 'first' | 'second' | 'tie'
    }

const common = { input: z.string(), expected: z.string().exactOptional() }

const lineSchema = z.union([
  z.object({ ...common, answer: z.string(), rating: z.number() }),
  z.object({
    ...common,
    first: z.string(),
    second: z.string(),
    preferred: z.enum(['first', 'second', 'tie']),
  }),
])

/**
 * People's ratings of answers, a JSON line each: `{input, answer, rating}` or `{input, first, second, preferred}`, both with
 * `expected` where there is one.
 *
 * @param scale ratings are whole numbers from 1 to it
 * @throws HoneError `E_DATA` with the line that is something else, `E_DATA_EMPTY`; `signal.reason`
 */
export async function readRatings(
  file: string,
  scale: number,
  signal: AbortSignal | undefined,
): Promise<HumanRating[]> {
  const ratings: HumanRating[] = []
  try {
    for await (const line of readLines(file, signal === undefined ? {} : { signal })) {
      if (!('text' in line) || line.text.trim() === '') continue
      ratings.push(ratingOf(line.text, scale, { file, line: line.number }))
    }
  } catch (cause) {
    if (HoneError.isInstance(cause)) throw cause
    signal?.throwIfAborted()
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new HoneError('E_DATA', `the ratings cannot be read: ${reason}`, { at: { file }, cause })
  }
  if (ratings.length > 0) return ratings
  throw new HoneError('E_DATA_EMPTY', 'the file of ratings is empty', {
    at: { file },
    hint: 'write a line for each rated answer: {"input": "…", "answer": "…", "rating": 4}',
  })
}

function ratingOf(
  text: string,
  scale: number,
  at: { readonly file: string; readonly line: number },
): HumanRating {
  let value: unknown
  try {
    value = parseJson(text)
  } catch (cause) {
    throw new HoneError('E_DATA', 'this line of ratings is not JSON', { at, cause })
  }
  const parsed = lineSchema.safeParse(value)
  if (!parsed.success) {
    throw new HoneError('E_DATA', 'this is no rating', {
      at,
      hint: '{"input": "…", "answer": "…", "rating": 4} or {"input": "…", "first": "…", "second": "…", "preferred": "first"}',
    })
  }
  const rating = parsed.data
  if (!('rating' in rating)) return { kind: 'preference', ...rating }
  if (Number.isInteger(rating.rating) && rating.rating >= 1 && rating.rating <= scale)
    return { kind: 'score', ...rating }
  throw new HoneError('E_DATA', `the rating ${rating.rating} is no whole number from 1 to ${scale}`, {
    at: { ...at, pointer: '/rating' },
    hint: 'judge.scale says which scores there are',
  })
}
