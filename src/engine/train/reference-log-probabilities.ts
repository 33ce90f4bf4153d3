import { createHash } from 'node:crypto'
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { HoneError } from '../../core/errors.ts'
import type { TrainingEvent } from '../../core/training-event.ts'
import { diskError } from '../../lib/disk-error.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'
import { parametersOf, type Adapter } from '../adapter/adapter.ts'
import { longestTokens, type EncodedExample } from './encoded-example.ts'
import type { PairLogProbabilities, PreferenceEngine, References } from './preference-engine.ts'

/** In the job's folder. */
export const referenceFile = 'reference.jsonl'
const pairsOfLine = 8

export interface ReferenceRun {
  readonly pairs: readonly EncodedExample[]
  /** The starting point. */
  readonly adapter: Adapter
  readonly engine: Pick<PreferenceEngine, 'logProbabilities'>
  /** The job's folder, which keeps them. */
  readonly folder: string
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: ((event: TrainingEvent) => void) | undefined
}

const lineSchema = z.array(z.tuple([z.number(), z.number()]))

/**
 * Log-probabilities of all pairs at the starting point, computed once and kept in `reference.jsonl`: a line that names pairs
 * and starting point, then one for every few pairs, so that a run that is cut off goes on where it was.
 *
 * @throws HoneError `E_INTERRUPTED` after the signal, `E_NAN`, `E_DISK`
 */
export async function referenceLogProbabilities(run: ReferenceRun): Promise<References> {
  const { adapter, engine, folder, signal, onEvent } = run
  const pairs = run.pairs.toSorted((left, right) => longestTokens(left) - longestTokens(right))
  const file = join(folder, referenceFile)
  const head = JSON.stringify({
    schema: 1,
    kind: 'reference-log-probabilities',
    start: fingerprintOf(pairs, adapter),
  })
  const lines = await readLines(file, head, pairs.length)
  await replaceFileWith(file, [head, ...lines.map((line) => JSON.stringify(line)), ''].join('\n'))
  const values = lines.flat()
  while (values.length < pairs.length) {
    if (signal?.aborted === true) {
      throw new HoneError(
        'E_INTERRUPTED',
        `stopped before the first step, with ${values.length} of ${pairs.length} reference log-probabilities`,
      )
    }
    const part = pairs.slice(values.length, values.length + pairsOfLine)
    const line = (await engine.logProbabilities(part, adapter)).map(({ chosen, rejected }) => [
      chosen,
      rejected,
    ])
    const broken = part.find((_, index) => !line[index]?.every(Number.isFinite))
    if (broken !== undefined) {
      throw new HoneError('E_NAN', `the starting point gives ${broken.id} no finite log-probability`, {
        hint: 'look at this record, or start from another model',
      })
    }
    await appendFile(file, `${JSON.stringify(line)}\n`).catch(async (error: unknown) => {
      throw await diskError(error, file)
    })
    values.push(...lineSchema.parse(line))
    onEvent?.({ type: 'reference', done: values.length, total: pairs.length })
    await nextTurn()
  }
  return new Map(
    pairs.map((pair, index): [EncodedExample, PairLogProbabilities] => {
      const [chosen = 0, rejected = 0] = values[index] ?? []
      return [pair, { chosen, rejected }]
    }),
  )
}

/** The whole lines that an earlier start left; none where they belong to other pairs or another start. */
async function readLines(file: string, head: string, pairs: number): Promise<[number, number][][]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  // What stands after the last line feed was cut off while it was written.
  const [first, ...rest] = text.split('\n').slice(0, -1)
  if (first !== head) return []
  const lines: [number, number][][] = []
  let known = 0
  for (const line of rest) {
    const parsed = lineSchema.safeParse(parseJson(line))
    if (!parsed.success || parsed.data.length !== Math.min(pairsOfLine, pairs - known)) break
    lines.push(parsed.data)
    known += parsed.data.length
  }
  return lines
}

function fingerprintOf(pairs: readonly EncodedExample[], adapter: Adapter): string {
  const hash = createHash('sha256').update(JSON.stringify(adapter.config))
  const { buffer, byteOffset, byteLength } = parametersOf(adapter)
  hash.update(new Uint8Array(buffer, byteOffset, byteLength))
  for (const { tokens, trained, rejected } of pairs)
    hash.update(
      JSON.stringify([tokens, trained.map(Number), rejected?.tokens, rejected?.trained.map(Number)]),
    )
  return hash.digest('hex')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
