import { HoneError } from '../../core/errors.ts'
import type { Example } from '../../core/example.ts'
import { estimateTokens } from '../../data/estimate-tokens.ts'
import { TokenTally, type TokenStatistics } from '../../data/statistics/token-tally.ts'
import { streamExamples, type ExampleRow } from '../../data/records/stream-examples.ts'
import { commonPrefixLength } from '../../lib/common-prefix.ts'
import { freeMemory } from '../../lib/free-memory.ts'
import { raceSignal } from '../../lib/race-signal.ts'
import type { TokenPlan } from '../../profiles/token-plans.ts'
import type { CountFailure } from './count-tokens.ts'
import { tellProgress, type DataOptions } from './data-event.ts'
import type { TokenPool } from './token-pool.ts'

/** What one pass over a file of examples counts. */
export interface CountedFile {
  readonly bytes: number
  readonly records: number
  /** Records with an error, which `hone data check` names. */
  readonly refused: number
  /** Records that the model's chat template refuses. */
  readonly failed: number
  /** The first of them, at most 20. */
  readonly failures: readonly CountFailure[]
  /** Preference pairs. */
  readonly pairs: number
  /** Tokens that all records begin with; null for estimates. */
  readonly sharedPrefix: number | null
  /** UTF-8 bytes of the messages for each of their characters, above 1 where they are not ASCII. */
  readonly bytesPerCharacter: number
  readonly statistics: TokenStatistics
}

interface Pass {
  readonly file: string
  readonly limit: number | undefined
  /** True where media are refused, as training does. */
  readonly textOnly: boolean
  /** Put in front of records without a system message. */
  readonly system?: string | undefined
}

const shownFailures = 20
/** Batches after which garbage is collected: this thread mostly waits, and left to itself would let 60 MB of records pile up. */
const collectedBatches = 16

/** Counts with the model's own tokenizer, in the threads of the pool. */
export async function countFile(pass: Pass, pool: TokenPool, options: DataOptions): Promise<CountedFile> {
  const tally = new TokenTally(pass.limit)
  const failures: CountFailure[] = []
  let failed = 0
  let prefix: readonly number[] | undefined
  let broken: { readonly error: unknown } | undefined
  const underWay = new Set<Promise<void>>()
  const count = async (batch: readonly ExampleRow[]): Promise<void> => {
    try {
      const counted = await pool.count(batch.flatMap((record) => inputOf(record, pass.system)))
      for (const record of counted.records) tally.add(record)
      failed += counted.failures.length
      failures.push(...counted.failures.slice(0, shownFailures))
      if (counted.prefix !== undefined) {
        const known = prefix ?? counted.prefix
        prefix = known.slice(0, commonPrefixLength([known, counted.prefix]))
      }
    } catch (error) {
      broken ??= { error }
    }
  }
  let batches = 0
  const totals = await readAll(pass, options, async (batch) => {
    if (++batches % collectedBatches === 0) freeMemory()
    while (underWay.size >= pool.width) await waitFor(Promise.race(underWay), options.signal)
    if (broken !== undefined) throw broken.error
    const work = count(batch)
    const listed = work.finally(() => underWay.delete(listed))
    underWay.add(listed)
  })
  await waitFor(Promise.all(underWay), options.signal)
  if (broken !== undefined) throw broken.error
  return {
    ...totals,
    failed,
    failures: failures.toSorted((one, other) => one.line - other.line).slice(0, shownFailures),
    sharedPrefix: prefix?.length ?? 0,
    statistics: tally.statistics(),
  }
}

/** Estimates by a service's rule of thumb. */
export async function estimateFile(pass: Pass, plan: TokenPlan, options: DataOptions): Promise<CountedFile> {
  const tally = new TokenTally(pass.limit)
  const totals = await readAll(pass, options, (batch) => {
    for (const record of batch) {
      const [input] = inputOf(record, pass.system)
      if (input !== undefined) tally.add(estimateTokens(input.example, input.line, plan, pass.limit))
    }
    return Promise.resolve()
  })
  return { ...totals, failed: 0, failures: [], sharedPrefix: null, statistics: tally.statistics() }
}

async function readAll(
  { file, textOnly }: Pass,
  options: DataOptions,
  take: (batch: readonly ExampleRow[]) => Promise<void>,
): Promise<Pick<CountedFile, 'bytes' | 'records' | 'refused' | 'pairs' | 'bytesPerCharacter'>> {
  let [records, refused, pairs, textBytes, characters] = [0, 0, 0, 0, 0]
  const stream = streamExamples(file, { signal: options.signal, textOnly })
  for await (const batch of stream) {
    for (const { example } of batch) {
      records++
      if (example === undefined) refused++
      else if (example.rejected !== undefined) pairs++
      for (const { content } of example?.messages ?? []) {
        textBytes += Buffer.byteLength(content)
        characters += content.length
      }
    }
    await take(batch)
    tellProgress('tokens', stream, options)
  }
  if (records === 0) {
    throw new HoneError('E_DATA_EMPTY', 'the file has no record', {
      at: { file },
      hint: 'write one JSON object a line, such as {"input": "…", "output": "…"}',
    })
  }
  const { bytesRead, totalBytes: bytes = bytesRead } = stream.summary()
  return { bytes, records, refused, pairs, bytesPerCharacter: characters === 0 ? 1 : textBytes / characters }
}

const waitFor = <Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> =>
  signal === undefined ? work : raceSignal(work, signal)

/** Only what is counted: what crosses to a thread is copied. */
function inputOf(
  { line, example }: ExampleRow,
  system: string | undefined,
): readonly { readonly line: number; readonly example: Example }[] {
  if (example === undefined) return []
  const { messages, learned, rejected, tools } = example
  const lacksSystem = system !== undefined && messages[0]?.role !== 'system'
  return [
    {
      line,
      example: {
        id: `line ${line}`,
        messages: lacksSystem ? [{ role: 'system', content: system }, ...messages] : messages,
        ...(learned === undefined ? {} : { learned }),
        ...(rejected === undefined ? {} : { rejected }),
        ...(tools === undefined ? {} : { tools }),
      },
    },
  ]
}
